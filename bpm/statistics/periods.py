"""Names of periods as people write them (days, weeks, months, numbers): order, step, and what is missing."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from bpm.foundation.texts import _


class Step(StrEnum):
    """How far one period lies from the next; `NAMES` are words without an order of their own."""

    DAYS = "days"
    WORKDAYS = "workdays"
    WEEKS = "weeks"
    MONTHS = "months"
    QUARTERS = "quarters"
    YEARS = "years"
    NUMBERS = "numbers"
    INSTANTS = "instants"
    """Dates without a common step."""
    NAMES = "names"


SEASONS = {Step.DAYS: 7, Step.WORKDAYS: 5, Step.WEEKS: 52, Step.MONTHS: 12, Step.QUARTERS: 4}
"""After how many periods the same season comes again."""
_COMMON = 0.5
"""A distance is the step when more than this share of neighbours has it."""
_FEW = 0.2
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,9}")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?")


@dataclass(frozen=True)
class Periods:
    """`step` and the `place` of each name on a scale of that step: neighbours differ by one where none is missing."""

    step: Step
    places: tuple[int, ...]

    @property
    def season(self) -> int | None:
        return SEASONS.get(self.step)


def periods_of(names: Sequence[str]) -> Periods:
    """The step of `names` in the order in which they stand; words, or kinds mixed, are in the order of the file."""
    for step, read in _READERS:
        found = [read(name) for name in names]
        if all(place is not None for place in found):
            places = [place for place in found if place is not None]
            return _of_days(places) if step is Step.DAYS else Periods(step, tuple(places))
    return Periods(Step.NAMES, tuple(range(len(names))))


def odd_ones(names: Sequence[str]) -> tuple[int, ...]:
    """Places of the few names that cannot be read as nearly all others can: no real day, a word among numbers."""
    for _step, read in _READERS:
        odd = tuple(place for place, name in enumerate(names) if read(name) is None)
        if odd and len(odd) <= _FEW * len(names):
            return odd
    return ()


def missing_between(periods: Periods, index: int) -> int:
    """How many periods are missing between `index` - 1 and `index`; negative when they do not go up."""
    if periods.step in (Step.NAMES, Step.INSTANTS) or index == 0:
        return 0
    return periods.places[index] - periods.places[index - 1] - 1


def what_is_missing(periods: Periods, index: int) -> str:
    """The first missing period before `index`, in words."""
    place = periods.places[index - 1] + 1
    if periods.step is Step.DAYS:
        return date.fromordinal(place).isoformat()
    if periods.step is Step.NUMBERS:
        return str(place)
    return _("the one after the line before")


def _of_days(days: list[int]) -> Periods:
    """Days that lie a day, a workday, a week, or a month apart, or anyhow."""
    gaps = Counter(later - earlier for earlier, later in pairwise(days))
    if not gaps or gaps.most_common(1)[0][1] <= _COMMON * gaps.total():
        months = _by_month(days)
        return Periods(*months) if months else Periods(Step.INSTANTS, tuple(days))
    gap = gaps.most_common(1)[0][0]
    if gap == 1:
        if len(days) > 5 and all(date.fromordinal(day).weekday() < 5 for day in days):
            # Ordinal 1 is a Monday.
            return Periods(Step.WORKDAYS, tuple((day - 1) // 7 * 5 + (day - 1) % 7 for day in days))
        return Periods(Step.DAYS, tuple(days))
    if gap == 7:
        return _every(days, 7, Step.WEEKS)
    months = _by_month(days)
    if months:
        return Periods(*months)
    return _every(days, gap, Step.NUMBERS) if gap > 0 else Periods(Step.DAYS, tuple(days))


def _by_month(days: list[int]) -> tuple[Step, tuple[int, ...]] | None:
    """Months, quarters or years, when all days have the same number in their month."""
    dates = [date.fromordinal(day) for day in days]
    if len({day.day for day in dates}) > 1 and not all((day + timedelta(1)).day == 1 for day in dates):
        return None
    months = [day.year * 12 + day.month - 1 for day in dates]
    gaps = Counter(later - earlier for earlier, later in pairwise(months))
    gap = gaps.most_common(1)[0][0] if gaps else 1
    step = {1: Step.MONTHS, 3: Step.QUARTERS, 12: Step.YEARS}.get(gap)
    if step is None or any((month - months[0]) % gap for month in months):
        return None
    return step, tuple(month // gap for month in months)


def _every(days: list[int], gap: int, step: Step) -> Periods:
    if any((day - days[0]) % gap for day in days):
        return Periods(Step.INSTANTS, tuple(days))
    return Periods(step, tuple((day - days[0]) // gap for day in days))


def _day(name: str) -> int | None:
    found = _DAY.fullmatch(name)
    try:
        return date.fromisoformat(found.group(1)).toordinal() if found else None
    except ValueError:
        return None


def _week(name: str) -> int | None:
    found = _WEEK.fullmatch(name)
    try:
        return date.fromisocalendar(int(found.group(1)), int(found.group(2)), 1).toordinal() // 7 if found else None
    except ValueError:
        return None


def _month(name: str) -> int | None:
    found = _MONTH.fullmatch(name)
    if not found or not 1 <= int(found.group(2)) <= 12:
        return None
    return int(found.group(1)) * 12 + int(found.group(2)) - 1


def _quarter(name: str) -> int | None:
    found = _QUARTER.fullmatch(name)
    return int(found.group(1)) * 4 + int(found.group(2)) - 1 if found else None


def _number(name: str) -> int | None:
    return int(name) if _NUMBER.fullmatch(name) else None


_READERS = (
    (Step.NUMBERS, _number),
    (Step.MONTHS, _month),
    (Step.QUARTERS, _quarter),
    (Step.WEEKS, _week),
    (Step.DAYS, _day),
)
