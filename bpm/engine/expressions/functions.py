"""Methods and functions that JUEL calls in other engines, and the trees of our language that stand for them."""

import ast
import re
from collections.abc import Callable

from bpm.foundation.errors import ExpressionError


class UnknownCallError(ExpressionError):
    """A call of another engine's code: a bean, a class, a function of its library. `called` names it."""

    def __init__(self, message: str, *, called: str) -> None:
        super().__init__(message)
        self.called = called


JUEL_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq, "eq": ast.Eq, "!=": ast.NotEq, "ne": ast.NotEq, "<": ast.Lt, "lt": ast.Lt, "<=": ast.LtE,
    "le": ast.LtE, ">": ast.Gt, "gt": ast.Gt, ">=": ast.GtE, "ge": ast.GtE,
}  # fmt: skip


EQUALITIES = ("==", "eq", "!=", "ne")
ORDERS = ("<", "lt", "<=", "le", ">", "gt", ">=", "ge")
"""Bind closer than equalities."""
STRICT_EQUALITIES = {"===": "same", "!==": "other"}


SUMS: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub}


PRODUCTS: dict[str, type[ast.operator]] = {
    "*": ast.Mult, "/": ast.Div, "%": ast.Mod, "div": ast.Div, "mod": ast.Mod,
}  # fmt: skip


def call_of(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def method_of(owner: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(owner, name, ast.Load()), list(arguments), [])


def compare(left: ast.expr, kind: type[ast.cmpop], right: ast.expr) -> ast.expr:
    return ast.Compare(left, [kind()], [right])


def or_none(value: ast.expr) -> ast.expr:
    """A variable that may be missing, as None."""
    return call_of("variable", ast.Constant(value.id)) if isinstance(value, ast.Name) else value


def named_by(value: ast.expr) -> ast.expr:
    """The variable that the first argument of one of Flowable's functions names, in quotes or without; None if missing.

    Source: Flowable, BPMN user guide, "Expression functions".
    """
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return call_of("variable", value)
    return or_none(value)


def _lower(value: ast.expr) -> ast.expr:
    return method_of(value, "lower")


JAVA_METHODS: dict[tuple[str, int], Callable[..., ast.expr]] = {
    ("equals", 1): lambda owner, other: call_of("same", owner, other),
    ("equalsIgnoreCase", 1): lambda owner, other: compare(_lower(owner), ast.Eq, _lower(other)),
    ("isEmpty", 0): lambda owner: compare(call_of("len", owner), ast.Eq, ast.Constant(0)),
    ("size", 0): lambda owner: call_of("len", owner),
    ("length", 0): lambda owner: call_of("characters", owner),
    ("contains", 1): lambda owner, item: ast.Compare(item, [ast.In()], [owner]),
    ("containsKey", 1): lambda owner, item: ast.Compare(item, [ast.In()], [owner]),
    ("get", 1): lambda owner, key: ast.Subscript(owner, key, ast.Load()),
    ("startsWith", 1): lambda owner, text: method_of(owner, "startswith", text),
    ("endsWith", 1): lambda owner, text: method_of(owner, "endswith", text),
    ("toLowerCase", 0): _lower,
    ("toUpperCase", 0): lambda owner: method_of(owner, "upper"),
    ("trim", 0): lambda owner: method_of(owner, "strip"),
    ("matches", 1): lambda owner, pattern: call_of("fits", owner, pattern),
    ("isBlank", 0): lambda owner: compare(method_of(owner, "strip"), ast.Eq, ast.Constant("")),
    ("strip", 0): lambda owner: method_of(owner, "strip"),
    ("indexOf", 1): lambda owner, item: call_of("position", owner, item),
    ("replace", 2): lambda owner, old, new: method_of(owner, "replace", old, new),
    ("toString", 0): lambda owner: call_of("str", owner),
    ("intValue", 0): lambda owner: call_of("int", owner),
    ("longValue", 0): lambda owner: call_of("int", owner),
    ("doubleValue", 0): lambda owner: call_of("float", owner),
    ("booleanValue", 0): lambda owner: owner,
    ("concat", 1): lambda owner, text: call_of("concat", owner, text),
    ("charAt", 1): lambda owner, at: ast.Subscript(owner, at, ast.Load()),
    ("substring", 1): lambda owner, start: ast.Subscript(owner, ast.Slice(start), ast.Load()),
    ("substring", 2): lambda owner, start, end: ast.Subscript(owner, ast.Slice(start, end), ast.Load()),
    ("keySet", 0): lambda owner: method_of(owner, "keys"),
    ("values", 0): lambda owner: method_of(owner, "values"),
    # Spin, Camunda 7's way into JSON: values are plain here, so that what unwraps them does nothing.
    ("prop", 1): lambda owner, name: ast.Subscript(owner, name, ast.Load()),
    ("elements", 0): lambda owner: owner,
    ("value", 0): lambda owner: owner,
    ("numberValue", 0): lambda owner: owner,
    ("stringValue", 0): lambda owner: owner,
    ("boolValue", 0): lambda owner: owner,
    ("isNull", 0): lambda owner: ast.Compare(owner, [ast.Is()], [ast.Constant(None)]),
    ("hasProp", 1): lambda owner, name: ast.Compare(name, [ast.In()], [owner]),
}


GETTER = re.compile(r"(?:get|is)([A-Z]\w*)")
"""`order.isPaid()` is how Java reads the property `paid` of `order`."""


NO_PROPERTIES = frozenset(["getClass", "getTime", "isPresent", "getBytes", "getSingleResult", "getFirstResult"])


INSTANT = " now"
"""Under this name, which no variable can have, the instant of the step stands beside the variables."""


def _now() -> ast.expr:
    return call_of("variable", ast.Constant(INSTANT))


def _moved(unit: str, sign: int) -> Callable[..., ast.expr]:
    """Joda's `plusDays(2)` and the like: the instant moved on by a span (Camunda 7, "Internal context functions")."""
    return lambda owner, count: call_of("moved", owner, ast.Constant(unit), count, ast.Constant(sign))


JAVA_METHODS |= {
    (f"{word}{unit}", 1): _moved(unit, sign)
    for word, sign in (("plus", 1), ("minus", -1))
    for unit in ("Years", "Months", "Weeks", "Days", "Hours", "Minutes", "Seconds")
} | {("toDate", 0): lambda owner: owner}


JUEL_FUNCTIONS: dict[tuple[str, int], Callable[..., ast.expr]] = {
    ("S", 1): lambda value: call_of("json", value),
    ("JSON", 1): lambda value: call_of("json", value),
    ("eval", 1): lambda value: value,
    ("now", 0): _now,
    ("dateTime", 0): _now,
    ("true", 0): lambda: ast.Constant(value=True),
    ("false", 0): lambda: ast.Constant(value=False),
    ("not", 1): lambda value: ast.UnaryOp(ast.Not(), value),
    ("KieFunctions.isTrue", 1): lambda value: compare(or_none(value), ast.Eq, ast.Constant(value=True)),
    ("KieFunctions.isFalse", 1): lambda value: compare(or_none(value), ast.Eq, ast.Constant(value=False)),
    ("KieFunctions.isNull", 1): lambda value: compare(or_none(value), ast.Is, ast.Constant(None)),
    ("KieFunctions.isEmpty", 1): lambda value: call_of("is_empty", or_none(value)),
    ("KieFunctions.contains", 2): lambda text, part: ast.Compare(part, [ast.In()], [text]),
    ("KieFunctions.startsWith", 2): lambda text, part: method_of(text, "startswith", part),
    ("KieFunctions.endsWith", 2): lambda text, part: method_of(text, "endswith", part),
    ("KieFunctions.equalsTo", 2): lambda value, other: compare(value, ast.Eq, as_number(other)),
    ("KieFunctions.lessThan", 2): lambda value, other: compare(value, ast.Lt, as_number(other)),
    ("KieFunctions.lessOrEqualThan", 2): lambda value, other: compare(value, ast.LtE, as_number(other)),
    ("KieFunctions.greaterThan", 2): lambda value, other: compare(value, ast.Gt, as_number(other)),
    ("KieFunctions.greaterOrEqualThan", 2): lambda value, other: compare(value, ast.GtE, as_number(other)),
    ("KieFunctions.between", 3): lambda value, low, high: ast.Compare(
        as_number(low), [ast.LtE(), ast.LtE()], [value, as_number(high)]
    ),
}


CLASS_CONSTANTS = {"Boolean.TRUE": True, "Boolean.FALSE": False}


CLASS_METHODS: dict[tuple[str, int], Callable[..., ast.expr]] = {
    **{(name, 1): lambda text: call_of("int", text) for name in (
        "Integer.parseInt", "Integer.valueOf", "Long.parseLong", "Long.valueOf", "parseInt"
    )},
    **{(name, 1): lambda text: call_of("float", text) for name in ("Double.parseDouble", "Double.valueOf")},
    ("String.valueOf", 1): lambda value: call_of("str", value),
    ("Boolean.parseBoolean", 1): lambda text: compare(_lower(text), ast.Eq, ast.Constant("true")),
    ("Objects.equals", 2): lambda left, right: call_of("same", left, right),
    ("Objects.isNull", 1): lambda value: compare(value, ast.Is, ast.Constant(None)),
    ("Objects.nonNull", 1): lambda value: compare(value, ast.IsNot, ast.Constant(None)),
    ("Math.abs", 1): lambda value: call_of("abs", value),
    ("Math.max", 2): lambda left, right: call_of("max", left, right),
    ("Math.min", 2): lambda left, right: call_of("min", left, right),
}  # fmt: skip
"""Methods of classes that Java and its like have at hand."""


def as_number(value: ast.expr) -> ast.expr:
    """jBPM's designer writes the numbers of its functions as text."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        if re.fullmatch(r"-?\d{1,15}", value.value):
            return ast.Constant(int(value.value))
        if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", value.value):
            return ast.Constant(float(value.value))
    return value


VARIABLE_CALLS = ("getVariable", "getVariableLocal", "get", "getOrDefault")


VARIABLE_COMPARISONS: dict[str, str] = {
    "equals": "same", "eq": "same", "notEquals": "other", "ne": "other", "lowerThan": "before", "lessThan": "before",
    "lt": "before", "lowerThanOrEquals": "not_after", "lessThanOrEquals": "not_after", "lte": "not_after",
    "greaterThan": "after", "gt": "after", "greaterThanOrEquals": "not_before", "gte": "not_before",
}  # fmt: skip
"""Flowable's comparisons of a variable, which coerce nothing and do not hold for null, and who computes them."""


def _empty(variable: ast.expr) -> ast.expr:
    return call_of("is_empty", variable)


def _full(variable: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), _empty(variable))


def _exists(variable: ast.expr) -> ast.expr:
    """A variable that is null does not exist for Flowable."""
    return compare(variable, ast.IsNot, ast.Constant(None))


VARIABLE_QUESTIONS: dict[str, Callable[[ast.expr], ast.expr]] = {
    "get": lambda variable: variable,
    "exists": _exists,
    "exist": _exists,
    "isEmpty": _empty,
    "empty": _empty,
    "isNotEmpty": _full,
    "notEmpty": _full,
    "base64": lambda variable: call_of("base64", variable),
}
"""Flowable's functions of a variable alone."""
