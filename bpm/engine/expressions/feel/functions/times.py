"""FEEL's functions of dates, times and durations.

Source: OMG DMN 1.5 §10.3.4.1, §10.3.4.8. A text that is none is null, as the standard says.
"""

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from bpm.engine.expressions.feel.functions.texts_and_numbers import Function
from bpm.engine.expressions.feel.values.iso8601 import OutOfReachError, date_exists
from bpm.engine.expressions.feel.values.values import (
    Months,
    as_text,
    equal,
    exact,
    is_number,
    to_date,
    to_datetime,
    to_duration,
    to_time,
)


def _date(value: Any, month: Any = None, day: Any = None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return to_date(value)
    try:
        year, month, day = _whole(value), _whole(month), _whole(day)
        if abs(year) <= _MOST_YEARS and not MINYEAR <= year <= MAXYEAR and date_exists(year, month, day):
            raise OutOfReachError.of_year(f"date({year}, {month}, {day})")
        return date(year, month, day)
    except (TypeError, ValueError, OverflowError):
        return None


_MOST_YEARS = 999_999_999
"""The last year of FEEL."""


def _whole(value: Any) -> int:
    if not is_number(value) or exact(value) != int(value):
        raise TypeError
    return int(value)


def _time(value: Any, minute: Any = None, second: Any = None, offset: Any = None) -> time | None:
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, time):
        return value
    if isinstance(value, date):
        return time(tzinfo=UTC)
    if isinstance(value, str):
        return to_time(value)
    try:
        zone = None if offset is None else timezone(offset)
        parts = Decimal(exact(second)) if is_number(second) else None
        if parts is None or not 0 <= parts < 60:
            return None
        return time(_whole(value), _whole(minute), int(parts), int(parts % 1 * 1_000_000), tzinfo=zone)
    except (TypeError, ValueError, OverflowError):
        return None


def _date_and_time(day: Any, *at: Any) -> datetime | None:
    if not at:
        return to_datetime(day) if isinstance(day, str) else day if isinstance(day, datetime) else _start_of(day)
    if len(at) > 4:
        return _of_parts(day, *at)
    if isinstance(at[0], str) and isinstance(day, datetime):
        return _in_zone(day, at[0])
    clock, on = _time(at[0]), _date(day)
    return None if on is None or clock is None or len(at) > 1 else datetime.combine(on, clock)


def _start_of(day: Any) -> datetime | None:
    return datetime.combine(day, time()) if isinstance(day, date) else None


def _of_parts(
    year: Any, month: Any, day: Any, hour: Any, minute: Any, second: Any, zone: Any = None
) -> datetime | None:
    clock = _time(hour, minute, second, None if isinstance(zone, str) else zone)
    on = _date(year, month, day) if is_number(year) else None
    if on is None or clock is None:
        return None
    made = datetime.combine(on, clock)
    return to_datetime(f"{as_text(made)}@{zone}") if isinstance(zone, str) else made


def _in_zone(at: datetime, zone: str) -> datetime | None:
    """The same instant on the clocks of a place, as Camunda extends FEEL."""
    there = to_time(f"00:00:00{zone if zone[:1] in ('Z', '+', '-') else '@' + zone}")
    return None if there is None or at.tzinfo is None else at.astimezone(there.tzinfo)


def _is(left: Any, right: Any) -> bool | None:
    """Whether two values are the same in all their parts: instants in their zones too."""
    if left is None or right is None or type(left) is not type(right):
        both = is_number(left) and is_number(right)
        return equal(left, right) is True if both else left is right
    if isinstance(left, datetime | time):
        return bool(left.replace(tzinfo=None) == right.replace(tzinfo=None) and _zone(left) == _zone(right))
    return equal(left, right) is True


def _zone(at: Any) -> Any:
    return getattr(at.tzinfo, "key", None) or (at.tzinfo and at.utcoffset())


def _last_day_of_month(on: date) -> date:
    first = date(on.year, on.month, 28) + timedelta(days=4) if (on.year, on.month) != (MAXYEAR, 12) else None
    return date(on.year, 12, 31) if first is None else first - timedelta(days=first.day)


def _months_between(start: Any, end: Any) -> Months | None:
    start, end = _date(start), _date(end)
    if start is None or end is None:
        return None
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return Months(months)


def _length(value: Any) -> Any:
    return value if isinstance(value, timedelta | Months) else None


def _of_day(read: Callable[[Any], Any]) -> Function:
    def of_day(value: Any) -> Any:
        on = to_datetime(value) if isinstance(value, str) else value
        return read(on) if isinstance(on, date) else None

    return of_day


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _weekday(on: date) -> str:
    return _DAYS[on.weekday()]


def _month(on: date) -> str:
    return _MONTHS[on.month - 1]


def _cycle(times: Any, every: Any = None) -> str | None:
    """The text of a cycle, as Camunda extends FEEL: cycle(duration), cycle(repetitions, duration)."""
    count, every = ("", times) if every is None else (times, every)
    if not isinstance(every, timedelta | Months) or not (count in ("", None) or is_number(count)):
        return None
    return f"R{'' if count in ('', None) else int(count)}/{as_text(every)}"


TIMES: Mapping[str, Function] = {
    "date": _date,
    "time": _time,
    "date_and_time": _date_and_time,
    "duration": lambda value: to_duration(value) if isinstance(value, str) else _length(value),
    "cycle": _cycle,
    "is": _is,
    "last_day_of_month": _of_day(_last_day_of_month),
    "years_and_months_duration": _months_between,
    "day_of_week": _of_day(_weekday),
    "month_of_year": _of_day(_month),
    "day_of_year": _of_day(lambda on: on.timetuple().tm_yday),
    "week_of_year": _of_day(lambda on: on.isocalendar()[1]),
}
