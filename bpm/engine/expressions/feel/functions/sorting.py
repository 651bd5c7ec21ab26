"""FEEL's functions that call other functions, and what is sorted without one.

Source: OMG DMN 1.5 §10.3.4.4 (list replace) and §10.3.4.8 (sort).
"""

from collections.abc import Mapping
from functools import cmp_to_key
from typing import Any

from bpm.engine.expressions.feel.functions.lists import as_list
from bpm.engine.expressions.feel.functions.texts_and_numbers import Function
from bpm.engine.expressions.feel.scope import Run
from bpm.engine.expressions.feel.values.values import alike, is_number


def _sort(run: Run, values: Any, precedes: Any = None) -> list[Any] | None:
    """The list in order: by `precedes(a, b)`, or, where its items have an order themselves, by that."""
    if values is None:
        return None
    items = as_list(values)
    if precedes is None:
        return _in_order(items)
    if not callable(getattr(precedes, "call", None)):
        return None

    def order(left: Any, right: Any) -> int:
        if precedes.call([left, right], run=run) is True:
            return -1
        return 1 if precedes.call([right, left], run=run) is True else 0

    return sorted(items, key=cmp_to_key(order))


def _in_order(items: list[Any]) -> list[Any] | None:
    if any(isinstance(item, bool | list | dict) or alike(items[0], item) is None for item in items):
        return None

    def order(left: Any, right: Any) -> int:
        first, second = alike(left, right) or (0, 0)
        return (first > second) - (first < second)

    return sorted(items, key=cmp_to_key(order))


def _list_replace(run: Run, values: Any, where: Any, new: Any) -> list[Any] | None:
    """The list with another item at a position, or wherever `match(item, new)` is true."""
    if values is None:
        return None
    items = as_list(values)
    if is_number(where):
        place = int(where)  # The standard's cases cut off what is behind the point.
        if not place or abs(place) > len(items):
            return None
        at = place - 1 if place > 0 else len(items) + place
        return [*items[:at], new, *items[at + 1 :]]
    if not callable(getattr(where, "call", None)):
        return None
    verdicts = [where.call([item, new], run=run) for item in items]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [new if verdict else item for item, verdict in zip(items, verdicts, strict=True)]


CALLING: Mapping[str, Function] = {"sort": _sort, "list_replace": _list_replace}
