"""JUEL's coercions: how numbers, booleans, texts and null meet in its operators; plain values in and out.

Source: Jakarta Expression Language 5.0 §1.7 to §1.10 (operators), §1.23 (coercion). What cannot be coerced is an
ExpressionError.
"""

import ast
import math
import re
from collections.abc import Callable
from typing import Any

from bpm.engine.expressions.operations import BINARY, as_text
from bpm.foundation.errors import ExpressionError

_PLAIN = frozenset([int, float, str, bool])
"""Two values of one of these kinds need no coercion."""
_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_DECIMAL = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*", re.ASCII)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def to_boolean(value: Any) -> bool:
    """Null and the empty text are false, a text is true when it says so (§1.23.4)."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str):
        return value.lower() == "true"
    raise ExpressionError(f"True or false is needed here, not {spoken(value)}.", remedy="Compare it with something.")


def to_text(value: Any) -> str:
    return as_text(value)


def to_whole(value: Any) -> int:
    """A whole number; null and the empty text are 0 (§1.23.3)."""
    if value is None or value == "":
        return 0
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if is_number(value):
        return int(value)
    raise _no_number(value, "whole number")


def to_decimal(value: Any) -> float:
    """A number with a fraction; null and the empty text are 0."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, str) and len(value) <= 400 and _DECIMAL.fullmatch(value):
        return float(value)
    if is_number(value):
        return float(value)
    raise _no_number(value, "number")


def _no_number(value: Any, wanted: str) -> ExpressionError:
    return ExpressionError(
        f"A {wanted} is needed here, not {spoken(value)}.", remedy="Give it a number, or compare it as a text."
    )


def computed(operation: ast.operator, left: Any, right: Any) -> int | float:
    """`left + right` and its like; null counts as 0, texts are read as numbers (§1.7)."""
    if isinstance(operation, ast.Div):
        return _divided(to_decimal(left), to_decimal(right)) if (left, right) != (None, None) else 0
    convert = to_decimal if _has_fraction(left) or _has_fraction(right) else to_whole
    top, bottom = convert(left), convert(right)
    if isinstance(operation, ast.Mod):
        return _remainder(top, bottom) if (left, right) != (None, None) else 0
    result: int | float = BINARY[type(operation)](top, bottom)
    return result


def _has_fraction(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, str) and any(sign in value for sign in ".eE"))


def _divided(top: float, bottom: float) -> float:
    if not bottom:
        raise ExpressionError("Something is divided by zero.")
    return top / bottom


def _remainder(top: float, bottom: float) -> int | float:
    """With the sign of what is divided, as in Java."""
    if not bottom:
        raise ExpressionError("Something is divided by zero.")
    rest = math.fmod(top, bottom) if isinstance(top, float) else abs(top) % abs(bottom)
    return rest if isinstance(top, float) or top >= 0 else -rest


def negated(value: Any) -> int | float:
    """`-value` (§1.7.6)."""
    return -to_decimal(value) if _has_fraction(value) else -to_whole(value)


def equal(left: Any, right: Any) -> bool:
    """`left == right`: a number, else a boolean, else a text decides as what the other one is read (§1.8.2)."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    if is_number(left) or is_number(right):
        convert = to_decimal if isinstance(left, float) or isinstance(right, float) else to_whole
        return convert(left) == convert(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    if isinstance(left, str) or isinstance(right, str):
        return to_text(left) == to_text(right)
    return bool(left == right)


def same(left: Any, right: Any) -> bool:
    """Java's `left.equals(right)`: nothing is coerced."""
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)


def ordered(comparison: ast.cmpop, left: Any, right: Any) -> bool:
    """`left < right` and its like; null is in no order (§1.8.1)."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return _ORDER[type(comparison)](left, right)
    if left is None or right is None:
        return left is right and isinstance(comparison, ast.LtE | ast.GtE)
    if is_number(left) or is_number(right):
        convert: Callable[[Any], Any] = to_decimal
        if not isinstance(left, float) and not isinstance(right, float):
            convert = to_whole
        return _ORDER[type(comparison)](convert(left), convert(right))
    if isinstance(left, str) or isinstance(right, str):
        return _ORDER[type(comparison)](to_text(left), to_text(right))
    raise ExpressionError(f"There is no order between {spoken(left)} and {spoken(right)}.")


_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda left, right: bool(left < right),
    ast.LtE: lambda left, right: bool(left <= right),
    ast.Gt: lambda left, right: bool(left > right),
    ast.GtE: lambda left, right: bool(left >= right),
}


def is_empty(value: Any) -> bool:
    """`empty value` (§1.10)."""
    return value is None or (isinstance(value, str | list | tuple | dict | set) and not value)


def spoken(value: Any) -> str:
    """What a value is, in words: the text 'abc', the number 5, a list."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {value[:60] + '...' if len(value) > 60 else value!r}"
    if is_number(value):
        return f"the number {value}"
    return "a list" if isinstance(value, list | tuple | set) else "an object"
