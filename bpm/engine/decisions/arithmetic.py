"""FEEL's arithmetic: numbers exact in decimal, dates moved by durations; null for what does not go together.

Source: OMG DMN 1.5 §10.3.2.15 (table 57 and those after it).
"""

import ast
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpm.engine.decisions.values import Months, alike, is_number, number
from bpm.engine.spiff.operations import BINARY


def computed(operation: ast.operator, left: Any, right: Any) -> Any:
    """`left operation right`, or None where FEEL knows no such sum."""
    if is_number(left) and is_number(right):
        return _of_numbers(operation, left, right)
    if isinstance(operation, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return BINARY[ast.Add](left, right)
    if isinstance(operation, ast.Add | ast.Sub):
        sign = 1 if isinstance(operation, ast.Add) else -1
        try:
            return _moved(left, right, sign)
        except (OverflowError, ValueError):
            return None
    return _scaled(operation, left, right)


def _of_numbers(operation: ast.operator, left: Any, right: Any) -> Any:
    """Exact in decimal, so that ten cents three times are thirty cents."""
    if isinstance(operation, ast.Pow):
        return BINARY[ast.Pow](left, right)
    if isinstance(left, int) and isinstance(right, int) and not isinstance(operation, ast.Div):
        return BINARY[type(operation)](left, right)
    if isinstance(operation, ast.Div) and not right:
        return None
    return number(_EXACT[type(operation)](Decimal(str(left)), Decimal(str(right))))


_EXACT: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.FloorDiv: lambda left, right: left // right,
    ast.Mod: lambda left, right: left % right,
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
    if isinstance(value, timedelta | datetime):
        return value + by
    if isinstance(value, date):
        return (datetime.combine(value, time()) + by).date()
    if isinstance(value, time):
        return (datetime.combine(date(2000, 1, 2), value) + by).timetz()
    return None


def _apart(left: Any, right: Any) -> timedelta | None:
    pair = alike(left, right)
    if pair is not None and isinstance(pair[0], time):
        day = date(2000, 1, 2)
        pair = datetime.combine(day, pair[0]), datetime.combine(day, pair[1])
    if pair is None and isinstance(left, date) and isinstance(right, date):
        pair = _midnight(left), _midnight(right)
    if pair is None or not isinstance(pair[0], date) or _zoned(left) is not _zoned(right):
        return None
    return pair[0] - pair[1]  # type: ignore[no-any-return]


def _zoned(value: Any) -> bool:
    """A date alone is midnight in UTC, a text is what it is compared with."""
    return not isinstance(value, datetime | time) or value.tzinfo is not None


def _midnight(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)


def _later(day: date, months: int) -> date | None:
    """The same day some months on, or the last one of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, day.day - 4, -1):
        try:
            return day.replace(year=years, month=month + 1, day=last)
        except ValueError:
            continue
    return None


def _scaled(operation: ast.operator, left: Any, right: Any) -> Any:
    """A duration times a number, or divided by one or by another duration."""
    if isinstance(operation, ast.Mult) and is_number(left):
        left, right = right, left
    if isinstance(operation, ast.Div) and type(left) is type(right) and isinstance(left, timedelta | Months):
        return _ratio(left, right)
    if not is_number(right) or not isinstance(operation, ast.Mult | ast.Div):
        return None
    if not right and isinstance(operation, ast.Div):
        return None
    factor = right if isinstance(operation, ast.Mult) else 1 / right
    if isinstance(left, Months):
        return Months(int(left.count * factor))
    return left * factor if isinstance(left, timedelta) else None


def _ratio(left: Any, right: Any) -> int | float | None:
    top, bottom = (each.count if isinstance(each, Months) else each.total_seconds() for each in (left, right))
    return number(Decimal(str(top)) / Decimal(str(bottom))) if bottom else None
