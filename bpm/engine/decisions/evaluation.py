"""Our expressions with FEEL's meaning: null is unknown, and dates, times and durations are compared and computed.

Source: OMG DMN 1.5 §10.3.2.4 (three-valued logic), §10.3.2.8 to §10.3.2.15. Nothing here raises for a value of the
wrong kind: the result is null, and a rule whose cell is null does not match.
"""

import ast
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from bpm.engine.decisions.arithmetic import computed
from bpm.engine.decisions.functions import NUMBERS, TEXTS, Function
from bpm.engine.decisions.list_functions import ASSERTIONS, LISTS, WRITTEN, as_list
from bpm.engine.decisions.time_functions import TIMES
from bpm.engine.decisions.values import Months, alike, equal, is_number, member
from bpm.engine.expressions.feel import language
from bpm.engine.expressions.feel.context_functions import CONTEXTS
from bpm.engine.expressions.feel.language import CELL, NOW
from bpm.engine.spiff.expressions import Evaluation
from bpm.engine.spiff.operations import bounded

FUNCTIONS: Mapping[str, Function] = {**TEXTS, **NUMBERS, **LISTS, **ASSERTIONS, **CONTEXTS, **TIMES, **WRITTEN}
CLOCK = frozenset({"now", "today"})
"""Functions that need the instant of the step; it is handed in as the variable NOW."""

CALLED = "feel"
"""The function under which our language holds a text in FEEL."""
CALLABLE = frozenset({*FUNCTIONS, *CLOCK, CALLED})


__all__ = ["CALLABLE", "CALLED", "CELL", "FUNCTIONS", "NOW", "Feel"]


class Feel(Evaluation):
    """One walk over an expression with FEEL's meaning."""

    functions: ClassVar[Mapping[str, Callable[..., Any]]] = FUNCTIONS

    def _name(self, node: ast.Name) -> Any:
        if node.id in self.local:
            return self.local[node.id]
        return self.variables.get(node.id)

    def _boolop(self, node: ast.BoolOp) -> bool | None:
        decisive = isinstance(node.op, ast.Or)
        known = True
        for part in node.values:
            value = self.value(part)
            if isinstance(value, bool) and value is decisive:
                return value
            known = known and isinstance(value, bool)
        return not decisive if known else None

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            return not value if isinstance(value, bool) else None
        if isinstance(node.op, ast.UAdd):
            return value
        if isinstance(value, Months):
            return Months(-value.count)
        return -value if is_number(value) or isinstance(value, timedelta) else None

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        self._pay_for(left)
        self._pay_for(right)
        return bounded(computed(_MARKS.get(type(node.op), ""), left, right))

    def _compare(self, node: ast.Compare) -> bool | None:
        left = self.value(node.left)
        verdict: bool | None = True
        for comparison, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other)
            self._pay_for(left)
            self._pay_for(right)
            held = _compared(comparison, left, right)
            if held is False:
                return False
            verdict = verdict if held else None
            left = right
        return verdict

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) is True else node.orelse)

    def _attribute(self, node: ast.Attribute) -> Any:
        return member(self.value(node.value), node.attr)

    def _subscript(self, node: ast.Subscript) -> Any:
        """`list[2]` counts from 1, `list[-1]` is the last; what is not there is null."""
        items, position = as_list(self.value(node.value)), self.value(node.slice)
        if isinstance(position, bool):
            return items if position else []
        if not is_number(position) or not position or abs(position) > len(items):
            return None
        return items[int(position) - 1 if position > 0 else int(position)]

    def _call(self, node: ast.Call) -> Any:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == CALLED:
            return self._feel(node)
        if name in CLOCK:
            instant: datetime = self.variables[NOW]
            return instant.date() if name == "today" else instant
        return super()._call(node)

    def _feel(self, node: ast.Call) -> Any:
        """A text in FEEL, what it is about if it is a cell, odd names; behind them the variables that it reads."""
        text, subject, names = (self.value(part) for part in node.args[:3])
        read = language.unary_tests if subject else language.expression
        variables: Mapping[str, Any] = {**self.variables, **self.local} if self.local else self.variables
        if subject and subject != CELL:
            variables = {**variables, CELL: variables.get(subject)}
        return read(text, frozenset(names)).value(variables, budget=self.budget)

    def _comprehend(self, loops: list[ast.comprehension], make: Callable[[], Any]) -> list[Any]:
        if not loops:
            return [make()]
        outer, results = dict(self.local), []
        values = as_list(self.value(loops[0].iter))
        self._pay_for(values)
        for value in values:
            self.budget.pay()
            self._bind(loops[0].target, value)
            if all(self.value(condition) is True for condition in loops[0].ifs):
                results.extend(self._comprehend(loops[1:], make))
        self.local = outer
        return results


_MARKS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def _compared(comparison: ast.cmpop, left: Any, right: Any) -> bool | None:
    if isinstance(comparison, ast.Eq | ast.Is):
        return equal(left, right)
    if isinstance(comparison, ast.NotEq | ast.IsNot):
        held = equal(left, right)
        return None if held is None else not held
    if isinstance(comparison, ast.In | ast.NotIn):
        if right is None:
            return None
        among = any(equal(left, item) is True for item in as_list(right))
        return among is isinstance(comparison, ast.In)
    pair = alike(left, right)
    if pair is None or isinstance(pair[0], bool | list | dict):
        return None
    return bool(_ORDER[type(comparison)](*pair))


_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
}
