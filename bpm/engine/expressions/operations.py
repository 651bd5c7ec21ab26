"""What an expression may compute: operators, functions and methods, each bounded in size."""

import ast
import json
import operator
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bpm.engine.plain_values import is_finite, problem_of
from bpm.foundation.errors import ExpressionError

_Value = TypeVar("_Value")


MAX_BITS = 64


MAX_LENGTH = 100_000


def bounded(value: _Value) -> _Value:
    """Let a value pass that is of a kind and size that variables may have."""
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise ExpressionError("The number is too large.")
    if not is_finite(value):
        raise ExpressionError("The result is no finite number.", remedy="Keep numbers below 1.8e308.")
    if isinstance(value, str | list | tuple | dict | set) and len(value) > MAX_LENGTH:
        raise ExpressionError("The value is too long.")
    return value


def _number(value: Any) -> Any:
    if not isinstance(value, int | float):
        raise ExpressionError(f"A number is needed here, not {type(value).__name__}.")
    return bounded(value)


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str | list | tuple) and type(left) is type(right):
        if len(left) + len(right) > MAX_LENGTH:
            raise ExpressionError("The value is too long.")
        return left + right  # type: ignore[operator]  # both are of one type
    if isinstance(left, str) or isinstance(right, str):
        raise ExpressionError("Text and other values cannot be added; use str(...).")
    return _number(left) + _number(right)


def _power(base: Any, exponent: Any) -> Any:
    base, exponent = _number(base), _number(exponent)
    if isinstance(base, int) and abs(exponent) * max(base.bit_length(), 1) > 4 * MAX_BITS:
        raise ExpressionError("The power is too large.")
    result = base**exponent
    if isinstance(result, complex):
        raise ExpressionError("The root of a negative number has no value here.")
    return result


def _range(*bounds: int) -> list[int]:
    numbers = range(*bounds)
    if max(abs(bound) for bound in bounds) > 2**MAX_BITS or numbers[10_000:10_001]:
        raise ExpressionError("The range is longer than 10000 numbers.")
    return list(numbers)


def _round(value: Any, digits: int | None = None) -> Any:
    if digits is not None and abs(digits) > 20:
        raise ExpressionError("At most 20 digits.")
    return round(_number(value), digits)


def as_text(value: Any = "") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return bounded("" if value is None else str(value))


def _whole(value: Any = 0) -> int:
    if isinstance(value, str) and len(value) > 40:
        raise ExpressionError("The text is too long for a number.")
    return bounded(int(value))


def _json(value: Any) -> Any:
    """JSON text as the value that it stands for; anything that is no text is that value already."""
    if not isinstance(value, str):
        return value
    read = json.loads(bounded(value))
    if problem := problem_of(read):
        raise ExpressionError(f"The JSON text cannot be used: {problem}.")
    return read


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": lambda value: abs(_number(value)),
    "all": all,
    "any": any,
    "bool": bool,
    "dict": dict,
    "enumerate": lambda values: [list(pair) for pair in enumerate(values)],
    "float": lambda value=0: float(_number(value) if not isinstance(value, str) else value[:400]),
    "int": _whole,
    "json": _json,
    "len": len,
    "list": list,
    "max": max,
    "min": min,
    "range": _range,
    "reversed": lambda values: list(reversed(values)),
    "round": _round,
    "set": set,
    "sorted": sorted,
    "str": as_text,
    "sum": lambda values, start=0: sum((_number(value) for value in values), start),
    "tuple": tuple,
    "zip": lambda *values: [list(pair) for pair in zip(*values, strict=False)],
}


def _replace(text: str, old: str, new: str) -> str:
    if len(text) + text.count(old) * len(new) > MAX_LENGTH:
        raise ExpressionError("The text is too long.")
    return text.replace(old, new)


def joined(text: str, parts: Iterable[Any]) -> str:
    texts = [part if isinstance(part, str) else as_text(part) for part in parts]
    if sum(map(len, texts)) + len(text) * len(texts) > MAX_LENGTH:
        raise ExpressionError("The text is too long.")
    return text.join(texts)


METHODS: dict[str, tuple[tuple[type, ...], Callable[..., Any]]] = {
    "count": ((str, list, tuple), lambda values, item: values.count(item)),
    "endswith": ((str,), lambda text, end: text.endswith(end)),
    "find": ((str,), lambda text, part: text.find(part)),
    "get": ((dict,), lambda mapping, key, default=None: mapping.get(key, default)),
    "index": ((str, list, tuple), lambda values, item: values.index(item)),
    "items": ((dict,), lambda mapping: [list(pair) for pair in mapping.items()]),
    "join": ((str,), joined),
    "keys": ((dict,), list),
    "lower": ((str,), lambda text: text.lower()),
    "replace": ((str,), _replace),
    "split": ((str,), lambda text, by=None: text.split(by)),
    "startswith": ((str,), lambda text, start: text.startswith(start)),
    "strip": ((str,), lambda text: text.strip()),
    "upper": ((str,), lambda text: text.upper()),
    "values": ((dict,), lambda mapping: list(mapping.values())),
}


BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: lambda left, right: (
        left - right if isinstance(left, set) and isinstance(right, set) else _number(left) - _number(right)
    ),
    ast.Mult: lambda left, right: _number(left) * _number(right),
    ast.Div: lambda left, right: _number(left) / _number(right),
    ast.FloorDiv: lambda left, right: _number(left) // _number(right),
    ast.Mod: lambda left, right: _number(left) % _number(right),
    ast.Pow: _power,
}


UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: lambda value: -_number(value),
    ast.UAdd: lambda value: +_number(value),
}


COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: lambda left, right: left is right or (left is not None and right is not None and left == right),
    ast.IsNot: lambda left, right: not (left is right or (left is not None and right is not None and left == right)),
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
