"""Our expressions with the meaning that Java, Groovy and JavaScript give them, where it is not JUEL's.

Sources: Java Language Specification 21 §15.17 (division), §15.21 (equality), §5.1.8 (unboxing null fails); Groovy
documentation, "Operators" and "The Groovy Truth"; ECMA-262 §7.1.2 (ToBoolean), §7.2.14 (IsLooselyEqual), §13.10.
"""

import ast
import operator
from collections.abc import Callable
from typing import Any

from bpm.engine.expressions.coercion import computed, is_number, same, spoken
from bpm.engine.expressions.juel_meaning import OWN, Juel
from bpm.engine.expressions.operations import bounded
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip


class Code(Juel):
    """What MVEL and code that does not say its language share with JUEL; a text plus anything is a text."""

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Add) and (isinstance(left, str) or isinstance(right, str)):
            return OWN["concat"](left, right)
        self._pay_for(left)
        self._pay_for(right)
        return bounded(self._computed(node.op, left, right))

    def _computed(self, operation: ast.operator, left: Any, right: Any) -> Any:
        return computed(operation, left, right)


class _Own(Code):
    """A language with a truth, an equality and an order of its own."""

    def _is_true(self, value: Any) -> bool:
        raise NotImplementedError

    def _equal(self, left: Any, right: Any) -> bool:
        return same(left, right)

    def _ordered(self, comparison: ast.cmpop, left: Any, right: Any) -> bool:
        if not (is_number(left) and is_number(right)) and (type(left) is not type(right) or left is None):
            raise ExpressionError(
                _("There is no order between %(left)s and %(right)s.") % {"left": spoken(left), "right": spoken(right)}
            )
        return _ORDER[type(comparison)](left, right)

    def _compared(self, comparison: ast.cmpop, left: Any, right: Any) -> bool:
        if isinstance(comparison, ast.Eq | ast.NotEq):
            return self._equal(left, right) is isinstance(comparison, ast.Eq)
        if type(comparison) in _ORDER:
            return self._ordered(comparison, left, right)
        return super()._compared(comparison, left, right)

    def _boolop(self, node: ast.BoolOp) -> bool:
        decisive = isinstance(node.op, ast.Or)
        return next((decisive for part in node.values if self._is_true(self.value(part)) is decisive), not decisive)

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        return not self._is_true(self.value(node.operand)) if isinstance(node.op, ast.Not) else super()._unaryop(node)

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self._is_true(self.value(node.test)) else node.orelse)


class Java(_Own):
    """Nothing is coerced, null is neither true nor in any order, whole numbers divide to whole ones."""

    def _is_true(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise ExpressionError(_("True or false is needed here, not %(value)s.") % {"value": spoken(value)})

    def _computed(self, operation: ast.operator, left: Any, right: Any) -> Any:
        if isinstance(operation, ast.Div) and isinstance(left, int) and isinstance(right, int) and right:
            whole = abs(left) // abs(right)
            return whole if (left < 0) is (right < 0) else -whole
        return super()._computed(operation, left, right)


class Groovy(_Own):
    """Nothing is coerced, what is empty is not true, null stands before everything."""

    def _is_true(self, value: Any) -> bool:
        return bool(value)

    def _ordered(self, comparison: ast.cmpop, left: Any, right: Any) -> bool:
        if left is None or right is None:
            return _ORDER[type(comparison)](left is not None, right is not None)
        return super()._ordered(comparison, left, right)


class JavaScript(_Own):
    """Numbers, truths and texts meet as numbers; a list or an object is true, also an empty one."""

    def _is_true(self, value: Any) -> bool:
        return bool(value) or isinstance(value, list | tuple | dict)

    def _equal(self, left: Any, right: Any) -> bool:
        if left is None or right is None or (isinstance(left, str) and isinstance(right, str)):
            return bool(left == right)
        if isinstance(left, list | dict | tuple) or isinstance(right, list | dict | tuple):
            return same(left, right)
        first, second = _number(left), _number(right)
        return first is not None and first == second

    def _ordered(self, comparison: ast.cmpop, left: Any, right: Any) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            return _ORDER[type(comparison)](left, right)
        first, second = _number(left), _number(right)
        return first is not None and second is not None and _ORDER[type(comparison)](first, second)

    def _attribute(self, node: ast.Attribute) -> Any:
        owner = self.value(node.value) if node.attr == "length" else None
        return len(owner) if isinstance(owner, list | tuple | str) else super()._attribute(node)


def _number(value: Any) -> int | float | None:
    """ECMA-262's ToNumber; None for what is no number."""
    if value is None:
        return 0
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or len(value) > 400 or "_" in value:
        return None
    try:
        return float(value) if value.strip() else 0
    except ValueError:
        return None
