"""Watched series: what each is about, and the points of its periods out of what each day brought. Pure.

1. A period is a day where days bring enough, else a week from Monday to Sunday, UTC; what has not ended is left out.
2. Versions are never blended: a period is the figure of the one version that most of it met, and what met an older or
   newer one is left out of it. The version in force never goes back.
3. A period in which nothing happened is no point; complaints without a pass go to the next period that has one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from bpm.processes.alarms.status import Watched
from bpm.statistics.charts import Kind, Series

DAY, WEEK = 1, 7
"""Days of a period."""
ENOUGH_A_DAY = 10
"""From so many of the n on (items, passes, waits) a day is a period of its own."""
LATELY = 56
"""Days that are looked at for that."""
KINDS = {Watched.NEGATIVE: Kind.P, Watched.COMPLAINTS: Kind.U, Watched.WAITING: Kind.XMR}
"""The chart of each measure; themes are counted day by day and have no chart of their own."""


@dataclass(frozen=True)
class Subject:
    """What a series is about. `process` is its series of the whole process, empty where it is that itself."""

    measure: Watched
    definition_key: str = ""
    element: str = ""
    theme_id: int | None = None
    name: str = ""
    """Of the process, or of the theme."""
    element_name: str = ""

    @property
    def key(self) -> str:
        if self.theme_id is not None:
            return f"{self.measure}:{self.theme_id}"
        return f"{self.measure}:{self.definition_key}:{self.element}"

    @property
    def part_of(self) -> str:
        return f"{self.measure}:{self.definition_key}:" if self.element else ""


@dataclass(frozen=True, slots=True)
class DayCount:
    """What one day brought: `value` of `n`, on one version, by one source (empty where sources play no part)."""

    day: date
    version: int
    source: str
    value: float
    n: float


@dataclass(frozen=True)
class SourceStart:
    """When a source first told of something: the first thing said, and when its first item came in."""

    name: str
    said: datetime
    received: datetime


@dataclass(frozen=True)
class Point:
    """One period, of one version."""

    start: date
    step: int
    version: int
    value: float
    n: float

    @property
    def last_day(self) -> date:
        return self.start + timedelta(days=self.step - 1)

    @property
    def rate(self) -> float:
        return self.value / self.n


def step_of(counts: Sequence[DayCount], until: date) -> int:
    """A day where the median day of the last eight weeks brings ten of the n, else a week."""
    by_day: Counter[date] = Counter()
    for each in counts:
        by_day[each.day] += each.n  # type: ignore[assignment]  # counts of a Counter may be any number
    days = [by_day.get(until - timedelta(days=back), 0) for back in range(LATELY)]
    return DAY if median(days) >= ENOUGH_A_DAY else WEEK


def start_of(day: date, step: int) -> date:
    """First day of the period that the day is in."""
    return day - timedelta(days=day.weekday()) if step == WEEK else day


def points_of(
    measure: Watched, counts: Iterable[DayCount], *, step: int, until: date, sources: frozenset[str] | None = None
) -> list[Point]:
    """The periods that ended by `until` (that day is in), oldest first; only of `sources`, if any are named."""
    periods: dict[date, dict[int, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for each in counts:
        if sources is not None and each.source and each.source not in sources:
            continue
        start = start_of(each.day, step)
        if start + timedelta(days=step - 1) <= until:
            of = periods[start][each.version]
            of[0] += each.value
            of[1] += each.n
    found, in_force, carried = [], 0, 0.0
    for start in sorted(periods):
        versions = periods[start]
        most = max(versions, key=lambda number: (versions[number][1], number))
        if most > in_force and (versions[most][1] or not in_force):
            in_force, carried = most, 0.0
        value, n = versions.get(in_force, (0.0, 0.0))
        if n <= 0:
            carried += value if measure is Watched.COMPLAINTS else 0.0
            continue
        found.append(Point(start, step, in_force, value + carried, n))
        carried = 0.0
    return found


def daily_counts(counts: Iterable[DayCount], *, since: date, until: date, sources: frozenset[str] | None) -> list[int]:
    """Items of each day from `since` to `until`, days without any as 0."""
    by_day: Counter[date] = Counter()
    for each in counts:
        if sources is None or each.source in sources:
            by_day[each.day] += int(each.n)
    return [by_day[since + timedelta(days=place)] for place in range((until - since).days + 1)]


def between_events(counts: Sequence[DayCount]) -> Series:
    """Passes between two complaints, by the day of the second; several of one day have none between them."""
    passed = 0.0
    names: list[str] = []
    values: list[float] = []
    by_day: dict[date, list[float]] = {}
    for each in counts:
        of = by_day.setdefault(each.day, [0.0, 0.0])
        of[0] += each.value
        of[1] += each.n
    begun = False
    for day in sorted(by_day):
        complaints, passes = by_day[day]
        passed += passes
        for _each in range(int(complaints)):
            if begun:
                names.append(day.isoformat())
                values.append(passed)
            begun, passed = True, 0.0
    return Series(tuple(names), tuple(values))
