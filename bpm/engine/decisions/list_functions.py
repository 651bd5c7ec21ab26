"""FEEL's functions of lists and contexts, and those that the reading of cells writes down itself.

Source: OMG DMN 1.5 §10.3.4.4 to §10.3.4.7. `min(1, 2)` and `min([1, 2])` are both FEEL.
"""

import math
import statistics
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bpm.engine.decisions.functions import Function, guarded
from bpm.engine.decisions.kinds import instance_of
from bpm.engine.decisions.values import alike, equal, is_number, member, number
from bpm.errors import ExpressionError

MOST_COMPARED = 1_000
LONGEST_SPAN = 10_000


def as_list(value: Any) -> list[Any]:
    """FEEL's singletons: a value is a list of itself, null is none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _items(values: tuple[Any, ...]) -> list[Any] | None:
    if len(values) != 1:
        return list(values)
    return None if values[0] is None else as_list(values[0])


def _ordered(pick: Function) -> Function:
    def extreme(*values: Any) -> Any:
        items = _items(values)
        if not items or any(alike(items[0], item) is None for item in items):
            return None
        return pick(items)

    return extreme


def _of_numbers(compute: Function) -> Function:
    def computed(*values: Any) -> Any:
        items = _items(values)
        if not items or not all(is_number(item) for item in items):
            return None
        return number(Decimal(compute([Decimal(str(item)) for item in items])))

    return computed


def _of_several(compute: Function) -> Function:
    def computed(*values: Any) -> Any:
        items = _items(values) or []
        return _of_numbers(compute)(items) if len(items) > 1 else None

    return computed


def _mode(*values: Any) -> list[Any] | None:
    items = _items(values) if values else None
    if items is None or not all(is_number(item) for item in items):
        return None
    return sorted(statistics.multimode(items))


def _context_put(context: dict[str, Any], key: Any, value: Any) -> dict[str, Any] | None:
    path = key if isinstance(key, list) else [key]
    if not path or not all(isinstance(part, str) for part in path):
        return None
    if len(path) == 1:
        return {**context, path[0]: value}
    inner = context.get(path[0], {})
    changed = _context_put(inner, path[1:], value) if isinstance(inner, dict) else None
    return None if changed is None else {**context, path[0]: changed}


def _context_merge(contexts: Any) -> dict[str, Any] | None:
    if contexts is None or not all(isinstance(each, dict) for each in as_list(contexts)):
        return None
    return {name: value for each in as_list(contexts) for name, value in each.items()}


def _decided(verdict: bool) -> Function:  # noqa: FBT001 -- the one value that decides: False for all, True for any
    def decided(*values: Any) -> bool | None:
        items = _items(values)
        if not values or items is None or any(item is verdict for item in items):
            return None if items is None or not values else verdict
        return not verdict if all(item is (not verdict) for item in items) else None

    return decided


def _index(items: list[Any], position: Any) -> int | None:
    if not is_number(position) or not position or abs(position) > len(items):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


def _sublist(items: list[Any], position: Any, length: Any = None) -> list[Any] | None:
    start = _index(items, position)
    if start is None:
        return None
    return items[start:] if length is None else items[start : start + int(length)]


def _insert_before(items: list[Any], position: Any, item: Any) -> list[Any] | None:
    at = _index(items, position)
    return None if at is None else [*items[:at], item, *items[at:]]


def _remove(items: list[Any], position: Any) -> list[Any] | None:
    at = _index(items, position)
    return None if at is None else [*items[:at], *items[at + 1 :]]


def _distinct(values: Any) -> list[Any]:
    if len(as_list(values)) > MOST_COMPARED:
        raise ExpressionError("The list is too long to look for equal values.")
    found: list[Any] = []
    for item in as_list(values):
        if not any(equal(item, known) is True for known in found):
            found.append(item)
    return found


def _concatenate(*values: Any) -> list[Any]:
    return [item for each in values for item in as_list(each)]


def _flatten(values: Any) -> list[Any]:
    flat: list[Any] = []
    for item in as_list(values):
        flat.extend(_flatten(item) if isinstance(item, list) else [item])
    return flat


def _span(low: Any, high: Any) -> list[int]:
    """The whole numbers that a `for` counts through, up or down."""
    if not is_number(low) or not is_number(high):
        raise ExpressionError("`for` counts through whole numbers only.", remedy="Give it a list.")
    if abs(high - low) > LONGEST_SPAN:
        raise ExpressionError(f"The range is longer than {LONGEST_SPAN} numbers.")
    step = 1 if high >= low else -1
    return list(range(int(low), int(high) + step, step))


def _fits(value: Any, wanted: Any) -> bool | None:
    """A cell that is an expression: true by itself, a list that has the value, or equal to it."""
    if wanted is True and not isinstance(value, bool):
        return True
    if isinstance(wanted, list) and not isinstance(value, list):
        return any(equal(value, item) is True for item in wanted)
    return equal(value, wanted)


def _assert_that(value: Any, condition: Any, cause: Any = None) -> Any:
    """`assert(value, condition, "why")`, as FEEL is extended by Camunda 8: the value, or a failure that says why."""
    if condition is not True:
        raise ExpressionError(str(cause or "An assertion of the decision does not hold."))
    return value


LISTS: Mapping[str, Function] = {
    "min": _ordered(min),
    "max": _ordered(max),
    "sum": _of_numbers(sum),
    "mean": _of_numbers(statistics.mean),
    "median": _of_numbers(statistics.median),
    "product": _of_numbers(math.prod),
    "stddev": _of_several(statistics.stdev),
    "mode": _mode,
    "all": _decided(False),  # noqa: FBT003
    "any": _decided(True),  # noqa: FBT003
    "count": guarded(len, list),
    "list_contains": guarded(lambda items, item: any(equal(each, item) is True for each in items), list),
    "sublist": guarded(_sublist, list),
    "append": lambda items, *more: [*as_list(items), *more],
    "concatenate": _concatenate,
    "insert_before": guarded(_insert_before, list),
    "remove": guarded(_remove, list),
    "reverse": guarded(lambda items: items[::-1], list),
    "index_of": guarded(lambda items, item: [n for n, each in enumerate(items, 1) if equal(each, item) is True], list),
    "distinct_values": _distinct,
    "union": lambda *values: _distinct(_concatenate(*values)),
    "flatten": _flatten,
}

CONTEXTS: Mapping[str, Function] = {
    "get_value": guarded(lambda context, key: context.get(key), dict, str),
    "get_entries": guarded(lambda context: [{"key": key, "value": value} for key, value in context.items()], dict),
    "context_put": guarded(_context_put, dict),
    "context_merge": _context_merge,
    "assert_that": _assert_that,
    "is_defined": lambda value: value is not None,
}


WRITTEN: Mapping[str, Function] = {
    "member": member,
    "as_list": as_list,
    "span": _span,
    "fits": _fits,
    "instance_of": instance_of,
    "field": lambda item, name, outside: item[name] if isinstance(item, dict) and name in item else outside,
}
"""Functions that no cell calls by name: what the reading of paths, filters and cells turns into."""
