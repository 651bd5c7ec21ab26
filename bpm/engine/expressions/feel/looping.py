"""`for`, `some`, `every` and filters compiled: what goes through the items of a list, one step of the budget each.

Source: OMG DMN 1.5 §10.3.2.14 (iteration, quantified expressions) and §10.3.2.5 (filters).
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from bpm.engine.expressions.feel import tree
from bpm.engine.expressions.feel.functions.lists import as_list
from bpm.engine.expressions.feel.scope import Evaluate, Run, Scope
from bpm.engine.expressions.feel.truths import is_truth
from bpm.engine.expressions.feel.values.values import Range, exact, is_number
from bpm.foundation.errors import ExpressionError

Compile = Callable[[tree.Node], Evaluate]
LONGEST_SPAN = 100_000
Round = tuple[str, Callable[[Scope], list[Any] | None]]
"""A name, and the values that it goes through."""


def for_each(node: tree.For, compiled: Compile) -> Evaluate:
    """The results of all rounds; `partial` is what has been made so far."""
    loops = [_values_of(loop, compiled) for loop in node.loops]
    return looped(loops, compiled(node.made), partial=node.partial, cost=tree.size(node.made))


def looped(loops: list[Round], made: Evaluate, *, partial: bool, cost: int = 1) -> Evaluate:
    """What is made in every round, as a list."""

    def evaluate(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        for inner in _rounds(loops, scope):
            scope.run.budget.pay(cost)
            if inner is None:
                return None
            if partial:
                scope.run.budget.pay(len(results) // 16)
                inner = inner.inside({"partial": results[:]})  # noqa: PLW2901 -- one name more in the same round
            results.append(made(inner))
        return results

    return evaluate


def quantified(node: tree.Quantified, compiled: Compile) -> Evaluate:
    """`some` and `every`, which are unknown where a test is and no other decides."""
    loops = [_values_of(loop, compiled) for loop in node.loops]
    return decided(loops, compiled(node.test), decisive=node.word == "some", cost=tree.size(node.test))


def decided(loops: list[Round], test: Evaluate, *, decisive: bool, cost: int = 1) -> Evaluate:
    """Whether one round is true (`decisive`), or every one."""

    def evaluate(scope: Scope) -> bool | None:
        known = True
        for inner in _rounds(loops, scope):
            scope.run.budget.pay(cost)
            verdict = test(inner) if inner is not None else None
            if verdict is decisive:
                return bool(decisive)
            known = known and isinstance(verdict, bool)
        return not decisive if known else None

    return evaluate


def _rounds(loops: list[Round], scope: Scope) -> Iterator[Scope | None]:
    """A scope for every round, the last name counting quickest; None where there is nothing to count through."""
    (name, values), *others = loops
    found = values(scope)
    if found is None:
        yield None
        return
    for value in found:
        scope.run.budget.pay(2)
        inner = scope.inside({name: value})
        if others:
            yield from _rounds(others, inner)
        else:
            yield inner


def _values_of(loop: tree.Loop, compiled: Compile) -> Round:
    low = compiled(loop.values)
    if loop.high is None:
        return loop.name, lambda scope: listed(low(scope), scope.run)
    high = compiled(loop.high)

    def span(scope: Scope) -> list[Any] | None:
        return _span(low(scope), high(scope), scope.run)

    return loop.name, span


def listed(value: Any, run: Run) -> list[Any] | None:
    """What is counted through: a list, a range, or one value."""
    if isinstance(value, Range):
        return _in_range(value, run)
    return None if value is None else as_list(value)


def _in_range(value: Range, run: Run) -> list[Any] | None:
    found = _span(value.low, value.high, run)
    if not found:
        return found
    return found[0 if value.low_included else 1 : None if value.high_included else -1]


def _span(low: Any, high: Any, run: Run) -> list[Any] | None:
    """Whole numbers or days from one to the other, up or down."""
    low, high = exact(low), exact(high)
    if type(low) is date and type(high) is date:
        days = _span(low.toordinal(), high.toordinal(), run)
        return None if days is None else [date.fromordinal(day) for day in days]
    if not is_number(low) or not is_number(high) or low != int(low) or high != int(high):
        return None
    if abs(high - low) > LONGEST_SPAN:
        raise ExpressionError(f"The range is longer than {LONGEST_SPAN} numbers.", remedy="Count through fewer.")
    run.budget.pay(abs(int(high) - int(low)))
    step = 1 if high >= low else -1
    return list(range(int(low), int(high) + step, step))


def filtered(node: tree.Filter, compiled: Compile) -> Evaluate:
    """`list[2]` counts from 1, `list[-1]` is the last; `list[condition]` is a list; what is not there is null."""
    items_of, condition = compiled(node.items), compiled(node.condition)
    cost = tree.size(node.condition)
    if is_truth(node.condition):
        return lambda scope: kept(as_list(items_of(scope)), condition, scope, cost=cost)

    def evaluate(scope: Scope) -> Any:
        items = as_list(items_of(scope))
        position = condition(scope)
        if is_number(position):
            return _at(items, exact(position))
        return kept(items, condition, scope, cost=cost)

    return evaluate


def _at(items: list[Any], position: Any) -> Any:
    if not position or abs(position) > len(items) or position != int(position):
        return None
    return exact(items[int(position) - 1 if position > 0 else int(position)])


def kept(items: list[Any], condition: Evaluate, scope: Scope, *, cost: int = 1) -> Any:
    """The items for which the condition is true; the one at its place where the condition is a number."""
    found = []
    for item in items:
        scope.run.budget.pay(1 + cost)
        inner = scope.inside({"item": item})
        if isinstance(item, dict):
            inner = inner.inside(item)
        verdict = condition(inner)
        if verdict is True:
            found.append(item)
        elif is_number(verdict):
            return _at(items, exact(verdict))
    return found
