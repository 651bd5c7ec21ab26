"""How far each kind of row was looked at, and which days were found to have changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bpm.foundation.work import Work

SETTLES = timedelta(minutes=2)
"""A row that is younger may not be the last to come in below its place."""
MOST = 20_000
"""Rows of a kind that one look goes through; the rest is for the next one."""
FIRST = datetime(1970, 1, 1, tzinfo=UTC)

MEASURES, SPENT = "measures", "spent"
BOTH = frozenset((MEASURES, SPENT))

Day = tuple[int, date]
"""(version, day in UTC)"""

CASE, ITEM = "case", "item"
IN_PIECE = 32
"""So many cases, or items, that follow each other make a piece of a day."""
Thing = tuple[str, int]
"""(case or item, its id)"""
Piece = tuple[str, int]
"""(of cases or of items, its number)"""


@dataclass(frozen=True)
class Mark:
    """Rows up to that id, or that instant, are never looked at again."""

    settled: int = 0
    settled_at: datetime = FIRST


@dataclass
class Changes:
    """Days that changed, the marks to go on from, and whether there is more to look at."""

    pieces: dict[Day, set[Piece]]
    """Days that changed, and the cases and items on them that did."""
    marks: dict[str, Mark]
    more: bool = False
    heard: set[date] = field(default_factory=set)
    """Days on which something was said that is placed, followed up or acted on otherwise than before."""
    spent: set[date] = field(default_factory=set)
    """Days of the daybook on which somebody worked otherwise than before."""
    lines: dict[date, set[Thing]] = field(default_factory=dict)
    """Days of the daybook, and the cases and items whose lines there are others: said, given, at home in a case."""

    @property
    def days(self) -> set[Day]:
        return set(self.pieces)

    def add_line(self, day: date, kind: str, its_id: int) -> None:
        """The daybook's lines of that case, or item, are others on that day."""
        self.lines.setdefault(day, set()).add((kind, its_id))

    def add_case(self, day: Day, case_id: int) -> None:
        """Something about that case is otherwise on that day."""
        self.pieces.setdefault(day, set()).add((CASE, case_id // IN_PIECE))

    def add_item(self, day: Day, item_id: int) -> None:
        """Something about that item is otherwise on that day."""
        self.pieces.setdefault(day, set()).add((ITEM, item_id // IN_PIECE))


Finder = Callable[[Work, str, Mark, Changes], None]


def day_of(at: datetime) -> date:
    """Its day in UTC."""
    return at.astimezone(UTC).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both among them."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def note_rows(found: Changes, name: str, mark: Mark, rows: Sequence[Any], now: datetime) -> None:
    """Set the mark behind the last row that is old enough; `rows` are (id, instant, ...) in order of the id."""
    old = [row for row in rows if row[1] <= now - SETTLES]
    last = max((row[0] for row in old), default=mark.settled)
    found.marks[name] = Mark(max(last, mark.settled), FIRST)
    found.more = found.more or len(rows) == MOST


def note_instants(found: Changes, name: str, mark: Mark, instants: Sequence[datetime], now: datetime) -> None:
    full = len(instants) == MOST
    latest = max(instants) if full else now - SETTLES
    found.marks[name] = Mark(0, max(mark.settled_at, min(latest, now - SETTLES)))
    found.more = found.more or full
