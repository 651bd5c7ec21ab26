"""Undoing an import: what it brought is hidden, what it had replaced is shown again."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update

from bpm import audit
from bpm.feedback.imports.runs import BATCH, get_run, import_run
from bpm.feedback.models import FeedbackItem, ImportRun
from bpm.feedback.status import ImportStatus
from bpm.foundation.work import Work


@dataclass(frozen=True)
class Undone:
    """What undoing did: items hidden again, items kept because somebody has acted on them."""

    withdrawn: int
    kept: int


def undo_import(work: Work, run_id: int) -> Undone:
    """Hide what a run brought and show what it had superseded; a second time changes nothing.

    Items that somebody has answered, decided on or handed over stay: what people did is not undone with them.
    """
    run = get_run(work, run_id)
    if run.status == ImportStatus.UNDONE:
        return Undone(0, 0)
    found = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.source, FeedbackItem.natural_key, FeedbackItem.version).where(
            FeedbackItem.import_run_id == run_id, FeedbackItem.current, *_untouched()
        )
    ).all()
    total = work.session.scalars(
        select(FeedbackItem.id).where(FeedbackItem.import_run_id == run_id, FeedbackItem.current)
    ).all()
    gone = {"status": ImportStatus.UNDONE, "withdrawn": len(found), "kept": len(total) - len(found)}
    audit.record(work, "import.undo", import_run(run), before={"status": run.status}, after=gone)
    run.status, run.undone_at, run.content = ImportStatus.UNDONE, work.now(), None
    work.session.flush()
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        _show(work, [row.id for row in part], current=False)
        _show(work, _before(work, [(r.source, r.natural_key) for r in part if r.version > 1]), current=True)
    work.nudge("imports")
    work.nudge("feedback")
    return Undone(len(found), len(total) - len(found))


def _untouched() -> tuple[ColumnElement[bool], ...]:
    return (
        FeedbackItem.decision.is_(None),
        FeedbackItem.answered_at.is_(None),
        FeedbackItem.distributed_to.is_(None),
    )


def _before(work: Work, keys: list[tuple[str, str]]) -> list[int]:
    """The newest version of each item that no undone run brought."""
    newest: dict[tuple[str, str], int] = {}
    for source in {source for source, _ in keys}:
        rows = work.session.execute(
            select(FeedbackItem.natural_key, FeedbackItem.id)
            .outerjoin(ImportRun, ImportRun.id == FeedbackItem.import_run_id)
            .where(
                FeedbackItem.source == source,
                FeedbackItem.natural_key.in_([key for where, key in keys if where == source]),
                ImportRun.id.is_(None) | (ImportRun.status != ImportStatus.UNDONE),
            )
            .order_by(FeedbackItem.version)
        )
        newest.update({(source, row.natural_key): row.id for row in rows})
    return list(newest.values())


def _show(work: Work, item_ids: list[int], *, current: bool) -> None:
    work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(item_ids)).values(current=current))
