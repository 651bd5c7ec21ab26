"""FEEL's functions of lists, and those that say something of a value.

Source: OMG DMN 1.5 §10.3.4.4 to §10.3.4.7. `min(1, 2)` and `min([1, 2])` are both FEEL.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException, InvalidOperation
from functools import reduce
from typing import Any

from bpm.engine.expressions.feel.functions.texts_and_numbers import Function, guarded
from bpm.engine.expressions.feel.values.values import DIGITS, alike, equal, exact, is_number, tidy
from bpm.foundation.errors import ExpressionError

MOST_COMPARED = 1_000


def as_list(value: Any) -> list[Any]:
    """FEEL's singletons: a value is a list of itself, null is none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _items(values: tuple[Any, ...]) -> list[Any] | None:
    if len(values) != 1:
        return list(values)
    return None if values[0] is None else as_list(values[0])


def _ordered(sign: int) -> Function:
    def extreme(*values: Any) -> Any:
        items = _items(values)
        if not items or any(alike(items[0], item) is None for item in items):
            return None
        best = items[0]
        for item in items[1:]:
            left, right = alike(item, best) or (0, 0)
            if (left > right if sign > 0 else left < right) and not isinstance(left, bool):
                best = item
        return exact(best) if not isinstance(best, bool | list | dict) else None

    return extreme


def _numbers(values: tuple[Any, ...]) -> list[Decimal] | None:
    items = _items(values)
    if not items or not all(is_number(item) and exact(item) is not None for item in items):
        return None
    return [Decimal(exact(item)) for item in items]


def _of_numbers(compute: Callable[[list[Decimal]], Decimal]) -> Function:
    def computed(*values: Any) -> Any:
        items = _numbers(values)
        try:
            return None if items is None else tidy(compute(items))
        except DecimalException:
            return None

    return computed


def _sum(items: list[Decimal]) -> Decimal:
    return reduce(DIGITS.add, items)


def _mean(items: list[Decimal]) -> Decimal:
    return DIGITS.divide(_sum(items), Decimal(len(items)))


def _median(items: list[Decimal]) -> Decimal:
    items, half = sorted(items), len(items) // 2
    return items[half] if len(items) % 2 else _mean(items[half - 1 : half + 1])


def _deviation(items: list[Decimal]) -> Decimal:
    mean = _mean(items)
    if len(items) < 2:
        raise InvalidOperation
    squares = [DIGITS.power(DIGITS.subtract(item, mean), Decimal(2)) for item in items]
    return DIGITS.sqrt(DIGITS.divide(_sum(squares), Decimal(len(items) - 1)))


def _mode(*values: Any) -> list[Any] | None:
    items = _items(values) if values else None
    if items is None or not all(is_number(item) for item in items):
        return None
    return sorted(statistics.multimode([exact(item) for item in items]))


def _decided(verdict: bool) -> Function:  # noqa: FBT001 -- the one value that decides: False for all, True for any
    def decided(*values: Any) -> bool | None:
        items = _items(values)
        if not values or items is None or any(item is verdict for item in items):
            return None if items is None or not values else verdict
        return not verdict if all(item is (not verdict) for item in items) else None

    return decided


def _index(items: list[Any], position: Any) -> int | None:
    position = exact(position)
    if not is_number(position) or not position or position != int(position) or abs(position) > len(items):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


def _sublist(items: list[Any], position: Any, length: Any = None) -> list[Any] | None:
    start = _index(items, position)
    if start is None:
        return None
    if length is None:
        return items[start:]
    length = exact(length)
    return items[start : start + int(length)] if is_number(length) and length >= 1 else None


def _insert_before(items: list[Any], position: Any, item: Any) -> list[Any] | None:
    at = _index(items, position)
    return None if at is None else [*items[:at], item, *items[at:]]


def _remove(items: list[Any], position: Any) -> list[Any] | None:
    at = _index(items, position)
    return None if at is None else [*items[:at], *items[at + 1 :]]


def _distinct(values: Any) -> list[Any]:
    items = as_list(values)
    if are_simple(items):
        return _first_of_each(items)
    if len(items) > MOST_COMPARED:
        raise ExpressionError("The list is too long to look for equal values.")
    found: list[Any] = []
    for item in items:
        if not any(equal(item, known) is True for known in found):
            found.append(item)
    return found


def _first_of_each(items: list[Any]) -> list[Any]:
    found: dict[Any, Any] = {}
    for item in items:
        found.setdefault(_key(item), item)
    return list(found.values())


def are_simple(items: list[Any]) -> bool:
    """Whether all are numbers, texts, truths or null, which are told apart without comparing each with each."""
    return all(item is None or isinstance(item, str | int | float | Decimal) for item in items)


def _key(item: Any) -> Any:
    return (type(item), item) if item is None or isinstance(item, bool | str) else (int, exact(item))


def _repeated(values: list[Any]) -> list[Any]:
    """Values that are there more than once, each once, as Camunda extends FEEL."""
    if are_simple(values):
        times = Counter(map(_key, values))
        return [item for item in _distinct(values) if times[_key(item)] > 1]
    return [item for item in _distinct(values) if sum(equal(item, other) is True for other in values) > 1]


def _partition(values: list[Any], size: Any) -> list[list[Any]] | None:
    """Lists of at most `size` values, as Camunda extends FEEL."""
    if not is_number(size) or size < 1:
        return None
    return [values[at : at + int(size)] for at in range(0, len(values), int(size))]


def _concatenate(*values: Any) -> list[Any]:
    return [item for each in values for item in as_list(each)]


def _flatten(values: Any) -> list[Any]:
    flat: list[Any] = []
    for item in as_list(values):
        flat.extend(_flatten(item) if isinstance(item, list) else [item])
    return flat


def _assert_that(value: Any, condition: Any, cause: Any = None) -> Any:
    """`assert(value, condition, "why")`, as FEEL is extended by Camunda 8: the value, or a failure that says why."""
    if condition is not True:
        raise ExpressionError(str(cause or "An assertion of the decision does not hold."))
    return value


LISTS: Mapping[str, Function] = {
    "min": _ordered(-1),
    "max": _ordered(1),
    "sum": _of_numbers(_sum),
    "mean": _of_numbers(_mean),
    "median": _of_numbers(_median),
    "product": _of_numbers(lambda items: reduce(DIGITS.multiply, items)),
    "stddev": _of_numbers(_deviation),
    "mode": _mode,
    "all": _decided(False),  # noqa: FBT003
    "any": _decided(True),  # noqa: FBT003
    "count": guarded(len, list),
    "list_contains": guarded(lambda items, item: any(equal(each, item) is True for each in items), list),
    "sublist": guarded(_sublist, list),
    "append": guarded(lambda items, *more: [*items, *more], list),
    "concatenate": _concatenate,
    "insert_before": guarded(_insert_before, list),
    "remove": guarded(_remove, list),
    "reverse": guarded(lambda items: items[::-1], list),
    "index_of": guarded(lambda items, item: [n for n, each in enumerate(items, 1) if equal(each, item) is True], list),
    "distinct_values": guarded(_distinct, list),
    "duplicate_values": guarded(_repeated, list),
    "union": lambda *values: _distinct(_concatenate(*values)),
    "flatten": guarded(_flatten, list),
    "partition": guarded(_partition, list),
    "is_empty": guarded(lambda items: not items, list),
}

ASSERTIONS: Mapping[str, Function] = {
    "assert_that": _assert_that,
    "is_defined": lambda value: value is not None,
    "get_or_else": lambda value, other: other if value is None else value,
}
