"""How a zone's clock runs over a day: pieces of time in which it keeps one distance to UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

_LOOK = timedelta(hours=6)
"""Between two looks at the clock: no zone changes it twice within that time."""
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Stretch:
    """From `start` until before `end` (UTC) the zone's clock is `offset` ahead of UTC."""

    start: datetime
    end: datetime
    offset: timedelta


@lru_cache(maxsize=4096)
def stretches_around(zone: str, day: date) -> tuple[Stretch, ...]:
    """All of `day` in that zone, and some hours around it, in stretches without a change of the clock."""
    clock = ZoneInfo(zone)
    midnight = datetime.combine(day, time.min, UTC)
    looks = [midnight + _LOOK * number for number in range(-3, 9)]
    found, start = [], looks[0]
    for before, after in pairwise(looks):
        if _offset(clock, before) != _offset(clock, after):
            change = _change(clock, before, after)
            found.append(Stretch(start, change, _offset(clock, before)))
            start = change
    return (*found, Stretch(start, looks[-1], _offset(clock, looks[-1])))


def _change(clock: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the new distance, found by halving."""
    old = _offset(clock, before)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        before, after = (middle, after) if _offset(clock, middle) == old else (before, middle)
    return after


def _offset(clock: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(clock).utcoffset() or timedelta(0)
