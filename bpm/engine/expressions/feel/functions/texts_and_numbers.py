"""FEEL's functions of texts and numbers; none reads a clock, none takes a pattern that could run for ever.

Source: OMG DMN 1.5 §10.3.4. What a function cannot do with its arguments is null, as the standard says.
"""

import base64
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
    DecimalException,
)
from functools import wraps
from typing import Any

from bpm.engine.expressions.feel.values.patterns import extracted, matches, replaced, split_at
from bpm.engine.expressions.feel.values.type_names import to_number
from bpm.engine.expressions.feel.values.values import DIGITS, READERS, Months, Range, as_text, exact, is_number, tidy
from bpm.engine.expressions.operations import MAX_LENGTH
from bpm.foundation.errors import ExpressionError

Function = Callable[..., Any]
NUMBER = (int, float, Decimal)
MOST_DIGITS = 6_144


def guarded(function: Function, *kinds: type | tuple[type, ...]) -> Function:
    """`function`, which is null when an argument is not of the kind that stands in its place.

    A list of one is that one where no list is wanted, and a value is a list of itself where one is.
    """

    @wraps(function)
    def call(*arguments: Any) -> Any:
        taken = list(arguments)
        for place, (value, kind) in enumerate(zip(arguments, kinds, strict=False)):
            if kind is list and not isinstance(value, list) and value is not None:
                taken[place] = [value]
            elif kind is not list and isinstance(value, list) and len(value) == 1:
                taken[place] = value[0]
            taken[place] = exact(taken[place])
            if not isinstance(taken[place], kind) or isinstance(taken[place], bool):
                return None
        return function(*taken)

    return call


def _substring(text: str, start: Any, length: Any = None) -> str | None:
    start, length = exact(start), exact(length)
    if not is_number(start) or not start or (length is not None and not is_number(length)):
        return None
    first = int(start) - 1 if start > 0 else len(text) + int(start)
    if not 0 <= first < len(text):
        return None
    if length is not None and length < 1:
        return None
    return text[first:] if length is None else text[first : first + int(length)]


def _string_join(items: Any, delimiter: Any = "", prefix: Any = "", suffix: Any = "") -> str | None:
    """The texts of a list, one after the other, nulls left out; prefix and suffix are Camunda's."""
    if items is None:
        return None
    parts = [item for item in (items if isinstance(items, list) else [items]) if item is not None]
    between, *around = ("" if each is None else each for each in (delimiter, prefix, suffix))
    if not all(isinstance(each, str) for each in (*parts, between, *around)):
        return None
    if sum(map(len, parts)) + len(between) * len(parts) > MAX_LENGTH:
        raise ExpressionError("The text is too long.")
    return f"{around[0]}{between.join(parts)}{around[1]}"


def to_string(value: Any) -> str | None:
    """Any value as text; texts inside lists and contexts stand in quotes."""
    if value is None or isinstance(value, str):
        return value
    return _written(value)


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if is_number(value):
        return _digits(exact(value))
    if isinstance(value, list):
        return _within_length("[" + ", ".join(map(_written, value)) + "]")
    if isinstance(value, dict):
        return _within_length("{" + ", ".join(f"{name}: {_written(item)}" for name, item in value.items()) + "}")
    return as_text(value) if isinstance(value, (*READERS, Range)) else "function"


def _digits(value: Any) -> str:
    if value is None:
        return "null"
    plain = tidy(Decimal(value))
    return str(plain) if isinstance(plain, int) else format(DIGITS.normalize(plain), "f")


def _within_length(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise ExpressionError("The text is too long.")
    return text


def _number(text: Any, grouping: Any = None, point: Any = None) -> Any:
    if is_number(text) and grouping is None and point is None:
        return exact(text)
    if not isinstance(text, str):
        return None
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping == point and point):
        return None
    text = text.replace(grouping, "") if grouping else text
    return to_number(text.replace(point, ".") if point else text)


def _rounded(how: str) -> Function:
    def rounding(value: Any, scale: Any = 0) -> Any:
        value, scale = exact(value), exact(scale)
        if not is_number(value) or not is_number(scale) or abs(scale) > MOST_DIGITS:
            return None
        value = Decimal(value)
        if value.adjusted() + int(scale) > 33:
            return tidy(value)  # There are no such digits.
        try:
            return tidy(value.quantize(Decimal(1).scaleb(-int(scale)), rounding=how, context=DIGITS))
        except DecimalException:
            return None

    return rounding


def _absolute(value: Any) -> Any:
    if isinstance(value, Months):
        return Months(abs(value.count))
    value = exact(value)
    if isinstance(value, Decimal):
        return value.copy_abs()
    return abs(value) if is_number(value) or isinstance(value, timedelta) else None


def _modulo(dividend: Any, divisor: Any) -> Any:
    if not divisor:
        return None
    try:
        left, right = Decimal(dividend), Decimal(divisor)
        floor = DIGITS.divide(left, right).to_integral_value(rounding=ROUND_FLOOR)
        return tidy(DIGITS.subtract(left, DIGITS.multiply(right, floor)))
    except DecimalException:
        return None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (value == value.to_integral_value() and value.adjusted() < 34)


def _computed(compute: Callable[[Decimal], Decimal]) -> Function:
    def in_reach(value: Any) -> Any:
        try:
            found = compute(Decimal(value))
            return tidy(found) if found.is_finite() else None
        except DecimalException:
            return None

    return guarded(in_reach, NUMBER)


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
    "replace": replaced,
    "split": split_at,
    "extract": extracted,
    "string_join": _string_join,
    "string": to_string,
    "is_blank": guarded(lambda text: not text.strip(), str),
    "to_base64": guarded(lambda text: base64.b64encode(text.encode()).decode(), str),
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
    "sqrt": _computed(DIGITS.sqrt),
    "log": _computed(DIGITS.ln),
    "exp": _computed(DIGITS.exp),
    "odd": guarded(lambda value: _is_whole(value) and int(value) % 2 == 1, NUMBER),
    "even": guarded(lambda value: _is_whole(value) and int(value) % 2 == 0, NUMBER),
    "number": _number,
}
