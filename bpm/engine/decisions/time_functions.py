"""FEEL's functions of dates, times and durations.

Source: OMG DMN 1.5 §10.3.4.1, §10.3.4.8. A text that is none is null, as the standard says.
"""

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from typing import Any

from bpm.engine.decisions.functions import Function, guarded
from bpm.engine.decisions.values import Months, is_number, to_date, to_datetime, to_duration, to_time
from bpm.errors import ExpressionError


def _date(value: Any, month: Any = None, day: Any = None) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return to_date(value)
    if is_number(value) and not MINYEAR <= value <= MAXYEAR:
        raise ExpressionError(f"The year {value} is out of reach; dates go from {MINYEAR} to {MAXYEAR}.")
    try:
        return date(int(value), int(month), int(day))
    except (TypeError, ValueError, OverflowError):
        return None


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
        zone = None if offset is None else datetime.fromisoformat(f"2000-01-01T00:00{_offset(offset)}").tzinfo
        return time(int(value), int(minute), int(second), tzinfo=zone)
    except (TypeError, ValueError, OverflowError):
        return None


def _offset(offset: timedelta) -> str:
    minutes = int(abs(offset).total_seconds() // 60)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _date_and_time(day: Any, *at: Any) -> datetime | None:
    if not at:
        return to_datetime(day) if isinstance(day, str) else day if isinstance(day, datetime) else None
    clock, on = _time(at[0]), _date(day)
    return None if on is None or clock is None else datetime.combine(on, clock)


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


TIMES: Mapping[str, Function] = {
    "date": _date,
    "time": _time,
    "date_and_time": _date_and_time,
    "duration": guarded(to_duration, str),
    "years_and_months_duration": _months_between,
    "day_of_week": _of_day(_weekday),
    "month_of_year": _of_day(_month),
    "day_of_year": _of_day(lambda on: on.timetuple().tm_yday),
    "week_of_year": _of_day(lambda on: on.isocalendar()[1]),
}
