"""What a poll brought, taken in as part of the run of its day, every row accounted for."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from bpm.feedback.channels import Context, Row, reason_of
from bpm.feedback.intake.accounting import account, beginning_of, is_item
from bpm.feedback.intake.deliveries import run_of_day
from bpm.feedback.intake.receive import LATE, Received, keep_all
from bpm.feedback.models import ImportRowError, ImportRun
from bpm.foundation.work import Work


def take_in_rows(work: Work, key: str, context: Context, *, format_name: str, rows: Sequence[Row]) -> int:
    """Keep the items among `rows` and account for the others; how many are new or changed."""
    if not rows:
        return 0
    run_id = run_of_day(work, key, context, format_name=format_name)
    kept = _keep(work, rows, run_id)
    run = work.session.get_one(ImportRun, run_id, with_for_update=True)
    known = [each for _, each in kept if each is not None and _is_known(each)]
    told = [(row, each) for row, each in kept if each is None or not _is_known(each)]
    told = _not_told_before(work, run_id, told)
    start, run.done_rows = run.done_rows, run.done_rows + len(rows)
    run.skipped, run.known = run.skipped + len(known), run.known + len(known)
    numbered = [replace(row, number=start + row.number) for row, _ in told]
    account(work, run, start, numbered, [each for _, each in told if each is not None])
    work.nudge("imports")
    return sum(each is not None and each.outcome != "skipped" for _, each in kept)


def _is_known(received: Received) -> bool:
    """Whether an earlier poll brought it; of one run there may be many a day."""
    return received.outcome == "skipped" and received.why != LATE


def _keep(work: Work, rows: Sequence[Row], run_id: int) -> list[tuple[Row, Received | None]]:
    """Each row with what became of its item; a row that cannot be kept costs only itself."""
    items = [row.item for row in rows if row.item is not None and is_item(row)]
    try:
        with work.session.begin_nested():
            received = iter(keep_all(work, items, run_id=run_id))
    except (OperationalError, IntegrityError):
        raise  # the database is in trouble, or another worker was first: all of it is tried again
    except Exception as error:  # noqa: BLE001 -- nobody foresaw it; it is found out whose it is
        if len(rows) == 1:
            reason = f"It cannot be kept. {reason_of(error)}"
            return [(Row(rows[0].number, reason=reason, raw=rows[0].raw), None)]
        half = len(rows) // 2
        return [*_keep(work, rows[:half], run_id), *_keep(work, rows[half:], run_id)]
    return [(row, next(received) if is_item(row) else None) for row in rows]


def _not_told_before(
    work: Work, run_id: int, told: Sequence[tuple[Row, Received | None]]
) -> list[tuple[Row, Received | None]]:
    """Without rows that did not come in and that this run names already: polls look at the same things again."""
    odd = [row for row, each in told if each is None and row.raw]
    if not odd:
        return list(told)
    beginnings = sorted({beginning_of(row) for row in odd})
    named: set[tuple[str, str]] = set()
    for start in range(0, len(beginnings), 500):
        found = select(ImportRowError.reason, ImportRowError.raw).where(
            ImportRowError.run_id == run_id, ImportRowError.raw.in_(beginnings[start : start + 500])
        )
        named |= {(reason, raw) for reason, raw in work.session.execute(found)}
    return [
        (row, each)
        for row, each in told
        if each is not None or ((row.reason or row.ignored)[:1000], beginning_of(row)) not in named
    ]
