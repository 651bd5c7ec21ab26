"""Import runs: a file taken in batch by batch, each batch in its own transaction, as an object that can be undone.

Numbered, because several workers sweep at once and any of them may die:
1. A batch and the run's progress are written in one transaction, fenced by `done_rows`: whoever finds that another
   worker has moved it loses the batch as a whole and leaves the run to the other.
2. After a crash the rows up to `done_rows` are read over and not taken again; natural keys make even that harmless.
3. Undoing a run that is still going stops it: the fence asks for its status too.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Protocol

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.exc import OperationalError

from bpm.errors import ConflictError, EarshotError, InvalidInputError, NotFoundError
from bpm.feedback.channels import Context, Row, get_format
from bpm.feedback.intake import keep_all
from bpm.feedback.models import ImportRowError, ImportRun
from bpm.feedback.normalising import normalise
from bpm.feedback.opening import open_content
from bpm.feedback.previewing import UNREADABLE
from bpm.feedback.raw import RawItem
from bpm.telemetry import logger
from bpm.work import SYSTEM, Actor, Work

log = logger(__name__)

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
class _Batch:
    """Rows read together, with where the run stands before and after them."""

    rows: list[Row]
    before: int
    done_bytes: int


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

    A file that cannot be read further, or a batch that cannot be kept, makes the run failed with what came before
    kept: it stands before people with its reason, and no other run waits behind it.
    """
    with transactions() as work:
        run = get_run(work, run_id)
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
    except OperationalError:
        raise  # the database itself is in trouble: the run goes on from here when it is back
    except Exception as error:
        log.exception("import stopped", run=run_id, rows=start + done)
        problem = f"It stopped after {start + done} rows: {type(error).__name__}. What came before is kept."
        _finish(transactions, run_id, "failed", f"{problem} Import the file again, or tell an operator.")
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
    run = get_run(work, run_id)
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
        run = get_run(work, run_id)
        if run.status in _OPEN:
            run.status, run.problem, run.finished_at, run.content = status, problem, work.now(), None
            run.done_bytes = run.total_bytes if status == "done" else run.done_bytes
        work.nudge("imports")


def get_run(work: Work, run_id: int) -> ImportRun:
    """The run as it is in the database now, or NotFoundError."""
    run = work.session.get(ImportRun, run_id, populate_existing=True)
    if run is None:
        raise NotFoundError(f"There is no import run {run_id}.")
    return run
