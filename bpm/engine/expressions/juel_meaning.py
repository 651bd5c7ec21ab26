"""Our expressions with JUEL's meaning: operators coerce, a property of null is null, a missing variable is an error.

Source: Jakarta Expression Language 5.0 §1.6 to §1.14; a variable that is not there is an error in the engines that
speak JUEL (Camunda 7, Flowable), not null.
"""

import ast
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from bpm.engine.expressions.coercion import (
    computed,
    equal,
    is_empty,
    is_number,
    negated,
    ordered,
    same,
    spoken,
    to_boolean,
    to_text,
)
from bpm.engine.expressions.feel.values import patterns
from bpm.engine.expressions.language import Evaluation
from bpm.engine.expressions.operations import COMPARE, FUNCTIONS, bounded, joined
from bpm.engine.expressions.times.instants import instant
from bpm.engine.expressions.times.schedules import duration
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _


def _held(whole: Any, parts: tuple[Any, ...]) -> list[bool]:
    """For each part whether a text, a list or the keys of an object have it; null has nothing."""
    if isinstance(whole, str):
        return [to_text(part) in whole for part in parts]
    return [any(same(item, part) for item in whole or ()) for part in parts]


def _position(whole: Any, part: Any) -> int:
    """Java's `indexOf`: where a text or a list has it first, from 0 on; -1 where it has not."""
    if isinstance(whole, str):
        return whole.find(to_text(part))
    if not isinstance(whole, list):
        raise ExpressionError(_("Only a text or a list has places, not %(value)s.") % {"value": spoken(whole)})
    return next((place for place, item in enumerate(whole) if same(item, part)), -1)


def _in_order(comparison: ast.cmpop) -> Callable[[Any, Any], bool]:
    """Java's `left.compareTo(right)`: nothing is coerced, null is in no order, a number and a text are an error."""

    def compared(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        if type(left) is not type(right) and not (is_number(left) and is_number(right)):
            raise ExpressionError(
                _("There is no order between %(left)s and %(right)s.") % {"left": spoken(left), "right": spoken(right)}
            )
        return ordered(comparison, left, right)

    return compared


def _fits(text: Any, pattern: Any) -> bool:
    """Java's `text.matches(pattern)`: the whole text fits."""
    if not isinstance(text, str) or not isinstance(pattern, str):
        raise ExpressionError(_("Only a text can fit a pattern, not %(value)s.") % {"value": spoken(text)})
    problem = patterns.problem_of(pattern)
    fits = None if problem else patterns.matches(text, f"^(?:{pattern})$")
    if fits is None:
        raise ExpressionError(
            _("%(pattern)s is no pattern that is executed here.") % {"pattern": spoken(pattern)},
            remedy=_("Write a simpler one."),
        )
    return fits


def _base64(value: Any) -> str | None:
    return None if value is None else bounded(b64encode(to_text(value).encode()).decode())


def moved(at: Any, unit: str, count: Any, sign: int) -> str:
    """An instant, as ISO 8601 text, moved on by so many years, days, hours ...; raises ExpressionError."""
    if isinstance(count, bool) or not isinstance(count, int) or not isinstance(at, str):
        raise ExpressionError(f"An instant is moved by a whole number of {unit.lower()}, not by {spoken(count)}.")
    time = "T" if unit in ("Hours", "Minutes", "Seconds") else ""
    return duration(f"P{time}{sign * count}{unit[0]}").after(instant(at)).isoformat().replace("+00:00", "Z")


OWN: Mapping[str, Callable[..., Any]] = {
    "is_empty": is_empty,
    "characters": len,
    "same": same,
    "other": lambda left, right: not same(left, right),
    "before": _in_order(ast.Lt()),
    "not_after": _in_order(ast.LtE()),
    "after": _in_order(ast.Gt()),
    "not_before": _in_order(ast.GtE()),
    "fits": _fits,
    "position": _position,
    "base64": _base64,
    "moved": moved,
    "concat": lambda *parts: joined("", [to_text(part) for part in parts]),
    "contains_all": lambda whole, *parts: all(_held(whole, parts)),
    "contains_any": lambda whole, *parts: any(_held(whole, parts)),
}
"""Functions that nobody calls by name: what the reading of JUEL turns its operators and vendors' functions into."""


class Juel(Evaluation):
    """One walk over an expression with JUEL's meaning."""

    functions: ClassVar[Mapping[str, Callable[..., Any]]] = {**FUNCTIONS, **OWN}

    def _boolop(self, node: ast.BoolOp) -> bool:
        decisive = isinstance(node.op, ast.Or)
        for part in node.values:
            if to_boolean(self.value(part)) is decisive:
                return decisive
        return not decisive

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.value(node.operand)
        return not to_boolean(value) if isinstance(node.op, ast.Not) else bounded(negated(value))

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        self._pay_for(left)
        self._pay_for(right)
        return bounded(computed(node.op, left, right))

    def _compare(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for comparison, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other)
            self._pay_for(left)
            self._pay_for(right)
            if not self._compared(comparison, left, right):
                return False
            left = right
        return True

    def _compared(self, comparison: ast.cmpop, left: Any, right: Any) -> bool:
        kind = type(comparison)
        if kind is ast.Eq:
            return equal(left, right)
        if kind is ast.NotEq:
            return not equal(left, right)
        if kind in _AS_OURS:
            return COMPARE[kind](left, right)
        return ordered(comparison, left, right)

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if to_boolean(self.value(node.test)) else node.orelse)

    def _attribute(self, node: ast.Attribute) -> Any:
        return _property(self.value(node.value), node.attr)

    def _subscript(self, node: ast.Subscript) -> Any:
        if isinstance(node.slice, ast.Slice):
            return super()._subscript(node)
        return _property(self.value(node.value), self.value(node.slice))


def _property(owner: Any, name: Any) -> Any:
    """`owner.name` and `owner[name]` (§1.6): of null, or under null, there is null; so is what an object lacks."""
    if owner is None or name is None:
        return None
    if isinstance(owner, dict):
        return owner.get(name)
    if isinstance(owner, list | tuple | str) and isinstance(name, int | str) and not isinstance(name, bool):
        place = _place(name)
        return owner[place] if 0 <= place < len(owner) else None
    raise ExpressionError(f"There is no field {name} in {spoken(owner)}.")


def _place(name: int | str) -> int:
    if isinstance(name, str) and not name.isdigit():
        raise ExpressionError(f"A list has no field {name}.", remedy="Use a place in it, which counts from 0.")
    return int(name)


_AS_OURS = frozenset([ast.In, ast.NotIn, ast.Is, ast.IsNot])
