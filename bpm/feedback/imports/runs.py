"""Import runs: a file taken in batch by batch, each batch in its own transaction, as an object that can be undone.

Numbered, because several workers sweep at once and any of them may die:
1. A batch and the run's progress are written in one transaction, fenced by `done_rows`: whoever finds that another
   worker has moved it loses the batch as a whole and leaves the run to the other. Nothing is read inside it: the next
   batches are read meanwhile, by a thread that writes nothing.
2. After a crash the rows up to `done_rows` are passed over unread; natural keys make even a repetition harmless.
3. A row on which the reader died is set aside on the run, committed, before anything is read again: it costs one
   reader once, whoever goes on, and after any restart.
4. A batch that cannot be written is halved until the row is found that cannot; that row is an error of its own.
5. Undoing a run that is still going stops it: the fence asks for its status too.
"""

import io
from collections.abc import Callable, Generator
from contextlib import closing
from time import monotonic
from typing import BinaryIO

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import OperationalError

from bpm.audit import Thing
from bpm.feedback.channels import Context, Row, reason_of
from bpm.feedback.events import ImportEnded
from bpm.feedback.intake.accounting import account, is_item
from bpm.feedback.intake.reader import File, ReaderStoppedError, Rows, read_batches
from bpm.feedback.intake.reading_ahead import read_ahead
from bpm.feedback.intake.receive import keep_all
from bpm.feedback.models import ImportRun
from bpm.feedback.status import UNFINISHED_IMPORTS, ImportStatus
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError, NotFoundError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions, Work

log = logger(__name__)

BATCH = 500
"""Rows of one transaction."""

BATCHES_PER_SWEEP = 8
"""How much of a run one sweep does, so that other waiting work gets its turn."""

TURN_SECONDS = 2.0
"""How long one sweep goes on with more batches: timers and jobs wait for it where one thread does all the sweeps."""

FAR_INTO, TURNS_OVER_PASSING, LONGEST_TURN = 10_000, 3, 15.0
"""From so many rows on passing over what was read before costs something: then a turn lasts so many times as long,
but no more than so many seconds. So a file costs at most half as much again as if it were read in one go."""

TRIES = 3
"""How often a batch is written when others write the same keys."""


class _TakenError(EarshotError):
    """Another worker has moved the run on, or it was undone."""


def sweep_imports(transactions: Transactions) -> int:
    """Take the run that waits longest for its turn some batches further; how many rows were done."""
    with transactions() as work:
        run = work.session.scalar(
            select(ImportRun)
            .where(ImportRun.status.in_(UNFINISHED_IMPORTS), ImportRun.content.is_not(None))
            .order_by(ImportRun.turn_at.asc().nulls_first(), ImportRun.id)
            .limit(1)
        )
        if run is None:
            return 0
        run_id, content = run.id, run.content or b""
        run.turn_at = work.now()
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
    done, begun, least = 0, monotonic(), 0.0
    try:
        with closing(_batches(transactions, run_id, stream)) as batches:
            for number, (start, batch) in enumerate(batches, 1):
                if number == 1 and start >= FAR_INTO:
                    least = min(LONGEST_TURN, TURNS_OVER_PASSING * (monotonic() - begun))
                _write_batch(transactions, run_id, start, batch)
                done += len(batch.rows)
                progress(batch.done_bytes)
                took = monotonic() - begun
                if most_batches is not None and (number >= most_batches or took > TURN_SECONDS) and took > least:
                    return done or 1
        _finish(transactions, run_id, ImportStatus.DONE, "")
    except _TakenError:
        return done
    except InvalidInputError as error:
        _finish(transactions, run_id, ImportStatus.FAILED, f"{error} What came before is kept.")
    except OperationalError:
        raise  # the database itself is in trouble: the run goes on from here when it is back
    except Exception as error:
        log.exception("import stopped", run=run_id, rows=done)
        problem = f"It stopped: {type(error).__name__}. What came before is kept."
        _finish(transactions, run_id, ImportStatus.FAILED, f"{problem} Import the file again, or tell an operator.")
    return done or 1


def _batches(transactions: Transactions, run_id: int, stream: BinaryIO) -> Generator[tuple[int, Rows], None, None]:
    """(rows done before, rows) on from where the run stands; a row that stopped its reader is set aside first."""
    while True:
        file = _standing(transactions, run_id)
        stream.seek(0)
        start = file.start
        try:
            with closing(read_ahead(read_batches(stream, file, rows=BATCH))) as batches:
                for batch in batches:
                    yield start, batch
                    start += len(batch.rows)
        except ReaderStoppedError as stopped:
            _set_aside(transactions, run_id, stopped)
            yield start, stopped.before
        else:
            return


def _standing(transactions: Transactions, run_id: int) -> File:
    with transactions() as work:
        run = get_run(work, run_id)
        context = Context(run.channel, run.source, run.file_name, run.mapping)
        set_aside = {int(place): str(why) for place, why in run.set_aside.items()}
        return File(run.format, context, work.now(), start=run.done_rows, set_aside=set_aside)


def _set_aside(transactions: Transactions, run_id: int, stopped: ReaderStoppedError) -> None:
    """Note for good that nobody reads this row again; InvalidInputError when not even passing over it goes well."""
    with transactions() as work:
        run = get_run(work, run_id)
        if run.status not in UNFINISHED_IMPORTS:
            raise _TakenError("The run was undone.")
        place = str(stopped.place_in_file)
        if place in run.set_aside:
            raise InvalidInputError(
                f"The file cannot be read behind its record {stopped.place_in_file + 1}: {stopped.message}",
                remedy="Split the file there.",
            )
        run.set_aside = run.set_aside | {place: stopped.message}
        run.status = ImportStatus.RUNNING
        log.warning("import row set aside", run=run_id, record=stopped.place_in_file + 1, why=stopped.message)
        work.nudge("imports")


def _write_batch(transactions: Transactions, run_id: int, start: int, batch: Rows) -> None:
    """One batch, tried again when a race for a natural key broke it, and halved when one of its rows does."""
    if not batch.rows:
        return
    problem: Exception | None = None
    for _ in range(TRIES):
        try:
            with transactions() as work:
                _take(work, run_id, start, batch)
        except (OperationalError, _TakenError):
            raise
        except ConflictError as error:
            problem = error
        except Exception as error:  # noqa: BLE001 -- nobody foresaw it; it is found out whose it is
            problem = error
            break
        else:
            return
    if problem is not None:
        _write_parts(transactions, run_id, start, batch, problem)


def _write_parts(transactions: Transactions, run_id: int, start: int, batch: Rows, problem: Exception) -> None:
    """What cannot be written together, half by half; a single row is named."""
    if len(batch.rows) == 1:
        _give_up(transactions, run_id, start, batch, problem)
        return
    half = len(batch.rows) // 2
    _write_batch(transactions, run_id, start, Rows(batch.rows[:half], batch.done_bytes))
    _write_batch(transactions, run_id, start + half, Rows(batch.rows[half:], batch.done_bytes))


def _give_up(transactions: Transactions, run_id: int, start: int, batch: Rows, error: Exception) -> None:
    """Name the one row that cannot be kept."""
    [row] = batch.rows
    log.error("import row could not be kept", run=run_id, row=row.number, error=type(error).__name__)
    reason = f"It cannot be kept. {reason_of(error)}"
    with transactions() as work:
        _take(work, run_id, start, Rows([Row(row.number, reason=reason, raw=row.raw)], batch.done_bytes))


def _take(work: Work, run_id: int, start: int, batch: Rows) -> None:
    fence = work.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.done_rows == start, ImportRun.status.in_(UNFINISHED_IMPORTS))
        .values(done_rows=start + len(batch.rows), done_bytes=batch.done_bytes, status=ImportStatus.RUNNING)
    )
    if not isinstance(fence, CursorResult) or fence.rowcount != 1:
        raise _TakenError("Somebody else goes on with this run, or it was undone.")
    items = [row.item for row in batch.rows if row.item is not None and is_item(row)]
    received = keep_all(work, items, run_id=run_id)
    account(work, get_run(work, run_id), start, batch.rows, received)
    work.nudge("imports")


def _finish(transactions: Transactions, run_id: int, status: ImportStatus, problem: str) -> None:
    with transactions() as work:
        run = get_run(work, run_id)
        if run.status in UNFINISHED_IMPORTS:
            run.status, run.problem, run.finished_at, run.content = status, problem, work.now(), None
            run.done_bytes = run.total_bytes if status == ImportStatus.DONE else run.done_bytes
            work.publish(ImportEnded(run_id))
        work.nudge("imports")


def get_run(work: Work, run_id: int) -> ImportRun:
    """The run as it is in the database now, or NotFoundError."""
    run = work.session.get(ImportRun, run_id, populate_existing=True)
    if run is None:
        raise NotFoundError(f"There is no import run {run_id}.")
    return run


def import_run(run: ImportRun) -> Thing:
    """A run as the audit trail names it."""
    return Thing("import", run.id, run.file_name)
