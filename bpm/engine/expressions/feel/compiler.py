"""A tree of FEEL turned into one function that is called with a scope, which is several times as quick as walking it.

Source: OMG DMN 1.5 §10.3.2. Nothing here raises for a value of the wrong kind: the result is null.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bpm.engine.expressions.feel import looping, tree
from bpm.engine.expressions.feel.comparing import (
    Excluded,
    compared,
    logic,
    negative,
    sum_of,
)
from bpm.engine.expressions.feel.functions import builtins
from bpm.engine.expressions.feel.scope import Evaluate, Lambda, Run, Scope, failing
from bpm.engine.expressions.feel.types import fits as conforms
from bpm.engine.expressions.feel.unary_tests import tested
from bpm.engine.expressions.feel.values.values import Range, alike, exact, member


def compiled(node: tree.Node) -> Evaluate:
    """The function that computes a tree."""
    made: Evaluate = _COMPILERS[type(node)](node)
    return made


def _constant(node: tree.Constant) -> Evaluate:
    value = node.value
    return lambda _scope: value


def _moment(node: tree.Moment) -> Evaluate:
    value = builtins.moment(node.text)
    return lambda _scope: value


def _name(node: tree.Name) -> Evaluate:
    name, function = node.name, builtins.find(node.name)

    def evaluate(scope: Scope) -> Any:
        at: Scope | None = scope
        while at is not None:
            if name in at.names:
                value = at.names[name]
                return exact(value) if type(value) is float else value
            at = at.outer
        return function if "." not in name else _by_path(name, scope)

    return evaluate


def _by_path(name: str, scope: Scope) -> Any:
    """`Person.Name` where the file declares that very name, and the scope has a context `Person`."""
    first, *path = name.split(".")
    value = _name(tree.Name(first))(scope)
    for part in path:
        value = member(value, part)
    return value


def _items(node: tree.Items) -> Evaluate:
    parts = [compiled(item) for item in node.items]
    if all(isinstance(item, tree.Constant) for item in node.items):
        values = [item.value for item in node.items if isinstance(item, tree.Constant)]
        return lambda _scope: values

    def evaluate(scope: Scope) -> list[Any]:
        scope.run.budget.pay(len(parts))
        return [part(scope) for part in parts]

    return evaluate


def _entries(node: tree.Entries) -> Evaluate:
    parts = [(name, compiled(value)) for name, value in node.entries]

    def evaluate(scope: Scope) -> dict[str, Any]:
        made: dict[str, Any] = {}
        inner = scope.inside(made)
        scope.run.budget.pay(len(parts))
        for name, part in parts:
            made[name] = part(inner)
        # What is handed on is not the scope of the functions inside, so that nobody changes it.
        return dict(made)

    return evaluate


def _interval(node: tree.Interval) -> Evaluate:
    low = compiled(node.low) if node.low is not None else None
    high = compiled(node.high) if node.high is not None else None

    def evaluate(scope: Scope) -> Range | None:
        first = low(scope) if low is not None else None
        last = high(scope) if high is not None else None
        if (low is not None and first is None) or (high is not None and last is None):
            return None
        if first is not None and last is not None and not _goes_up(first, last):
            return None
        return Range(first, last, low_included=node.low_included, high_included=node.high_included)

    return evaluate


def _goes_up(first: Any, last: Any) -> bool:
    """Whether two bounds make a range: they have an order, and the first is not behind the last."""
    pair = alike(first, last)
    return pair is not None and (isinstance(pair[0], bool | list | dict | Range) or bool(pair[0] <= pair[1]))


def _unequal(node: tree.Unequal) -> Evaluate:
    value = compiled(node.value)
    return lambda scope: Excluded(value(scope))


def _binary(node: tree.Binary) -> Evaluate:
    left, right, mark = compiled(node.left), compiled(node.right), node.mark
    if mark in ("+", "-", "*", "/", "**"):
        return sum_of(mark, left, right)
    return lambda scope: compared(mark, left(scope), right(scope), scope.run)


def _between(node: tree.Between) -> Evaluate:
    value, low, high = compiled(node.value), compiled(node.low), compiled(node.high)

    def evaluate(scope: Scope) -> bool | None:
        about = value(scope)
        above = compared(">=", about, low(scope), scope.run)
        below = compared("<=", about, high(scope), scope.run)
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return evaluate


def _negative(node: tree.Negative) -> Evaluate:
    value = compiled(node.value)
    return lambda scope: negative(value(scope))


def _logic(node: tree.Logic) -> Evaluate:
    return logic(node.word == "or", [compiled(part) for part in node.parts])


def _not(node: tree.Not) -> Evaluate:
    value = compiled(node.value)

    def evaluate(scope: Scope) -> bool | None:
        verdict = value(scope)
        return (not verdict) if isinstance(verdict, bool) else None

    return evaluate


def _choice(node: tree.Choice) -> Evaluate:
    test, first, second = compiled(node.test), compiled(node.first), compiled(node.second)
    return lambda scope: first(scope) if test(scope) is True else second(scope)


def _member(node: tree.Member) -> Evaluate:
    owner, name = compiled(node.owner), node.name

    def evaluate(scope: Scope) -> Any:
        value = owner(scope)
        if isinstance(value, list):
            scope.run.budget.pay(len(value))
        return member(value, name)

    return evaluate


def _instance(node: tree.Instance) -> Evaluate:
    value, kind = compiled(node.value), node.type

    def evaluate(scope: Scope) -> bool:
        found = value(scope)
        scope.run.pay(found)
        return conforms(found, kind, scope.run.types)

    return evaluate


def _function(node: tree.Function) -> Evaluate:
    body, cost = compiled(node.body), tree.size(node.body)

    def evaluate(scope: Scope) -> Lambda:
        def called(arguments: Mapping[str, Any], run: Run) -> Any:
            run.budget.pay(cost)
            return body(Scope(arguments, scope, run))

        return Lambda(node.parameters, node.types, called)

    return evaluate


def _call(node: tree.Call) -> Evaluate:
    arguments, names = [compiled(each) for each in node.arguments], node.names
    if isinstance(node.function, tree.Name) and node.function.name == "is defined" and len(arguments) == 1:
        return _is_defined(node.arguments[0], arguments[0])
    function = compiled(node.function)
    builtin = builtins.find(node.function.name) if isinstance(node.function, tree.Name) else None

    def evaluate(scope: Scope) -> Any:
        called = function(scope)
        values = [argument(scope) for argument in arguments]
        run = scope.run
        run.budget.pay()
        for value in values:
            run.pay(value)
        if not isinstance(called, Lambda | builtins.Builtin):
            # A variable may be called `count` or `date` and hold no function.
            return builtin.call(values, names=names, run=run) if builtin is not None else None
        return called.call(values, names=names, run=run)

    return evaluate


def _is_defined(asked: tree.Node, value: Evaluate) -> Evaluate:
    """Whether there is such a variable or entry, be it null, as Camunda extends FEEL."""
    if isinstance(asked, tree.Name):
        name = asked.name
        return lambda scope: scope.knows(name)
    if isinstance(asked, tree.Member):
        owner, entry = compiled(asked.owner), asked.name

        def has(scope: Scope) -> bool:
            found = owner(scope)
            return entry in found if isinstance(found, dict) else value(scope) is not None

        return has
    return lambda scope: value(scope) is not None


_COMPILERS: dict[type[tree.Node], Callable[[Any], Evaluate]] = {
    tree.Constant: _constant, tree.Moment: _moment, tree.Name: _name, tree.Items: _items, tree.Entries: _entries,
    tree.Interval: _interval, tree.Unequal: _unequal, tree.Binary: _binary, tree.Between: _between,
    tree.Negative: _negative, tree.Logic: _logic, tree.Not: _not, tree.Choice: _choice, tree.Member: _member,
    tree.Instance: _instance, tree.Function: _function, tree.Call: _call,
    tree.Test: lambda node: tested(node, compiled), tree.Beyond: lambda node: failing(node.message, node.remedy),
    tree.For: lambda node: looping.for_each(node, compiled),
    tree.Quantified: lambda node: looping.quantified(node, compiled),
    tree.Filter: lambda node: looping.filtered(node, compiled),
}  # fmt: skip
