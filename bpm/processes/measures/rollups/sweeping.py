"""The sweep that keeps sums and the daybook in step with the rows, and the command that makes all of them anew.

1. Looking: the days that changed are written down as due, together with the marks up to which was looked, in one
   transaction. Killed before its end, nothing is kept and the same is found again.
2. Summing: a due day is summed from its rows and taken off the list in one transaction of its own. Killed before its
   end, it is still due. Summing twice gives the same.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Table, delete, func, insert, select

from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.feedback.events import VoicesSet
from bpm.feedback.models import FeedbackItem
from bpm.foundation.bus import Bus
from bpm.foundation.work import Transactions, Work
from bpm.processes.changes.days import note_items
from bpm.processes.changes.finding import find_changes
from bpm.processes.changes.held import find_held, keep_held
from bpm.processes.changes.looks import LOOKS
from bpm.processes.changes.marks import Changes, Day, Mark, Piece
from bpm.processes.daybook.keeping import forget_days, keep_days, make_due
from bpm.processes.escapes.models import Escape
from bpm.processes.measures.models import MeasuredDay, MeasureDue, MeasureMark
from bpm.processes.measures.process_of_a_file import parts_of
from bpm.processes.measures.rollups.cells import CELL
from bpm.processes.measures.rollups.heard import DAY as HEARD_DAY
from bpm.processes.measures.rollups.heard import DUE as HEARD_DUE
from bpm.processes.measures.rollups.heard import as_date, utc_day, write_heard_day
from bpm.processes.measures.rollups.pieces import MOST, PIECE, WHOLE, forget_pieces, patch_day, write_whole
from bpm.processes.measures.rollups.weeks import SUMS, WEEK, drop_week, keep_weeks
from bpm.processes.models import Attribution

AT_ONCE = 40
"""Days that one look of the sweep sums at most."""
DAY = cast("Table", MeasuredDay.__table__)
DUE = cast("Table", MeasureDue.__table__)
MARK = cast("Table", MeasureMark.__table__)


def sweep_rollups(transactions: Transactions) -> int:
    """Look for changes and sum some of the days that are due; how many days were summed that were not lately."""
    with transactions() as work:
        held = find_held(work)
        changes = find_changes(work, held=held)
        keep_marks(work, changes.marks)
        keep_held(work, held)
        _make_due(work, changes.pieces, changes.heard)
        make_due(work, changes.spent, changes.lines)
        forget_pieces(work)
    done = 0
    for _number in range(AT_ONCE):
        fresh = sum_next(transactions)
        if fresh is None:
            break
        done += fresh
    for _number in range(AT_ONCE):
        if not count_next(transactions):
            break
    keep_weeks(transactions)
    keep_days(transactions, most=AT_ONCE)
    return done


def wire(bus: Bus) -> None:
    """Act on what leaves no trace that a look could find."""
    bus.gather(VoicesSet, _note_voices)


def _note_voices(work: Work, said: Sequence[VoicesSet]) -> None:
    """Days on which somebody spoke who is now another kind of voice: nothing on an item tells when it was set."""
    changes = Changes({}, {})
    note_items(work, changes, {each for event in said for each in event.item_ids})
    _make_due(work, changes.pieces, changes.heard)


def count_next(transactions: Transactions) -> bool:
    """Count the newest day that is due anew; False: none is."""
    with transactions() as work:
        day = work.session.scalar(select(HEARD_DUE.c.day).order_by(HEARD_DUE.c.day.desc()).limit(1))
        if day is None:
            return False
        write_heard_day(work, day)
        work.session.execute(delete(HEARD_DUE).where(HEARD_DUE.c.day == day))
    return True


def sum_next(transactions: Transactions) -> bool | None:
    """Sum the newest day that is due; whether it had not been summed within a few minutes. None: none is due."""
    with transactions() as work:
        row = work.session.execute(select(DUE).order_by(DUE.c.day.desc(), DUE.c.version_id).limit(1)).first()
        if row is None:
            return None
        here = (DUE.c.version_id == row.version_id, DUE.c.day == row.day)
        touched = {(each.kind, each.number) for each in work.session.execute(select(DUE).where(*here))}
        before = work.session.get(MeasuredDay, (row.version_id, row.day))
        recent = before is not None and before.summed_at > work.now() - timedelta(minutes=5)
        if before is not None and before.in_pieces and WHOLE not in touched and len(touched) <= MOST:
            _patch(work, before, touched)
        else:
            _sum(work, row.version_id, row.day)
        work.session.execute(delete(DUE).where(*here))
    return not recent


def rebuild_rollups(transactions: Transactions) -> int:
    """Throw all sums away and work them out of the rows; how many days. Pages read the rows meanwhile."""
    with transactions() as work:
        for table in (CELL, PIECE, DAY, DUE, MARK, SUMS, WEEK, HEARD_DAY, HEARD_DUE):
            work.session.execute(delete(table))
        forget_days(work)
    with transactions() as work:
        keep_marks(work, {name: look.newest(work) for name, look in LOOKS.items()})
        keep_held(work, find_held(work))
        said = work.session.scalars(
            select(utc_day(work, FeedbackItem.said_at)).where(FeedbackItem.said_at.is_not(None)).distinct()
        )
        _make_due(work, {day: {WHOLE} for day in every_day(work)}, {as_date(each) for each in said})
    count = 0
    while sum_next(transactions) is not None:
        count += 1
    while count_next(transactions):
        pass
    keep_weeks(transactions, most=None)
    keep_days(transactions, most=None)
    return count


def every_day(work: Work) -> set[Day]:
    """Every day of every version on which anything happened."""
    visit, case = ActivityInstance, ProcessInstance
    queries = (
        select(visit.version_id, utc_day(work, visit.opened_at)).distinct(),
        select(func.coalesce(case.began_version_id, case.version_id), utc_day(work, case.started_at)).distinct(),
        select(Attribution.version_id, utc_day(work, FeedbackItem.said_at))
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .where(FeedbackItem.said_at.is_not(None))
        .distinct(),
        select(Escape.version_id, utc_day(work, Escape.said_at)).where(Escape.version_id.is_not(None)).distinct(),
    )
    found: set[Day] = set()
    for query in queries:
        found |= {(row[0], as_date(row[1])) for row in work.session.execute(query)}
    return found


def _sum(work: Work, version_id: int, day: date) -> None:
    in_pieces = [write_whole(work, part, day) for part in parts_of(work, version_id)]
    drop_week(work, version_id, day)
    work.session.execute(delete(DAY).where(DAY.c.version_id == version_id, DAY.c.day == day))
    row = {"version_id": version_id, "day": day, "in_pieces": all(in_pieces), "summed_at": work.now()}
    work.session.execute(insert(DAY), row)


def _patch(work: Work, row: MeasuredDay, touched: set[Piece]) -> None:
    for part in parts_of(work, row.version_id):
        patch_day(work, part, row.day, touched)
    drop_week(work, row.version_id, row.day)
    row.summed_at = work.now()


def keep_marks(work: Work, marks: dict[str, Mark]) -> None:
    """Set how far each kind of row was looked at."""
    work.session.execute(delete(MARK).where(MARK.c.name.in_(list(marks))))
    rows = [{"name": name, "settled": m.settled, "settled_at": m.settled_at} for name, m in marks.items()]
    work.session.execute(insert(MARK), rows)


def _make_due(work: Work, pieces: Mapping[Day, Collection[Piece]], heard: set[date]) -> None:
    counted = set(work.session.scalars(select(HEARD_DUE.c.day)))
    if fresh := [{"day": day} for day in sorted(heard - counted)]:
        work.session.execute(insert(HEARD_DUE), fresh)
    in_pieces = {(row.version_id, row.day) for row in work.session.execute(select(DAY).where(DAY.c.in_pieces))}
    wanted = {(*day, *each) for day, some in pieces.items() for each in (some if day in in_pieces else (WHOLE,))}
    known = {tuple(row) for row in work.session.execute(select(DUE))}
    rows = [dict(zip(DUE.columns.keys(), each, strict=True)) for each in sorted(wanted - known)]
    if rows:
        work.session.execute(insert(DUE), rows)
