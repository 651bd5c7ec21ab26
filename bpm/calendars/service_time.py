"""Time that counts: adding open time to an instant, and measuring it between two, by a business calendar."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bpm.calendars.calendar import Calendar, hours_on
from bpm.calendars.zones import stretches_around
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

FARTHEST = 3_700
"""Days that are looked through for open time: some ten years."""
_ZERO, _DAY = timedelta(0), timedelta(days=1)

Span = tuple[datetime, datetime]
"""From an instant until before another, both UTC."""


def add(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """The instant when `duration` of open time has passed since `start`; `start` itself for none.

    Raises InvalidInputError where that is more than ten years away, and for a negative duration.
    """
    if duration < _ZERO:
        raise InvalidInputError(_("A service time cannot be negative."), remedy=_("Give a duration such as PT4H."))
    if duration == _ZERO or calendar.is_always_open:
        return start + duration
    left = duration
    for opens, end in _spans(calendar, start, days=FARTHEST):
        begin = max(opens, start)
        if end - begin >= left:
            return begin + left
        left -= max(end - begin, _ZERO)
    raise InvalidInputError(
        _("By this calendar that is more than ten years away."), remedy=_("Open more hours, or ask for less time.")
    )


def between(calendar: Calendar, start: datetime, end: datetime, *, pauses: Iterable[Span] = ()) -> timedelta:
    """Open time from `start` to `end`, without what of it lies in a pause; negative where `end` comes first.

    Pauses may overlap. At most ten years are measured; what lies beyond them is not counted.
    """
    if end < start:
        return -between(calendar, end, start, pauses=pauses)
    total = _ZERO
    for begin, until in _without(start, end, pauses):
        total += _open_time(calendar, begin, until)
    return total


def _open_time(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    if calendar.is_always_open:
        return end - start
    total, days = _ZERO, min((end - start).days + 3, FARTHEST)
    for begin, until in _spans(calendar, start, days=days):
        if begin >= end:
            break
        total += max(min(until, end) - max(begin, start), _ZERO)
    return total


def _without(start: datetime, end: datetime, pauses: Iterable[Span]) -> Iterator[Span]:
    """The parts of start..end that lie in no pause."""
    for begin, until in sorted(pauses):
        if begin > start:
            yield start, min(begin, end)
        start = max(start, until)
        if start >= end:
            return
    yield start, end


def _spans(calendar: Calendar, start: datetime, *, days: int) -> Iterator[Span]:
    """Open spans from the local day of `start` on, in order."""
    day = start.astimezone(ZoneInfo(calendar.zone)).date() - _DAY
    for number in range(days + 1):
        yield from open_spans(calendar, day + _DAY * number)


@lru_cache(maxsize=20_000)
def open_spans(calendar: Calendar, day: date) -> Sequence[Span]:
    """The open hours of a local day as instants, in order.

    It is open whenever the clock on the wall shows an open hour: an hour that the clock goes through twice counts
    twice, one that it leaves out not at all.
    """
    midnight = datetime.combine(day, time.min, UTC)
    found = []
    for stretch in stretches_around(calendar.zone, day):
        for begin, end in hours_on(calendar, day):
            first = max(midnight + timedelta(minutes=begin) - stretch.offset, stretch.start)
            last = min(midnight + timedelta(minutes=end) - stretch.offset, stretch.end)
            if first < last:
                found.append((first, last))
    return tuple(sorted(found))
