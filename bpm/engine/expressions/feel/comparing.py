"""Comparisons, tests and arithmetic compiled: what a rule's cell asks, and what `=`, `<`, `in` and `between` come to.

Source: OMG DMN 1.5 §10.3.2.7, §10.3.2.8 (unary tests), §10.3.2.12 to §10.3.2.15. A value of the wrong kind is null.
"""

import operator
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bpm.engine.expressions.feel.scope import Evaluate, Run, Scope
from bpm.engine.expressions.feel.values.arithmetic import computed
from bpm.engine.expressions.feel.values.values import Months, Range, alike, equal, exact, is_number, negated

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SCALARS = (int, str)


def compared(mark: str, left: Any, right: Any, run: Run) -> bool | None:
    """`left mark right`, null where the two are not of one kind."""
    if mark in _ORDER:
        if type(left) is not int or type(right) is not int:
            pair = alike(left, right)
            if pair is None or isinstance(pair[0], bool | list | dict | Range):
                return None
            left, right = pair
        return _ORDER[mark](left, right)
    if isinstance(left, list | dict):
        run.pay(left)
    held = same(left, right)
    return held if mark == "=" or held is None else not held


def same(left: Any, right: Any) -> bool | None:
    """FEEL's `=`."""
    if type(left) is type(right) and type(left) in _SCALARS:
        return bool(left == right)
    return equal(left, right)


def within(value: Any, test: Any) -> bool | None:
    """`value in test` for a test that is a range, a list of values and ranges, or a value."""
    if isinstance(test, Range):
        return test.holds(value)
    if isinstance(test, Excluded):
        held = same(value, test.value)
        return None if held is None else not held
    if isinstance(test, list):
        return any(_is(value, item) is True for item in test) or same(value, test) is True
    return same(value, test) is True


def _is(value: Any, item: Any) -> bool | None:
    """Whether a value is an item of a list, or lies in one that is a range; a list in a list is a value like others."""
    return within(value, item) if isinstance(item, Range | Excluded) else same(value, item)


class Excluded:
    """Every value but one: `(!= 5)`."""

    def __init__(self, value: Any) -> None:
        self.value = value


def fits(value: Any, wanted: Any, run: Run) -> bool | None:
    """A cell that is an expression: true by itself, a list or range that has the value, or equal to it."""
    if wanted is True and not isinstance(value, bool):
        return True
    if isinstance(wanted, list):
        run.pay(wanted)
        return within(value, wanted)
    if isinstance(wanted, Range | Excluded):
        return within(value, wanted)
    return same(value, wanted)


def sum_of(mark: str, left: Evaluate, right: Evaluate) -> Evaluate:
    """`left mark right` for + - * / **."""

    def evaluate(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        if isinstance(first, str):
            scope.run.pay(first)
        return computed(mark, single(first), single(second))

    return evaluate


def single(value: Any) -> Any:
    """A list of one is that one where a value is wanted."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def negative(value: Any) -> Any:
    value = exact(value)
    if isinstance(value, Months):
        return Months(-value.count)
    if isinstance(value, timedelta):
        return -value
    return negated(value) if is_number(value) else None


def logic(decisive: bool, parts: list[Evaluate]) -> Evaluate:  # noqa: FBT001 -- False for `and`, True for `or`
    """`and` and `or` of three values: null is unknown, and what is no truth is as unknown."""

    def evaluate(scope: Scope) -> bool | None:
        known = True
        for part in parts:
            value = part(scope)
            if value is decisive:
                return bool(decisive)
            known = known and isinstance(value, bool)
        return not decisive if known else None

    return evaluate
