"""Import runs: a file taken in batch by batch, each batch in its own transaction, as an object that can be undone.

Numbered, because several workers sweep at once and any of them may die:
1. A batch and the run's progress are written in one transaction, fenced by `done_rows`: whoever finds that another
   worker has moved it loses the batch as a whole and leaves the run to the other.
2. After a crash the rows up to `done_rows` are read over and not taken again; natural keys make even that harmless.
3. Undoing a run that is still going stops it: the fence asks for its status too.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Protocol

from sqlalchemy import ColumnElement, CursorResult, insert, select, update

from bpm.errors import ConflictError, EarshotError, InvalidInputError, NotFoundError
from bpm.feedback.channels import Context, Row, get_format
from bpm.feedback.channels.fields import check_mapping
from bpm.feedback.intake import keep_all
from bpm.feedback.models import FeedbackItem, ImportRowError, ImportRun
from bpm.feedback.normalising import normalise
from bpm.feedback.opening import open_content
from bpm.feedback.previewing import UNREADABLE
from bpm.feedback.raw import CHANNELS, RawItem
from bpm.work import SYSTEM, Actor, Work

BATCH = 500
"""Rows of one transaction."""

BATCHES_PER_SWEEP = 8
"""How much of a run one sweep does, so that other waiting work gets its turn."""

MOST_ERRORS = 1_000
"""Row errors that are kept in full; further ones are only counted."""

_OPEN = ("waiting", "running")


class Transactions(Protocol):
    """Opens a transaction for an actor: the unit of work."""

    def __call__(self, actor: Actor = SYSTEM) -> AbstractContextManager[Work]: ...


class _TakenError(EarshotError):
    """Another worker has moved the run on, or it was undone."""


@dataclass(frozen=True)
class Undone:
    """What undoing did: items hidden again, items kept because somebody has acted on them."""

    withdrawn: int
    kept: int


@dataclass(frozen=True)
class _Batch:
    """Rows read together, with where the run stands before and after them."""

    rows: list[Row]
    before: int
    done_bytes: int


def start_import(
    work: Work,
    content: bytes | None,
    *,
    file_name: str,
    format_name: str,
    mapping: Mapping[str, str],
    channel: str,
    source: str,
    total_bytes: int = 0,
) -> ImportRun:
    """A run that the worker takes up; with `content` None the caller streams the file by `take_in`.

    InvalidInputError names the field that does not fit.
    """
    form = get_format(format_name)
    check_mapping(mapping)
    chosen = channel or form.channel
    if chosen and chosen not in CHANNELS:
        raise InvalidInputError(
            f"{chosen!r} is no channel.", place="channel", remedy=f"Use one of {', '.join(CHANNELS)}."
        )
    if content is not None and not content:
        raise InvalidInputError("The file is empty.", place=file_name, remedy="Choose another file.")
    run = ImportRun(
        file_name=file_name[:400],
        format=format_name,
        channel=chosen,
        source=(source.strip() or _source_of(file_name))[:120],
        mapping=dict(mapping),
        total_bytes=total_bytes or len(content or b""),
        created_at=work.now(),
        created_by=work.actor.user_id,
        content=content,
    )
    work.session.add(run)
    work.session.flush()
    work.nudge("imports")
    return run


def _source_of(file_name: str) -> str:
    """A file's name without its endings: the same file again is the same source."""
    return file_name.rsplit("/", 1)[-1].split(".", 1)[0] or "import"


def sweep_imports(transactions: Transactions) -> int:
    """Take the oldest waiting run some batches further; how many rows were done."""
    with transactions() as work:
        run = work.session.scalar(
            select(ImportRun)
            .where(ImportRun.status.in_(_OPEN), ImportRun.content.is_not(None))
            .order_by(ImportRun.id)
            .limit(1)
        )
        if run is None:
            return 0
        run_id, content = run.id, run.content or b""
    return take_in(transactions, run_id, io.BytesIO(content), most_batches=BATCHES_PER_SWEEP)


def take_in(
    transactions: Transactions,
    run_id: int,
    stream: BinaryIO,
    *,
    most_batches: int | None = None,
    progress: Callable[[int], None] = lambda done_bytes: None,
) -> int:
    """Read a run's file on from where it stands; how many rows were done. `progress` hears the bytes read so far.

    A file that cannot be read further makes the run failed, with what came before kept.
    """
    with transactions() as work:
        run = _get(work, run_id)
        context = Context(run.channel, run.source, run.file_name, run.mapping)
        parse, start = get_format(run.format).parse, run.done_rows
    content, position = open_content(stream)
    done = 0
    try:
        rows = parse(content, context)
        for _ in islice(rows, start):
            pass
        for number, batch in enumerate(_batches(rows, start, position), 1):
            _write_batch(transactions, run_id, batch)
            done += len(batch.rows)
            progress(batch.done_bytes)
            if number == most_batches:
                return done
        _finish(transactions, run_id, "done", "")
    except _TakenError:
        return done
    except InvalidInputError as error:
        _finish(transactions, run_id, "failed", str(error))
    except UNREADABLE as error:
        _finish(
            transactions, run_id, "failed", f"The file is damaged after {start + done} rows: {error}. Save it again."
        )
    return done or 1


def _batches(rows: Iterator[Row], start: int, position: Callable[[], int]) -> Iterator[_Batch]:
    while batch := list(islice(rows, BATCH)):
        yield _Batch(batch, start, position())
        start += len(batch)


def _write_batch(transactions: Transactions, run_id: int, batch: _Batch) -> None:
    """One batch, tried again when a race for a natural key broke it."""
    for last_try in (False, False, True):
        try:
            with transactions() as work:
                _take(work, run_id, batch)
        except ConflictError:
            if last_try:
                raise
        else:
            return


def _take(work: Work, run_id: int, batch: _Batch) -> None:
    fence = work.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.done_rows == batch.before, ImportRun.status.in_(_OPEN))
        .values(done_rows=batch.before + len(batch.rows), done_bytes=batch.done_bytes, status="running")
    )
    if not isinstance(fence, CursorResult) or fence.rowcount != 1:
        raise _TakenError("Somebody else goes on with this run, or it was undone.")
    items, errors, ignored = _sort(batch.rows)
    outcomes = [received.outcome for received in keep_all(work, items, run_id=run_id)]
    run = _get(work, run_id)
    _keep_errors(work, run, errors)
    run.new += outcomes.count("new")
    run.changed += outcomes.count("changed")
    run.skipped += outcomes.count("skipped") + ignored
    run.failed += len(errors)
    work.nudge("imports")


def _sort(rows: list[Row]) -> tuple[list[RawItem], list[Row], int]:
    """What is fit to be taken in, what is wrong, and how many rows are nobody's voice."""
    items, errors, ignored = [], [], 0
    for row in rows:
        if row.item is None:
            errors += [row] if row.reason else []
            ignored += not row.reason
            continue
        try:
            items.append(normalise(row.item))
        except InvalidInputError as error:
            errors.append(Row(row.number, reason=str(error), raw=row.raw))
    return items, errors, ignored


def _keep_errors(work: Work, run: ImportRun, errors: list[Row]) -> None:
    room = max(0, MOST_ERRORS - run.failed)
    kept = [
        {"run_id": run.id, "row": row.number, "reason": row.reason[:1000], "raw": _plain(row.raw)}
        for row in errors[:room]
    ]
    if kept:
        work.session.execute(insert(ImportRowError), kept)


def _plain(raw: str) -> str:
    return raw[:500].replace("\x00", "").encode("utf-8", "replace").decode()


def _finish(transactions: Transactions, run_id: int, status: str, problem: str) -> None:
    with transactions() as work:
        run = _get(work, run_id)
        if run.status in _OPEN:
            run.status, run.problem, run.finished_at, run.content = status, problem, work.now(), None
            run.done_bytes = run.total_bytes if status == "done" else run.done_bytes
        work.nudge("imports")


def undo_import(work: Work, run_id: int) -> Undone:
    """Hide what a run brought and show what it had superseded; a second time changes nothing.

    Items that somebody has answered, decided on or handed over stay: what people did is not undone with them.
    """
    run = _get(work, run_id)
    if run.status == "undone":
        return Undone(0, 0)
    found = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.source, FeedbackItem.natural_key, FeedbackItem.version).where(
            FeedbackItem.import_run_id == run_id, FeedbackItem.current, *_untouched()
        )
    ).all()
    total = work.session.scalars(
        select(FeedbackItem.id).where(FeedbackItem.import_run_id == run_id, FeedbackItem.current)
    ).all()
    run.status, run.undone_at, run.content = "undone", work.now(), None
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
                ImportRun.id.is_(None) | (ImportRun.status != "undone"),
            )
            .order_by(FeedbackItem.version)
        )
        newest.update({(source, row.natural_key): row.id for row in rows})
    return list(newest.values())


def _show(work: Work, item_ids: list[int], *, current: bool) -> None:
    work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(item_ids)).values(current=current))


def _get(work: Work, run_id: int) -> ImportRun:
    run = work.session.get(ImportRun, run_id, populate_existing=True)
    if run is None:
        raise NotFoundError(f"There is no import run {run_id}.")
    return run
