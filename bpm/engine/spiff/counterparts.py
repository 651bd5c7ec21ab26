"""Methods and functions of JUEL and FEEL, and what stands for them in our language."""

import ast
from collections.abc import Callable

FEEL_FUNCTIONS = (
    "string length|string join|date and time|index of|upper case|lower case|starts with|ends with"
    "|list contains|is defined|get value|get or else"
).replace(" ", "[ ]")


JUEL_COMPARISONS: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq, "eq": ast.Eq, "!=": ast.NotEq, "ne": ast.NotEq, "<": ast.Lt, "lt": ast.Lt, "<=": ast.LtE,
    "le": ast.LtE, ">": ast.Gt, "gt": ast.Gt, ">=": ast.GtE, "ge": ast.GtE,
}  # fmt: skip


FEEL_COMPARISONS = {**{mark: kind for mark, kind in JUEL_COMPARISONS.items() if not mark.isalpha()}, "=": ast.Eq}


SUMS: dict[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub}


PRODUCTS: dict[str, type[ast.operator]] = {
    "*": ast.Mult, "/": ast.Div, "%": ast.Mod, "div": ast.Div, "mod": ast.Mod,
}  # fmt: skip


def call_of(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def method_of(owner: ast.expr, name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(owner, name, ast.Load()), list(arguments), [])


def compare(left: ast.expr, kind: type[ast.cmpop], right: ast.expr) -> ast.expr:
    if isinstance(right, ast.Constant) and right.value is None and kind in (ast.Eq, ast.NotEq):
        return ast.Compare(or_none(left), [ast.Is() if kind is ast.Eq else ast.IsNot()], [right])
    return ast.Compare(left, [kind()], [right])


def or_none(value: ast.expr) -> ast.expr:
    """A variable that may be missing, as None."""
    return call_of("variable", ast.Constant(value.id)) if isinstance(value, ast.Name) else value


def _lower(value: ast.expr) -> ast.expr:
    return method_of(value, "lower")


JAVA_METHODS: dict[tuple[str, int], Callable[..., ast.expr]] = {
    ("equals", 1): lambda owner, other: compare(owner, ast.Eq, other),
    ("equalsIgnoreCase", 1): lambda owner, other: compare(_lower(owner), ast.Eq, _lower(other)),
    ("isEmpty", 0): lambda owner: compare(call_of("len", owner), ast.Eq, ast.Constant(0)),
    ("size", 0): lambda owner: call_of("len", owner),
    ("length", 0): lambda owner: call_of("len", owner),
    ("contains", 1): lambda owner, item: ast.Compare(item, [ast.In()], [owner]),
    ("containsKey", 1): lambda owner, item: ast.Compare(item, [ast.In()], [owner]),
    ("get", 1): lambda owner, key: ast.Subscript(owner, key, ast.Load()),
    ("startsWith", 1): lambda owner, text: method_of(owner, "startswith", text),
    ("endsWith", 1): lambda owner, text: method_of(owner, "endswith", text),
    ("toLowerCase", 0): _lower,
    ("toUpperCase", 0): lambda owner: method_of(owner, "upper"),
    ("trim", 0): lambda owner: method_of(owner, "strip"),
    ("indexOf", 1): lambda owner, text: method_of(owner, "find", text),
    ("replace", 2): lambda owner, old, new: method_of(owner, "replace", old, new),
    ("toString", 0): lambda owner: call_of("str", owner),
    ("intValue", 0): lambda owner: call_of("int", owner),
    ("longValue", 0): lambda owner: call_of("int", owner),
    ("doubleValue", 0): lambda owner: call_of("float", owner),
    ("booleanValue", 0): lambda owner: owner,
}


VARIABLE_CALLS = ("getVariable", "getVariableLocal", "get", "getOrDefault")


VARIABLE_FUNCTIONS: dict[str, type[ast.cmpop]] = {
    "equals": ast.Eq, "eq": ast.Eq, "notEquals": ast.NotEq, "ne": ast.NotEq, "lowerThan": ast.Lt, "lessThan": ast.Lt,
    "lt": ast.Lt, "lowerThanOrEquals": ast.LtE, "lessThanOrEquals": ast.LtE, "lte": ast.LtE, "greaterThan": ast.Gt,
    "gt": ast.Gt, "greaterThanOrEquals": ast.GtE, "gte": ast.GtE,
}  # fmt: skip


FEEL_CALLS: dict[tuple[str, int], Callable[..., ast.expr]] = {
    ("not", 1): lambda value: ast.UnaryOp(ast.Not(), value),
    ("count", 1): lambda values: call_of("len", values),
    ("contains", 2): lambda text, part: ast.Compare(part, [ast.In()], [text]),
    ("list contains", 2): lambda values, item: ast.Compare(item, [ast.In()], [values]),
    ("starts with", 2): lambda text, part: method_of(text, "startswith", part),
    ("ends with", 2): lambda text, part: method_of(text, "endswith", part),
    ("upper case", 1): lambda text: method_of(text, "upper"),
    ("lower case", 1): _lower,
    ("string length", 1): lambda text: call_of("len", text),
    ("string", 1): lambda value: call_of("str", value),
    ("number", 1): lambda value: call_of("float", value),
    ("is defined", 1): lambda value: ast.Compare(or_none(value), [ast.IsNot()], [ast.Constant(None)]),
    ("get or else", 2): lambda value, other: ast.IfExp(
        ast.Compare(or_none(value), [ast.IsNot()], [ast.Constant(None)]), value, other
    ),
    ("string join", 1): lambda values: method_of(ast.Constant(""), "join", values),
    ("string join", 2): lambda values, by: method_of(by, "join", values),
    ("floor", 1): lambda value: ast.BinOp(value, ast.FloorDiv(), ast.Constant(1)),
    ("append", 2): lambda values, item: ast.BinOp(values, ast.Add(), ast.List([item], ast.Load())),
    ("concatenate", 2): lambda values, more: ast.BinOp(values, ast.Add(), more),
    ("mean", 1): lambda values: ast.BinOp(call_of("sum", values), ast.Div(), call_of("len", values)),
    ("modulo", 2): lambda value, by: ast.BinOp(value, ast.Mod(), by),
    ("trim", 1): lambda text: method_of(text, "strip"),
    ("duration", 1): lambda text: text,
    ("date", 1): lambda text: text,
    ("date and time", 1): lambda text: text,
    ("get value", 2): lambda context, key: method_of(context, "get", key),
}


FEEL_WORDS = frozenset(
    [
        "and",
        "or",
        "then",
        "else",
        "in",
        "between",
        "return",
        "satisfies",
        "if",
        "for",
        "some",
        "every",
        "instance",
        "of",
    ]
)


SAME_NAME = frozenset({"sum", "min", "max", "abs", "all", "any"})
