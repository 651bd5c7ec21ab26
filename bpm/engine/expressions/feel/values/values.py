"""FEEL's values beside those of JSON: dates, times and durations, read from text, compared, and written back as text.

Source: OMG DMN 1.5 §10.3.2.3 (types), §10.3.2.7 (equality), §10.3.4.1 (conversion). Variables are JSON and know no
dates, so a text is read as one where it meets one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any
from zoneinfo import ZoneInfo

from bpm.engine.expressions.feel.values.iso8601 import (
    Months,
    OutOfReachError,
    Stamp,
    to_date,
    to_datetime,
    to_day,
    to_duration,
    to_time,
)
from bpm.engine.plain_values import is_finite
from bpm.foundation.errors import ExpressionError

__all__ = [
    "DIGITS",
    "READERS",
    "Months",
    "Range",
    "alike",
    "as_text",
    "demand_small",
    "equal",
    "exact",
    "is_number",
    "member",
    "negated",
    "number",
    "offset_of",
    "plain",
    "tidy",
    "to_date",
    "to_datetime",
    "to_day",
    "to_duration",
    "to_time",
]

DIGITS = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""Numbers have 34 digits, as IEEE 754's decimal128 has."""
MOST_ITEMS = 100_000
DEEPEST = 100


@dataclass(frozen=True)
class Range:
    """All values between two others; a bound that is None leaves its side open."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool

    def holds(self, value: Any) -> bool | None:
        """Whether the value lies in it; None where it cannot be compared."""
        above = self._on_side(value, self.low, included=self.low_included, sign=1)
        below = self._on_side(value, self.high, included=self.high_included, sign=-1)
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    @staticmethod
    def _on_side(value: Any, bound: Any, *, included: bool, sign: int) -> bool | None:
        if bound is None:
            return None if value is None else True
        pair = alike(value, bound)
        if pair is None or isinstance(pair[0], bool | list | dict):
            return None
        if pair[0] == pair[1]:
            return included
        return bool((pair[0] > pair[1]) is (sign > 0))

    def part(self, name: str) -> Any:
        parts = {"start": self.low, "end": self.high, "start included": self.low_included}
        return {**parts, "end included": self.high_included}.get(name)

    def text(self) -> str:
        def written(bound: Any) -> str:
            return f'"{bound}"' if isinstance(bound, str) else f"{bound}" if is_number(bound) else as_text(bound)

        if self.low is None:
            return f"({'<=' if self.high_included else '<'} {written(self.high)})"
        if self.high is None:
            return f"({'>=' if self.low_included else '>'} {written(self.low)})"
        opening, closing = "[" if self.low_included else "(", "]" if self.high_included else ")"
        return f"{opening}{written(self.low)}..{written(self.high)}{closing}"


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def exact(value: Any) -> Any:
    """A number as it is computed with: a float is the decimal that it is written as; what is not finite is null."""
    if type(value) is not float:
        return value
    found = Decimal(repr(value))
    return found if found.is_finite() else None


def negated(value: int | Decimal) -> int | Decimal:
    """The number with its other sign, all its digits kept."""
    return value.copy_negate() if isinstance(value, Decimal) else -value


def tidy(value: Decimal) -> int | Decimal:
    """A whole number as int, which is quicker to compute with."""
    return int(value) if value == value.to_integral_value() and abs(value) < 10**34 else value


def number(value: Decimal) -> int | float:
    """A number as JSON writes it: whole ones without a fraction; ExpressionError for one beyond a double's range."""
    if value == value.to_integral_value() and abs(value) < 2**63:
        return int(value)
    found = float(value)
    if not is_finite(found):
        raise ExpressionError(f"The number {value:.3E} is too large to be kept.", remedy="Keep numbers below 1.8e308.")
    return int(found) if found.is_integer() and abs(found) < 2**53 else found


READERS: dict[type, Callable[[str], Any]] = {
    date: to_day,
    datetime: to_datetime,
    time: to_time,
    timedelta: to_duration,
    Months: to_duration,
}


def alike(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both values where they are of one kind and have an order, a text read as the date it meets; else None."""
    if is_number(left) and is_number(right):
        left, right = exact(left), exact(right)
        return None if left is None or right is None else (left, right)
    if isinstance(left, str) and type(right) in READERS:
        left = READERS[type(right)](left)
    elif isinstance(right, str) and type(left) in READERS:
        right = READERS[type(left)](right)
    elif isinstance(right, str) and isinstance(left, Stamp):
        right = to_date(right) or to_datetime(right)
    if isinstance(left, Stamp) or isinstance(right, Stamp):
        left, right = _met(left, right), _met(right, left)
    if type(left) is not type(right) or left is None:
        return None
    return (_placed(left), _placed(right)) if isinstance(left, datetime | time) else (left, right)


def _met(at: Any, other: Any) -> Any:
    """A stamp as the day or the instant that the other value is."""
    if not isinstance(at, Stamp):
        return at
    return at.date() if type(other) is date else datetime.combine(at.date(), at.timetz())


def _placed(at: Any) -> Any:
    """An instant in UTC, where it is without a zone, so that all instants have an order; a time as microseconds."""
    if isinstance(at, datetime):
        try:
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except OverflowError:
            raise OutOfReachError.of_year(as_text(at)) from None
    offset = offset_of(at) or timedelta()
    length = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
    return (length - offset) // timedelta(microseconds=1)


def offset_of(at: Any) -> timedelta | None:
    """How far its zone is from UTC; a time of day in a named zone stands on the first of 2000."""
    if isinstance(at, time) and isinstance(at.tzinfo, ZoneInfo):
        return datetime.combine(date(2000, 1, 1), at).utcoffset()
    offset: timedelta | None = at.utcoffset()
    return offset


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
        return exact(owner.get(name))
    if isinstance(owner, list):
        return [member(item, name) for item in owner]
    if isinstance(owner, Range):
        return owner.part(name)
    kinds, read = _PART.get(name, ((), None))
    return read(owner) if read is not None and isinstance(owner, kinds) else None


def _clock(length: timedelta) -> tuple[int, int, int, int | float]:
    """Days, hours, minutes and seconds of a duration, all with its sign."""
    sign, total = (1, length) if length >= timedelta() else (-1, -length)
    minutes, seconds = divmod(total.seconds, 60)
    whole = seconds + total.microseconds / 1_000_000 if total.microseconds else seconds
    return sign * total.days, sign * (minutes // 60), sign * (minutes % 60), sign * whole


def as_text(value: Any) -> str:
    """A date, time or duration as ISO 8601 writes it, a range as FEEL does; FEEL's `string()` of it too."""
    if isinstance(value, Range):
        return value.text()
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
    """The value as JSON: dates, durations and ranges as text, in lists and contexts too; a function is null.

    Raises ExpressionError for what is too large or too deep to be kept.
    """
    demand_small(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return number(value)
    if value is None or isinstance(value, str | int):
        return value if not isinstance(value, int) or abs(value) < 2**63 else number(Decimal(value))
    if isinstance(value, float):
        return value if exact(value) is not None else None
    return as_text(value) if isinstance(value, (*READERS, Range)) else None


def demand_small(value: Any) -> None:
    """A list that holds one list twice, twenty times over, is a million items."""
    level, total = [value], 0
    for _depth in range(DEEPEST):
        level = [part for part in level if isinstance(part, list | tuple | dict | set)]
        total += sum(map(len, level))
        if not level:
            return
        if total > MOST_ITEMS:
            raise ExpressionError("The value is too large.", remedy="Keep less in one variable.")
        level = [part for each in level for part in (each.values() if isinstance(each, dict) else each)]
    raise ExpressionError("The value is nested too deeply.", remedy="Keep what is nested less.")
