"""Undoing an import: what only it brought is hidden, what it had replaced is shown again, whom only it knew goes.

Numbered, because several runs may hold the same item:
1. A version that another standing run holds, too, becomes that run's.
2. Items that somebody has answered, decided on or handed over stay: what people did is not undone with them.
3. All else is withdrawn; of each item the newest version that still stands is shown.
4. People, addresses, links and conversations that rested on what was withdrawn go (see `withdrawal`).
What processes began for these items is not this room's: `bpm.processes.undo_import` asks first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, update

from bpm import audit
from bpm.feedback.imports.runs import BATCH, get_run, import_run
from bpm.feedback.imports.withdrawal import forget
from bpm.feedback.models import FeedbackItem, ImportHeld, ImportRun
from bpm.feedback.status import ImportStatus
from bpm.foundation.work import Work
from bpm.search import Changed


@dataclass(frozen=True)
class Undone:
    """What undoing did: items hidden again, items kept because somebody has acted on them."""

    withdrawn: int
    kept: int


@dataclass(frozen=True)
class _Version:
    id: int
    source: str
    natural_key: str
    current: bool
    untouched: bool
    customer_id: int | None


def undo_import(work: Work, run_id: int) -> Undone:
    """Take back what a run brought; a second time changes nothing."""
    run = get_run(work, run_id)
    if run.status == ImportStatus.UNDONE:
        return Undone(0, 0)
    found, others = _versions(work, run_id), _other_holders(work, run_id)
    stay = {each.id for each in found if each.id in others}
    gone = [each for each in found if each.untouched and each.id not in stay]
    kept = [each for each in found if not each.untouched and each.id not in stay]
    undone = Undone(sum(each.current for each in gone), sum(each.current for each in kept))
    told = {"status": ImportStatus.UNDONE, "withdrawn": undone.withdrawn, "kept": undone.kept}
    audit.record(work, "import.undo", import_run(run), before={"status": run.status}, after=told)
    run.status, run.undone_at, run.content, run.day_key = ImportStatus.UNDONE, work.now(), None, None
    work.session.flush()
    _hand_over(work, run_id, others)
    for part in _parts(gone):
        _show(work, [each.id for each in part], current=False)
        _show(work, _newest(work, part), current=True)
    holders = {each.customer_id: others.get(each.id) for each in (*kept, *(f for f in found if f.id in stay))}
    forget(work, run_id, [each.id for each in gone], holders)
    work.nudge("imports")
    work.nudge("feedback")
    return undone


def withdrawn_by(work: Work, run_id: int) -> list[int]:
    """Ids of the versions that undoing a run would withdraw."""
    others = _other_holders(work, run_id)
    return [each.id for each in _versions(work, run_id) if each.untouched and each.id not in others]


def _versions(work: Work, run_id: int) -> list[_Version]:
    rows = work.session.execute(
        select(
            FeedbackItem.id,
            FeedbackItem.source,
            FeedbackItem.natural_key,
            FeedbackItem.current,
            _untouched().label("untouched"),
            FeedbackItem.customer_id,
        ).where(FeedbackItem.import_run_id == run_id)
    )
    return [_Version(row.id, row.source, row.natural_key, row.current, bool(row.untouched), row[5]) for row in rows]


def _other_holders(work: Work, run_id: int) -> dict[int, int]:
    """Version of the run -> the first other run that holds it and stands."""
    rows = work.session.execute(
        select(ImportHeld.item_id, func.min(ImportHeld.run_id))
        .join(ImportRun, ImportRun.id == ImportHeld.run_id)
        .join(FeedbackItem, FeedbackItem.id == ImportHeld.item_id)
        .where(
            FeedbackItem.import_run_id == run_id, ImportHeld.run_id != run_id, ImportRun.status != ImportStatus.UNDONE
        )
        .group_by(ImportHeld.item_id)
    )
    return {row[0]: row[1] for row in rows}


def _hand_over(work: Work, run_id: int, others: dict[int, int]) -> None:
    """What others hold becomes theirs; the run holds nothing any more."""
    by_run: dict[int, list[int]] = {}
    for item_id, other in others.items():
        by_run.setdefault(other, []).append(item_id)
    for other, ids in by_run.items():
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(part)).values(import_run_id=other))
            work.session.execute(delete(ImportHeld).where(ImportHeld.item_id.in_(part), ImportHeld.run_id == other))
    work.session.execute(delete(ImportHeld).where(ImportHeld.run_id == run_id))


def _untouched() -> ColumnElement[bool]:
    return FeedbackItem.decision.is_(None) & FeedbackItem.answered_at.is_(None) & FeedbackItem.distributed_to.is_(None)


def _newest(work: Work, gone: Sequence[_Version]) -> list[int]:
    """Of each item with withdrawn versions, the newest version that stands; see `deduplication` for what is newest."""
    newest: dict[tuple[str, str], tuple[tuple[bool, object, int], int]] = {}
    for source in {each.source for each in gone}:
        rows = work.session.execute(
            select(FeedbackItem.natural_key, FeedbackItem.id, FeedbackItem.version, FeedbackItem.revised_at)
            .outerjoin(ImportRun, ImportRun.id == FeedbackItem.import_run_id)
            .where(
                FeedbackItem.source == source,
                FeedbackItem.natural_key.in_({each.natural_key for each in gone if each.source == source}),
                FeedbackItem.current | ImportRun.id.is_(None) | (ImportRun.status != ImportStatus.UNDONE),
            )
        )
        for row in rows:
            rank = (row.revised_at is not None, row.revised_at or 0, row.version)
            before = newest.get((source, row.natural_key))
            if before is None or before[0] < rank:
                newest[source, row.natural_key] = (rank, row.id)
    return [item_id for _, item_id in newest.values()]


def _show(work: Work, item_ids: list[int], *, current: bool) -> None:
    shown = update(FeedbackItem).where(FeedbackItem.id.in_(item_ids), FeedbackItem.held_at.is_(None))
    work.session.execute(shown.values(current=current))
    work.publish(Changed("item", tuple(item_ids)))


def _parts(versions: Sequence[_Version]) -> Iterable[Sequence[_Version]]:
    """All versions of an item in one part, at most about BATCH of them."""
    ordered = sorted(versions, key=lambda each: (each.source, each.natural_key))
    start = 0
    while start < len(ordered):
        end = min(start + BATCH, len(ordered))
        while end < len(ordered) and ordered[end].natural_key == ordered[end - 1].natural_key:
            end += 1
        yield ordered[start:end]
        start = end
