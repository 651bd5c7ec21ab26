"""The uses of variables in trees of Python, which JUEL, code like Java's and Spiff's own expressions are read into."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bpm.engine.expressions.functions import INSTANT
from bpm.engine.expressions.uses.use import ITEM, TURNED, Evidence, Gathered, Path, compared, of_value

_MARKS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.Is: "=", ast.NotEq: "!=", ast.IsNot: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_FUNCTIONS: Mapping[str, Evidence] = {
    **dict.fromkeys(("abs", "round", "float", "int"), "number"),
    **dict.fromkeys(("len", "list", "set", "sorted", "tuple", "sum", "all", "any", "enumerate", "reversed"), "list"),
    "range": "integer",
    "bool": "boolean",
    "characters": "text",
}
_GIVES: Mapping[str, Evidence] = {
    **dict.fromkeys(("abs", "round", "float", "int", "len", "characters", "sum"), "number"),
    **dict.fromkeys(("now", "dateTime"), "date-time"),
    **dict.fromkeys(("str", "concat"), "text"),
}
_COMPARISONS: Mapping[str, str] = {
    "same": "=", "other": "!=", "before": "<", "not_after": "<=", "after": ">", "not_before": ">=",
}  # fmt: skip
"""Comparisons that are written as functions of two values (`${vars:gt(total, 5)}`)."""
_TEXT_METHODS = ("lower", "upper", "strip", "startswith", "endswith", "replace", "split", "find")
_TRANSPARENT = ("lower", "upper", "strip")


@dataclass
class _Names:
    known: dict[str, Path | None] = field(default_factory=dict)

    def within(self, known: Mapping[str, Path | None]) -> "_Names":
        return _Names({**self.known, **known})


def walk(node: ast.expr, found: Gathered, expected: Evidence) -> None:
    """Gather the uses in an expression that has to come to `expected`."""
    _walk(node, found, expected, _Names())


def walk_script(tree: ast.Module, found: Gathered) -> None:
    """Gather the uses in a script, without names that it has set itself before."""
    _statements(tree.body, found, _Names())


def _statements(body: Iterable[ast.stmt], found: Gathered, names: _Names) -> None:
    for statement in body:
        _statement(statement, found, names)


def _statement(node: ast.stmt, found: Gathered, names: _Names) -> None:
    if isinstance(node, ast.For):
        path = _path(node.iter, names)
        _walk(node.iter, found, "list", names)
        names.known.update(_targets(node.target, (*path, ITEM) if path else None))
    for name, value in ast.iter_fields(node):
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.expr) and not _is_set(part, node, name):
                _walk(part, found, "boolean" if name == "test" else _of_change(node), names)
            elif isinstance(part, ast.stmt):
                _statement(part, found, names)
    if isinstance(node, ast.Import | ast.ImportFrom):
        names.known.update({(each.asname or each.name.partition(".")[0]): None for each in node.names})
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        names.known[node.name] = None
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            names.known.update(_targets(target, None))


def _is_set(part: ast.expr, node: ast.stmt, name: str) -> bool:
    """Whether the part is a name that the statement sets, or has been looked at already."""
    if isinstance(node, ast.For) and name in ("iter", "target"):
        return True
    return isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and not isinstance(node, ast.AugAssign)


def _of_change(node: ast.stmt) -> Evidence:
    """`total += amount` adds numbers, or texts; that it is a number is the likelier."""
    plain = isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Sub | ast.Mult | ast.Div | ast.Add)
    return "number" if plain else "any"


def _targets(target: ast.expr, path: Path | None) -> dict[str, Path | None]:
    return {
        part.id: path if part is target else None
        for part in ast.walk(target)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _path(node: ast.AST, names: _Names) -> Path | None:
    if isinstance(node, ast.Name):
        return names.known.get(node.id, (node.id,))
    if isinstance(node, ast.Attribute):
        owner = _path(node.value, names)
        return None if owner is None else (*owner, node.attr)
    if isinstance(node, ast.Subscript):
        owner = _path(node.value, names)
        if owner is None or isinstance(node.slice, ast.Slice):
            return None
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return (*owner, key) if isinstance(key, str) else (*owner, ITEM)
    if isinstance(node, ast.Call):
        return _path_of_call(node, names)
    return None


def _path_of_call(node: ast.Call, names: _Names) -> Path | None:
    first = node.args[0] if node.args else None
    if isinstance(node.func, ast.Name) and node.func.id == "variable" and isinstance(first, ast.Constant):
        return None if first.value == INSTANT else (str(first.value),)
    if isinstance(node.func, ast.Attribute):
        owner = _path(node.func.value, names)
        if node.func.attr in _TRANSPARENT:
            return owner
        if node.func.attr == "get" and isinstance(first, ast.Constant) and owner is not None:
            return (*owner, str(first.value))
    return None


def _walk(node: Any, found: Gathered, expected: Evidence, names: _Names) -> None:
    path = _path(node, names)
    if path is not None:
        found.saw(path, expected)
        if isinstance(node, ast.Subscript) and path[-1] == ITEM:
            found.saw(path[:-1], "list")
        return
    walked = _WALKED.get(type(node))
    if walked:
        walked(node, found, expected, names)
        return
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            _walk(part, found, "any", names)


def _boolop(node: ast.BoolOp, found: Gathered, _expected: Evidence, names: _Names) -> None:
    for part in node.values:
        _walk(part, found, "boolean", names)


def _unaryop(node: ast.UnaryOp, found: Gathered, _expected: Evidence, names: _Names) -> None:
    _walk(node.operand, found, "boolean" if isinstance(node.op, ast.Not) else "number", names)


def _binop(node: ast.BinOp, found: Gathered, _expected: Evidence, names: _Names) -> None:
    kinds = {_kind(node.left), _kind(node.right)}
    inner: Evidence = "text" if "text" in kinds else "list" if "list" in kinds else "number"
    for side in (node.left, node.right):
        _walk(side, found, inner, names)


def _compare(node: ast.Compare, found: Gathered, _expected: Evidence, names: _Names) -> None:
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.In | ast.NotIn):
            _held(left, right, found, names, is_left_out=isinstance(operator, ast.NotIn))
        else:
            mark = _MARKS[type(operator)]
            _side(left, mark, right, found, names)
            _side(right, TURNED.get(mark, mark), left, found, names)
        left = right


def _side(here: ast.expr, mark: str, there: ast.expr, found: Gathered, names: _Names) -> None:
    path = _path(here, names)
    value = _constant(there)
    if path is None:
        _walk(here, found, _kind(there) or "any", names)
    elif value is not _NONE:
        compared(found, path, mark, value)
    elif other := _path(there, names):
        found.saw(path, "any")
        found.same.append((path, other))
    else:
        found.saw(path, _kind(there) or "any")


def _held(item: ast.expr, whole: ast.expr, found: Gathered, names: _Names, *, is_left_out: bool) -> None:
    """`colour in ["red", "blue"]`, or `"red" in colours`."""
    path, holder = _path(item, names), _path(whole, names)
    if path is not None and isinstance(whole, ast.List | ast.Tuple | ast.Set):
        for part in whole.elts:
            _side(item, "!=" if is_left_out else "=", part, found, names)
        return
    if holder is None:
        _walk(whole, found, "any", names)
    elif (value := _constant(item)) is not _NONE:
        found.saw(holder, "holds", value)
    else:
        found.saw(holder, "list")
    if _constant(item) is _NONE:
        _walk(item, found, "any", names)


_NONE = object()


def _constant(node: ast.expr) -> Any:
    """The value that is written out, else _NONE."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TRANSPARENT:
        return _constant(node.func.value)  # "Stolen".lower(), compared with whatever case
    negative = (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    )
    if negative and isinstance(node.operand.value, int | float):  # type: ignore[attr-defined]  # looked at just above
        return -node.operand.value  # type: ignore[attr-defined]  # looked at just above
    return {"true": True, "false": False, "null": None}.get(node.id, _NONE) if isinstance(node, ast.Name) else _NONE


def _kind(node: ast.expr) -> Evidence | None:
    value = _constant(node)
    if value is not _NONE:
        return None if value is None else of_value(value)
    if isinstance(node, ast.Call):
        return _given_by(node)
    if isinstance(node, ast.JoinedStr):
        return "text"
    if isinstance(node, ast.List | ast.Tuple | ast.ListComp):
        return "list"
    if isinstance(node, ast.BinOp):
        kinds = {_kind(node.left), _kind(node.right)} - {None}
        return next(iter(kinds)) if len(kinds) == 1 else "number" if not isinstance(node.op, ast.Add) else None
    return None


def _given_by(node: ast.Call) -> Evidence | None:
    if not isinstance(node.func, ast.Name):
        return "text" if isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_METHODS else None
    is_now = node.func.id == "variable" and [getattr(each, "value", None) for each in node.args] == [INSTANT]
    return "date-time" if is_now else _GIVES.get(node.func.id)


def _ifexp(node: ast.IfExp, found: Gathered, expected: Evidence, names: _Names) -> None:
    _walk(node.test, found, "boolean", names)
    _walk(node.body, found, expected, names)
    _walk(node.orelse, found, expected, names)


def _call(node: ast.Call, found: Gathered, _expected: Evidence, names: _Names) -> None:
    if isinstance(node.func, ast.Attribute):
        kind: Evidence = "text" if node.func.attr in _TEXT_METHODS else "any"
        _walk(node.func.value, found, kind, names)
        for each in node.args:
            _walk(each, found, kind, names)
        return
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    first = node.args[0] if node.args else None
    if name == "has_variable" and isinstance(first, ast.Constant):
        found.saw((str(first.value),), "maybe-null")
        return
    if name == "is_empty" and first is not None:
        found.saw(_path(first, names), "maybe-null")
        return
    if (mark := _COMPARISONS.get(name)) and len(node.args) == 2:
        _side(node.args[0], mark, node.args[1], found, names)
        _side(node.args[1], TURNED.get(mark, mark), node.args[0], found, names)
        return
    if name in ("contains_all", "contains_any") and first is not None:
        for each in node.args[1:]:
            _held(each, first, found, names, is_left_out=False)
        return
    kind = "number" if name in ("max", "min") and len(node.args) > 1 else _FUNCTIONS.get(name, "any")
    kind = "list" if name in ("max", "min") and len(node.args) == 1 else "text" if name == "concat" else kind
    for each in node.args:
        _walk(each, found, kind, names)
    if name in ("sum", "max", "min") and len(node.args) == 1 and (path := _path(node.args[0], names)):
        found.saw((*path, ITEM), "number")


def _comprehension(node: Any, found: Gathered, _expected: Evidence, names: _Names) -> None:
    inner = names
    for loop in node.generators:
        path = _path(loop.iter, inner)
        _walk(loop.iter, found, "list", inner)
        inner = inner.within(_targets(loop.target, (*path, ITEM) if path else None))
        for condition in loop.ifs:
            _walk(condition, found, "boolean", inner)
    for made in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
        _walk(made, found, "any", inner)


_WALKED: Mapping[type[ast.AST], Any] = {
    ast.BoolOp: _boolop,
    ast.UnaryOp: _unaryop,
    ast.BinOp: _binop,
    ast.Compare: _compare,
    ast.IfExp: _ifexp,
    ast.Call: _call,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
}
