"""FEEL's values beside those of JSON: dates, times and durations, read from text, compared, and written back as text.

Source: OMG DMN 1.5 §10.3.2.3 (types), §10.3.2.7 (equality), §10.3.4.1 (conversion). Variables are JSON and know no
dates, so a text is read as one where it meets one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bpm.engine.plain_values import is_finite
from bpm.errors import ExpressionError


@dataclass(frozen=True, order=True)
class Months:
    """A duration of years and months, which has no fixed number of days."""

    count: int


_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"T?(?P<plain>\d\d:\d\d:\d\d(?:\.\d{1,6})?)(?P<zone>Z|[+-](?:0\d|1[0-8]):\d\d(?::\d\d)?|@[\w/+-]+)?")
"""A second has at most six digits behind the point here; FEEL has nine."""
_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,8})Y)?(?:(\d{1,9})M)?")
_DAYS = re.compile(
    r"(-?)P(?=\d|T\d)(?:(\d{1,8})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?"
)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: Decimal) -> int | float:
    """A number as JSON writes it: whole ones without a fraction; ExpressionError for one beyond a double's range."""
    if value == value.to_integral_value() and abs(value) < 2**63:
        return int(value)
    read = float(value)
    if not is_finite(read):
        raise ExpressionError(f"The number {value:.3E} is too large to be kept.", remedy="Keep numbers below 1.8e308.")
    return read


def to_date(text: str) -> date | None:
    """`2026-01-31`, or None for what is no date."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def to_time(text: str) -> time | None:
    """`10:30:00` with or without a zone, or None."""
    found = _TIME.fullmatch(text)
    try:
        return _zoned_time(found) if found else None
    except (ValueError, KeyError, OSError):
        return None


def _zoned_time(found: re.Match[str]) -> time:
    plain = time.fromisoformat(_micro(found["plain"]))
    zone = found["zone"] or ""
    if zone.startswith("@"):
        return plain.replace(tzinfo=ZoneInfo(zone[1:]))
    return time.fromisoformat(_micro(found["plain"]) + zone) if zone else plain


def _micro(text: str) -> str:
    """Python 3.11 reads three or six digits of a second."""
    whole, dot, fraction = text.partition(".")
    return whole + dot + fraction.ljust(6, "0") if dot else whole


def to_datetime(text: str) -> datetime | None:
    """`2026-01-31T10:30:00` with or without a zone, a date alone as its midnight, or None."""
    day, separator, rest = text.partition("T")
    on = to_date(day)
    if on is None:
        return None
    at = to_time(rest) if separator else time()
    return None if at is None else datetime.combine(on, at)


def to_duration(text: str) -> timedelta | Months | None:
    """`P1Y2M` or `P1DT2H3M4.5S`, either with a leading minus, or None."""
    if found := _MONTHS.fullmatch(text):
        count = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-count if found[1] else count)
    if found := _DAYS.fullmatch(text):
        days, hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
        try:
            length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        except OverflowError:
            return None
        return -length if found[1] else length
    return None


READERS: dict[type, Callable[[str], Any]] = {
    date: to_date,
    datetime: to_datetime,
    time: to_time,
    timedelta: to_duration,
    Months: to_duration,
}


def alike(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both values where they are of one kind, a text read as the date or duration it meets; else None."""
    if is_number(left) and is_number(right):
        return left, right
    if isinstance(left, str) and type(right) in READERS:
        left = READERS[type(right)](left)
    elif isinstance(right, str) and type(left) in READERS:
        right = READERS[type(left)](right)
    if type(left) is not type(right) or left is None:
        return None
    return (_placed(left), _placed(right)) if isinstance(left, datetime | time) else (left, right)


def _placed(at: Any) -> Any:
    """Without a zone it is UTC, so that all instants have an order."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def equal(left: Any, right: Any) -> bool | None:
    """FEEL's `=`: null equals null alone; values of different kinds are neither equal nor unequal (None)."""
    if left is None or right is None:
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(*pair) is True for pair in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[name], right[name]) is True for name in left)
    pair = alike(left, right)
    return None if pair is None else bool(pair[0] == pair[1])


_PART: dict[str, tuple[tuple[type, ...], Callable[[Any], Any]]] = {
    "year": ((date,), lambda on: on.year),
    "month": ((date,), lambda on: on.month),
    "day": ((date,), lambda on: on.day),
    "weekday": ((date,), lambda on: on.isoweekday()),
    "hour": ((datetime, time), lambda at: at.hour),
    "minute": ((datetime, time), lambda at: at.minute),
    "second": ((datetime, time), lambda at: at.second),
    "time offset": ((datetime, time), lambda at: at.utcoffset()),
    "timezone": ((datetime, time), lambda at: getattr(at.tzinfo, "key", None)),
    "years": ((Months,), lambda length: int(length.count / 12)),
    "months": ((Months,), lambda length: abs(length.count) % 12 * (1 if length.count >= 0 else -1)),
    "days": ((timedelta,), lambda length: _clock(length)[0]),
    "hours": ((timedelta,), lambda length: _clock(length)[1]),
    "minutes": ((timedelta,), lambda length: _clock(length)[2]),
    "seconds": ((timedelta,), lambda length: _clock(length)[3]),
}


def member(owner: Any, name: str) -> Any:
    """`owner.name`: an entry of a context, of every item of a list, a part of a date or duration; else None."""
    if isinstance(owner, dict):
        return owner.get(name)
    if isinstance(owner, list):
        return [member(item, name) for item in owner]
    kinds, read = _PART.get(name, ((), None))
    return read(owner) if read is not None and isinstance(owner, kinds) else None


def _clock(length: timedelta) -> tuple[int, int, int, int | float]:
    """Days, hours, minutes and seconds of a duration, all with its sign."""
    sign, total = (1, length) if length >= timedelta() else (-1, -length)
    minutes, seconds = divmod(total.seconds, 60)
    whole = seconds + total.microseconds / 1_000_000 if total.microseconds else seconds
    return sign * total.days, sign * (minutes // 60), sign * (minutes % 60), sign * whole


def as_text(value: Any) -> str:
    """A date, time or duration as ISO 8601 writes it; FEEL's `string()` of it too."""
    if isinstance(value, Months):
        years, months = divmod(abs(value.count), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if value.count < 0 else "") + "P" + (parts or "0M")
    if isinstance(value, timedelta):
        return _duration_text(value)
    if isinstance(value, datetime | time) and isinstance(value.tzinfo, ZoneInfo):
        return f"{as_text(value.replace(tzinfo=None))}@{value.tzinfo.key}"
    text: str = value.isoformat().replace("+00:00", "Z")
    return re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", text)


def _duration_text(length: timedelta) -> str:
    days, hours, minutes, seconds = (abs(part) for part in _clock(length))
    clock = "".join(f"{amount}{unit}" for amount, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if amount)
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if length < timedelta() else "") + "P" + (text or "T0S")


def plain(value: Any) -> Any:
    """The value as JSON: dates and durations as text, in lists and contexts too."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return as_text(value) if type(value) in READERS else value
