"""Keeps days of the daybook that are over, and reads them: what is not kept, or changed since, is worked out at once.

1. A day is kept once it is over and settled: what happens later can change it only through rows that `changes` finds.
2. Writing days and taking them off the list of due ones is one transaction. Killed before its end, they are still due.
3. Days that were never kept (a database of an older release, a new calendar) are written by the sweep, newest first;
   until then they are read from the rows.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import cast

from sqlalchemy import Table as DatabaseTable
from sqlalchemy import delete, func, insert, select, update

from bpm import calendars
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Transactions, Work
from bpm.processes.changes.finding import find_changes
from bpm.processes.changes.marks import SETTLES, SPENT, Thing, day_of
from bpm.processes.daybook.columns import SHAPES, Packing, Table, Words, joined, unpack
from bpm.processes.daybook.gathering import Gathered, Packed, gather, patched
from bpm.processes.daybook.models import BookDay, BookDue

DAY = cast("DatabaseTable", BookDay.__table__)
DUE = cast("DatabaseTable", BookDue.__table__)
ONE = timedelta(days=1)
_PART = {"load": "worked", "ended": "worked", "given": "said", "began": "cases", "at_home": "cases"}
"""{table: the column of a day that it is packed into}, of those that are called otherwise."""
WRITTEN = 7
"""Days that one transaction writes at most."""
MOST_LINES = 300
"""With more lines changed, a day is written from its rows."""
WHOLE: Thing = ("", 0)
"""All lines of a day."""
MOST_LIVE = 12
"""So many stretches of days are worked out one by one; with more of them the whole period is read as one."""


@dataclass
class Daybook:
    """Days as they are now, however many are asked for in one piece of work; `words` are those of all its columns."""

    work: Work
    words: Words = field(default_factory=Words)
    _live: dict[date, Gathered | Packed] = field(default_factory=dict)
    _tables: dict[tuple[str, date], dict[str, Packing]] = field(default_factory=dict)

    @cached_property
    def _kept(self) -> dict[date, set[Thing]]:
        """Days whose columns hold, and the cases and items whose lines are others now."""
        mark = calendar_mark(self.work)
        kept = set(self.work.session.scalars(select(DAY.c.day).where(DAY.c.calendars == mark)))
        if not kept:
            return {}
        changes = find_changes(self.work, tell=SPENT)
        if changes.more:
            return {}
        lines = _due(self.work)
        for day, some in changes.lines.items():
            lines.setdefault(day, set()).update(some)
        whole = changes.spent | {day for day, some in lines.items() if is_whole(some)}
        return {day: lines.get(day, set()) for day in kept - whole}

    def read(self, name: str, first: date, until: date, columns: Collection[str] = ()) -> Table:
        """A table over [first, until), with the ordinal of each row's day in `on`; `columns`: see `joined`."""
        part = _PART.get(name, name)
        self._gather(first, until)
        query = select(DAY.c.day, DAY.c[part]).where(DAY.c.day >= first, DAY.c.day < until)
        wanted = {day for day in self._days(first, until) if (part, day) not in self._tables}
        for day in wanted & self._live.keys():
            self._tables[part, day] = unpack(self._live[day].packed()[part], self.words)
        if wanted & self._kept.keys():
            for day, packed in self.work.session.execute(query):
                if day in self._kept and day not in self._live:
                    self._tables[part, day] = unpack(packed, self.words)
        there = sorted(day for day in self._days(first, until) if (part, day) in self._tables)
        return joined(name, ((day.toordinal(), self._tables[part, day][name]) for day in there), columns)

    def oldest(self, first: date, until: date) -> date:
        """When the oldest case began that was worked on, or ended, in [first, until)."""
        self._gather(first, until)
        query = select(DAY.c.day, DAY.c.oldest).where(DAY.c.day >= first, DAY.c.day < until)
        kept: list[date] = [row.oldest for row in self.work.session.execute(query) if row.day in self._kept]
        live = [each.oldest for day, each in self._live.items() if first <= day < until]
        return min([*kept, *live, max(first, self._first)])

    @cached_property
    def _first(self) -> date:
        return _first_day(self.work) or day_of(self.work.now())

    def _days(self, first: date, until: date) -> Iterator[date]:
        first = max(first, self._first)
        for number in range((until - first).days):
            yield first + number * ONE

    def _gather(self, first: date, until: date) -> None:
        """Work out what is not kept, each day once."""
        until = min(until, day_of(self.work.now()) + ONE)
        for day, lines in self._kept.items():
            if lines and first <= day < until and day not in self._live:
                self._live[day] = patched(self.work, day, _packed(self.work, day), lines)
        wanted = stretches(max(first, self._first), until, self._kept.keys() | self._live.keys())
        if len(wanted) > MOST_LIVE:
            wanted = [(wanted[0][0], wanted[-1][1])]
        for start, end in wanted:
            self._live.update((day, each) for day, each in gather(self.work, start, end) if day not in self._kept)


def stretches(first: date, last: date, kept: Collection[date]) -> list[tuple[date, date]]:
    """Days of [first, last) that are not kept, those that follow each other as one stretch. Pure."""
    found: list[tuple[date, date]] = []
    day = first
    while day < last:
        if day not in kept:
            begun = found.pop()[0] if found and found[-1][1] == day else day
            found.append((begun, day + ONE))
        day += ONE
    return found


def stretches_of(days: Collection[date], *, longest: int) -> list[tuple[date, date]]:
    """Days that follow each other as [first, until) of so many days at most, the newest first. Pure."""
    found: list[tuple[date, date]] = []
    for day in sorted(days, reverse=True):
        joins = found and found[-1][0] == day + ONE and (found[-1][1] - day).days <= longest
        found.append((day, found.pop()[1] if joins else day + ONE))
    return found


def calendar_mark(work: Work) -> str:
    """Names all calendars together with who works by them, and the columns that a day is kept in."""
    told = repr([SHAPES, *((each.calendar, each.groups) for each in calendars.list_calendars(work))])
    return hashlib.md5(told.encode(), usedforsecurity=False).hexdigest()


def make_due(work: Work, days: Collection[date], lines: Mapping[date, Collection[Thing]]) -> None:
    """Days to write again, and lines of days: of those that are over, and kept or were never."""
    wanted = {(day, *WHOLE) for day in days} | {(day, *each) for day, some in lines.items() for each in some}
    known = {tuple(row) for row in work.session.execute(select(DUE))}
    rows = [
        {"day": day, "kind": kind, "number": number}
        for day, kind, number in sorted(wanted - known)
        if day < _today(work)
    ]
    if rows:
        work.session.execute(insert(DUE), rows)


def is_whole(lines: Collection[Thing]) -> bool:
    """Whether a day is to be written from its rows: all of it is due, or too many lines are."""
    return WHOLE in lines or len(lines) > MOST_LINES


def keep_days(transactions: Transactions, *, most: int | None) -> int:
    """Write days that are due or were never kept, the newest first; how many were."""
    with transactions.reading() as work:
        waiting = dict(list(_waiting(work))[:most])
    for first, until in stretches_of([day for day, lines in waiting.items() if is_whole(lines)], longest=WRITTEN):
        with transactions() as work:
            _write(work, first, until)
    for day, lines in waiting.items():
        if not is_whole(lines):
            with transactions() as work:
                _write_lines(work, day, lines)
    return len(waiting)


def forget_days(work: Work) -> None:
    """Throw all of it away."""
    for table in (DAY, DUE):
        work.session.execute(delete(table))


def _due(work: Work) -> dict[date, set[Thing]]:
    """Lines to write again, by day."""
    found: dict[date, set[Thing]] = {}
    for row in work.session.execute(select(DUE)):
        found.setdefault(row.day, set()).add((row.kind, row.number))
    return found


def _waiting(work: Work) -> Iterator[tuple[date, set[Thing]]]:
    """Days to write, and which lines of them."""
    first = _first_day(work)
    if first is None:
        return
    kept = set(work.session.scalars(select(DAY.c.day).where(DAY.c.calendars == calendar_mark(work))))
    due = _due(work)
    day = _today(work) - ONE
    first = min([first, *due])
    while day >= first:
        if day not in kept:
            yield day, {WHOLE}
        elif day in due:
            yield day, due[day]
        day -= ONE


def _write(work: Work, first: date, until: date) -> None:
    mark = calendar_mark(work)
    rows = [
        {"day": day, "calendars": mark, "oldest": found.oldest, **found.packed()}
        for day, found in gather(work, first, until)
    ]
    for table in (DAY, DUE):
        work.session.execute(delete(table).where(table.c.day >= first, table.c.day < until))
    work.session.execute(insert(DAY), rows)


def _write_lines(work: Work, day: date, lines: Collection[Thing]) -> None:
    found = patched(work, day, _packed(work, day), lines)
    work.session.execute(update(DAY).where(DAY.c.day == day).values(oldest=found.oldest, **found.packed()))
    work.session.execute(delete(DUE).where(DUE.c.day == day))


def _packed(work: Work, day: date) -> Packed:
    row = work.session.execute(select(DAY).where(DAY.c.day == day)).one()
    return Packed(row.oldest, {"worked": row.worked, "said": row.said, "cases": row.cases})


def _today(work: Work) -> date:
    """The first day that is not over and settled."""
    return day_of(work.now() - SETTLES)


def _first_day(work: Work) -> date | None:
    firsts = (func.min(ProcessInstance.started_at), func.min(FeedbackItem.placed_at))
    found = [at for at in (work.session.scalar(select(each)) for each in firsts) if at is not None]
    return day_of(min(found)) if found else None
