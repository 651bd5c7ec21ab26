"""Unary tests compiled: whether a value is what a cell, or what stands behind `in`, asks for.

Source: OMG DMN 1.5 §10.3.2.8.
"""

from collections.abc import Callable
from typing import Any

from bpm.engine.expressions.feel import tree
from bpm.engine.expressions.feel.comparing import compared, fits, same
from bpm.engine.expressions.feel.scope import Evaluate, Scope
from bpm.foundation.errors import ExpressionError

Compile = Callable[[tree.Node], Evaluate]


def tested(node: tree.Test, compiled: Compile) -> Evaluate:
    """Tests about one value: any that holds is enough; null where none holds and one is unknown."""
    about = compiled(node.about)
    if len(node.tests) == 1:
        only = _about(node.tests[0], compiled)
        return lambda scope: only(about(scope), scope)
    parts = [_about(test, compiled) for test in node.tests]

    def evaluate(scope: Scope) -> bool | None:
        value, known = about(scope), True
        for part in parts:
            verdict = part(value, scope)
            if verdict is True:
                return True
            known = known and verdict is False
        return False if known else None

    return evaluate


def _about(test: tree.Node, compiled: Compile) -> Callable[[Any, Scope], bool | None]:
    if isinstance(test, tree.Compared):
        value, mark = compiled(test.value), test.mark
        return lambda about, scope: compared(mark, about, value(scope), scope.run)
    if not isinstance(test, tree.Fits):
        raise ExpressionError("This is no test.")
    wanted, asks = compiled(test.value), test.asks
    if isinstance(test.value, tree.Constant):
        literal = test.value.value
        return lambda about, _scope: same(about, literal)

    def holds(about: Any, scope: Scope) -> bool | None:
        found = wanted(scope)
        if asks and (found is None or isinstance(found, bool)):
            return found
        if found is None and isinstance(test.value, tree.Interval):
            return None
        return fits(about, found, scope.run)

    return holds
