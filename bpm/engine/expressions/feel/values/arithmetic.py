"""FEEL's arithmetic: numbers exact in decimal, dates moved by durations; null for what does not go together.

Source: OMG DMN 1.5 §10.3.2.15 (table 57 and those after it).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from bpm.engine.expressions.feel.values.iso8601 import OutOfReachError
from bpm.engine.expressions.feel.values.values import DIGITS, Months, alike, exact, is_number
from bpm.engine.expressions.operations import MAX_LENGTH
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_LARGEST = 10**34


def computed(mark: str, left: Any, right: Any) -> Any:
    """`left mark right` for + - * / **, or None where FEEL knows no such sum."""
    if is_number(left) and is_number(right):
        return _of_numbers(mark, exact(left), exact(right))
    if isinstance(left, str) and isinstance(right, str):
        return _joined(left, right) if mark == "+" else None
    if mark in ("+", "-"):
        try:
            return _moved(left, right, 1 if mark == "+" else -1)
        except (OverflowError, ValueError):
            raise OutOfReachError.of_year(_("A date that is moved")) from None
    return _scaled(mark, left, right)


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_LENGTH:
        raise ExpressionError("The text is too long.")
    return left + right


def _of_numbers(mark: str, left: Any, right: Any) -> Any:
    """Exact in decimal, so that ten cents three times are thirty cents; what 34 digits cannot hold is null."""
    if left is None or right is None:
        return None
    if type(left) is int and type(right) is int and mark in _WHOLE:
        found = _WHOLE[mark](left, right)
        if -_LARGEST < found < _LARGEST:
            return found
    try:
        return _EXACT[mark](Decimal(left), Decimal(right))
    except DecimalException:
        return None


_WHOLE: dict[str, Callable[[int, int], int]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
}
_EXACT: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": DIGITS.add,
    "-": DIGITS.subtract,
    "*": DIGITS.multiply,
    "/": DIGITS.divide,
    "**": DIGITS.power,
}


def _moved(left: Any, right: Any, sign: int) -> Any:
    """A date or duration moved by a duration, or how long it is from one date to the other."""
    if isinstance(right, Months):
        if isinstance(left, Months):
            return Months(left.count + sign * right.count)
        return _later(left, sign * right.count) if isinstance(left, date) else None
    if isinstance(left, Months):
        return _later(right, left.count) if isinstance(right, date) and sign > 0 else None
    if isinstance(right, timedelta):
        return _shifted(left, sign * right)
    if isinstance(left, timedelta):
        return _shifted(right, left) if sign > 0 else None
    return _apart(left, right) if sign < 0 else None


def _shifted(value: Any, by: timedelta) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        # The clock of a place jumps twice a year; how much later it is goes by the instant.
        return (value.astimezone(UTC) + by).astimezone(value.tzinfo)
    if isinstance(value, timedelta | datetime):
        return value + by
    if isinstance(value, date):
        return (datetime.combine(value, time()) + by).date()
    if isinstance(value, time):
        return (datetime.combine(date(2000, 1, 2), value) + by).timetz()
    return None


def _apart(left: Any, right: Any) -> timedelta | None:
    pair = alike(left, right)
    if pair is None and isinstance(left, date) and isinstance(right, date):
        pair = _midnight(left), _midnight(right)
    if pair is None or _zoned(left) is not _zoned(right):
        return None
    if isinstance(left, time) or isinstance(right, time):
        return timedelta(microseconds=pair[0] - pair[1])
    return pair[0] - pair[1] if isinstance(pair[0], date) else None


def _zoned(value: Any) -> bool:
    """A date alone is midnight in UTC, a text is what it is compared with."""
    return not isinstance(value, datetime | time) or value.tzinfo is not None


def _midnight(day: date) -> datetime:
    if not isinstance(day, datetime):
        return datetime.combine(day, time(), UTC)
    return day.astimezone(UTC) if day.tzinfo else day.replace(tzinfo=UTC)


def _later(day: date, months: int) -> date:
    """The same day some months on, or the last one of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, day.day - 4, -1):
        try:
            return day.replace(year=years, month=month + 1, day=last)
        except ValueError:
            continue
    raise OutOfReachError.of_year(_("A date that is moved"))


def _scaled(mark: str, left: Any, right: Any) -> Any:
    """A duration times a number, or divided by one or by another duration."""
    if mark == "*" and is_number(left):
        left, right = right, left
    if mark == "/" and type(left) is type(right) and isinstance(left, timedelta | Months):
        return _of_numbers("/", _amount(left), _amount(right)) if _amount(right) else None
    right = exact(right)
    if not isinstance(left, timedelta | Months) or not is_number(right) or mark not in ("*", "/"):
        return None
    scaled = _of_numbers(mark, _amount(left), right)
    try:
        if isinstance(left, Months):
            return None if scaled is None else Months(int(scaled))
        return None if scaled is None else timedelta(microseconds=int(scaled * 1_000_000))
    except OverflowError:
        raise OutOfReachError.of_length(_("that is worked out")) from None


def _amount(length: Any) -> int | Decimal:
    """Months, or seconds."""
    if isinstance(length, Months):
        return length.count
    return Decimal(length // timedelta(microseconds=1)) / 1_000_000
