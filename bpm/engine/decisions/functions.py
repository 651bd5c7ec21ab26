"""FEEL's functions of texts and numbers; none reads a clock, none takes a pattern that could run for ever.

Source: OMG DMN 1.5 §10.3.4. What a function cannot do with its arguments is null, as the standard says.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from functools import wraps
from typing import Any

from bpm.engine.decisions.kinds import to_number
from bpm.engine.decisions.patterns import matches
from bpm.engine.decisions.values import Months, as_text, is_number, number
from bpm.engine.spiff.operations import MAX_LENGTH
from bpm.errors import ExpressionError

Function = Callable[..., Any]
NUMBER = (int, float)
MOST_DIGITS = 30


def guarded(function: Function, *kinds: type | tuple[type, ...]) -> Function:
    """`function`, which is null when an argument is not of the kind that stands in its place; one in a list is one."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        taken = list(arguments)
        for place, (value, kind) in enumerate(zip(arguments, kinds, strict=False)):
            if isinstance(value, list) and len(value) == 1 and kind is not list:
                taken[place] = value[0]
            if not isinstance(taken[place], kind) or isinstance(taken[place], bool):
                return None
        return function(*taken)

    return call


def _substring(text: str, start: Any, length: Any = None) -> str | None:
    if not is_number(start) or not start or (length is not None and not is_number(length)):
        return None
    first = int(start) - 1 if start > 0 else len(text) + int(start)
    if not 0 <= first < len(text):
        return None
    return text[first:] if length is None else text[first : first + max(int(length), 0)]


def _split(text: str, pattern: str) -> list[str] | None:
    """Signs as they are, and `\\s`: any other pattern could run for ever."""
    if pattern in ("\\s", "\\s+", "\\s*,\\s*"):
        return re.split(pattern, text)
    plain = re.sub(r"\\([^\w\s])", r"\1", pattern)
    if not pattern or re.search(r"[.^$*+?()\[\]{}|]|\\\w", re.sub(r"\\[^\w\s]", "", pattern)):
        raise ExpressionError(f"The pattern {pattern!r} is not executed.", remedy="Split at signs, or at \\s.")
    return text.split(plain)


def _string_join(items: Any, delimiter: Any = "") -> str | None:
    if items is None:
        return None
    items = items if isinstance(items, list) else [items]
    parts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in parts) or not isinstance(delimiter or "", str):
        return None
    if sum(map(len, parts)) + len(delimiter or "") * len(parts) > MAX_LENGTH:
        raise ExpressionError("The text is too long.")
    return (delimiter or "").join(parts)


def _string(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if is_number(value):
        return format(Decimal(str(value)), "f")
    return str(value) if isinstance(value, list | dict) else as_text(value)


def _number(text: str, grouping: Any = None, point: Any = None) -> Any:
    if not {grouping, point} <= {None, " ", ",", "."} or (grouping == point and point):
        return None
    text = text.replace(grouping, "") if grouping else text
    return to_number(text.replace(point, ".") if point else text)


def _rounded(how: str) -> Function:
    def rounding(value: Any, scale: Any = 0) -> Any:
        if not is_number(value) or not is_number(scale):
            return None
        if abs(scale) > MOST_DIGITS:
            raise ExpressionError(f"A number is rounded to at most {MOST_DIGITS} digits.")
        return number(Decimal(str(value)).quantize(Decimal(1).scaleb(-int(scale)), rounding=how))

    return rounding


def _absolute(value: Any) -> Any:
    if isinstance(value, Months):
        return Months(abs(value.count))
    return abs(value) if is_number(value) or isinstance(value, timedelta) else None


def _modulo(dividend: float, divisor: float) -> Any:
    if not divisor:
        return None
    left, right = Decimal(str(dividend)), Decimal(str(divisor))
    return number(left - right * (left / right).to_integral_value(rounding=ROUND_FLOOR))


TEXTS: Mapping[str, Function] = {
    "substring": guarded(_substring, str),
    "string_length": guarded(len, str),
    "upper_case": guarded(str.upper, str),
    "lower_case": guarded(str.lower, str),
    "substring_before": guarded(lambda text, part: text.partition(part)[0] if part and part in text else "", str, str),
    "substring_after": guarded(lambda text, part: text.partition(part)[2] if part else text, str, str),
    "contains": guarded(lambda text, part: part in text, str, str),
    "starts_with": guarded(lambda text, part: text.startswith(part), str, str),
    "ends_with": guarded(lambda text, part: text.endswith(part), str, str),
    "matches": matches,
    "trim": guarded(str.strip, str),
    "split": guarded(_split, str, str),
    "string_join": _string_join,
    "string": _string,
}

NUMBERS: Mapping[str, Function] = {
    "decimal": _rounded(ROUND_HALF_EVEN),
    "floor": _rounded(ROUND_FLOOR),
    "ceiling": _rounded(ROUND_CEILING),
    "round_up": _rounded(ROUND_UP),
    "round_down": _rounded(ROUND_DOWN),
    "round_half_up": _rounded(ROUND_HALF_UP),
    "round_half_down": _rounded(ROUND_HALF_DOWN),
    "round": _rounded(ROUND_HALF_EVEN),
    "abs": _absolute,
    "modulo": guarded(_modulo, NUMBER, NUMBER),
    "sqrt": guarded(lambda value: math.sqrt(value) if value >= 0 else None, NUMBER),
    "log": guarded(lambda value: math.log(value) if value > 0 else None, NUMBER),
    "exp": guarded(lambda value: math.exp(value) if value < 700 else None, NUMBER),
    "odd": guarded(lambda value: value % 2 == 1, NUMBER),
    "even": guarded(lambda value: value % 2 == 0, NUMBER),
    "number": guarded(_number, str),
}
