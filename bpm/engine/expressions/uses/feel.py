"""The uses of variables in FEEL: every node says what its parts have to be.

Source: OMG DMN 1.5 §10.3.4 (what the functions take).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpm.engine.expressions.feel import tree as of
from bpm.engine.expressions.feel.language import CELL
from bpm.engine.expressions.uses.use import ITEM, TURNED, Evidence, Gathered, Path, compared, of_value

_NUMBER = ("abs", "floor", "ceiling", "round up", "round down", "round half up", "round half down", "modulo", "sqrt",
           "decimal", "log", "exp", "odd", "even")  # fmt: skip
_TEXT = ("string length", "upper case", "lower case", "contains", "starts with", "ends with", "matches", "replace",
         "substring", "substring before", "substring after", "split", "trim", "number")  # fmt: skip
_LIST = ("count", "append", "concatenate", "reverse", "distinct values", "sort", "union", "flatten", "sublist",
         "insert before", "remove", "index of", "all", "any", "string join")  # fmt: skip
_NUMBERS = ("sum", "min", "max", "mean", "median", "stddev", "product", "mode")
_DATED = ("year", "month", "day of week", "day of year", "week of year", "month of year", "last day of month")
_FUNCTIONS: Mapping[str, Evidence] = {
    **dict.fromkeys(_NUMBER, "number"),
    **dict.fromkeys(_TEXT, "text"),
    **dict.fromkeys(_LIST, "list"),
    **dict.fromkeys(_DATED, "date"),
    "date": "date",
    "time": "time",
    "date and time": "date-time",
    "duration": "duration",
}
_GIVES: Mapping[str, Evidence] = {
    **dict.fromkeys((*_NUMBER[:-2], *_NUMBERS, "count", "string length", "number", "day of year"), "number"),
    **dict.fromkeys(("today", "date"), "date"),
    **dict.fromkeys(("now", "date and time"), "date-time"),
    **dict.fromkeys(("duration", "years and months duration"), "duration"),
    **dict.fromkeys(("upper case", "lower case", "substring", "string", "replace", "trim"), "text"),
    "time": "time",
}
_PROVIDED = ("is defined", "get or else")
_TRANSPARENT = ("lower case", "upper case", "trim")


@dataclass
class _Names:
    """Names that the expression gives itself: path of what they stand for, None where that is no variable."""

    known: dict[str, Path | None] = field(default_factory=dict)
    about: Path | None = None
    entries: tuple[Path, ...] = ()
    """Lists whose items' entries may be read by their bare names: we stand in their filter."""

    def within(self, **known: Path | None) -> "_Names":
        return _Names({**self.known, **known}, self.about, self.entries)


def walk(node: of.Node, found: Gathered, expected: Evidence, *, about: Path | None = None) -> None:
    """Gather the uses in a tree that has to come to `expected`; `about` is what unary tests are about."""
    _walk(node, found, expected, _Names(about=about))


def _path(node: Any, names: _Names) -> Path | None:
    if isinstance(node, of.Name):
        if node.name == CELL:
            return names.about
        if node.name in names.known:
            return names.known[node.name]
        return (*names.entries[-1], ITEM, node.name) if names.entries else (node.name,)
    if isinstance(node, of.Member):
        owner = _path(node.owner, names)
        return None if owner is None else (*owner, node.name)
    if isinstance(node, of.Filter):
        owner = _path(node.items, names)
        return None if owner is None else (*owner, ITEM)
    if isinstance(node, of.Call) and isinstance(node.function, of.Name) and node.function.name in _TRANSPARENT:
        return _path(node.arguments[0], names) if node.arguments else None
    return None


def _walk(node: Any, found: Gathered, expected: Evidence, names: _Names) -> None:
    for kind, walked in _WALKED.items():
        if isinstance(node, kind):
            walked(node, found, expected, names)
            return
    for part in _parts(node):
        _walk(part, found, "any", names)


def _parts(node: Any) -> list[Any]:
    """The nodes right below one, whatever holds them."""
    values = list(vars(node).values()) if isinstance(node, of.Node | of.Loop) else []
    found: list[Any] = []
    while values:
        value = values.pop(0)
        if isinstance(value, of.Node | of.Loop):
            found.append(value)
        elif isinstance(value, tuple):
            values[:0] = value
    return found


def _named(node: Any, found: Gathered, expected: Evidence, names: _Names) -> None:
    path = _path(node, names)
    found.saw(path, expected)
    if path is None and isinstance(node, of.Member):
        _walk(node.owner, found, "any", names)


def _binary(node: of.Binary, found: Gathered, expected: Evidence, names: _Names) -> None:
    if node.mark in ("=", "!=", *TURNED):
        _comparison(node.left, node.mark, node.right, found, names)
        return
    kinds = {_kind(node.left), _kind(node.right)} - {None}
    inner: Evidence = "text" if "text" in kinds else "number"
    sides = (inner, inner)
    if node.mark in "+-" and (kinds | {expected}) & {*_MOMENTS, "duration"}:
        sides = _of_moments(node.mark, kinds, expected)
    for side, kind in zip((node.left, node.right), sides, strict=True):
        _walk(side, found, kind, names)


_MOMENTS: tuple[Evidence, ...] = ("date", "date-time", "time")


def _of_moments(mark: str, kinds: set[Evidence | None], expected: Evidence) -> tuple[Evidence, Evidence]:
    """What both sides of a sum or difference of moments and spans are, from what is known of either and of the whole.

    Source: OMG DMN 1.5 table 55: a moment less a moment is a span, a moment and a span are a moment.
    """
    moment = next((kind for kind in _MOMENTS if kind in kinds), None)
    if expected == "duration" and "duration" not in kinds and mark == "-":
        return (moment or "date",) * 2
    if moment is not None:
        return ("duration", "duration")
    if "duration" in kinds:
        whole: Evidence = expected if expected in (*_MOMENTS, "duration") else "date-time"
        return (whole, whole)
    return (expected, "duration")


def _comparison(left: Any, mark: str, right: Any, found: Gathered, names: _Names) -> None:
    for here, there, way in ((left, right, mark), (right, left, TURNED.get(mark, mark))):
        path = _path(here, names)
        if path is None:
            _walk(here, found, _kind(there) or "any", names)
        elif isinstance(there, of.Constant):
            compared(found, path, way, _plain(there.value))
        elif other := _path(there, names):
            found.saw(path, "any")
            found.same.append((path, other))
        else:
            found.saw(path, _kind(there) or "any")


def _plain(value: Any) -> Any:
    """A number as JSON has it."""
    if value is None or isinstance(value, bool | str | int):
        return value
    return int(value) if value == int(value) else float(value)


def _kind(node: Any) -> Evidence | None:
    """What a node comes to, where its own shape says so."""
    if isinstance(node, of.Constant):
        return None if node.value is None else of_value(node.value) if isinstance(node.value, bool | str) else "number"
    if isinstance(node, of.Moment):
        return of_value(node.text)
    if isinstance(node, of.Call) and isinstance(node.function, of.Name):
        return _GIVES.get(node.function.name)
    if isinstance(node, of.Binary) and node.mark in ("+", "-", "*", "/", "**"):
        sides = {_kind(node.left), _kind(node.right)}
        kinds = sides - {None, "duration"}
        if sides == {None, "duration"} and node.mark in "+-":
            return "date-time"
        return next(iter(kinds)) if len(kinds) == 1 else "number" if node.mark in "*/**" else None
    if isinstance(node, of.Negative):
        return "number"
    return None


def _between(node: of.Between, found: Gathered, _expected: Evidence, names: _Names) -> None:
    _comparison(node.value, ">=", node.low, found, names)
    _comparison(node.value, "<=", node.high, found, names)


def _truths(node: Any, found: Gathered, _expected: Evidence, names: _Names) -> None:
    for part in _parts(node):
        _walk(part, found, "boolean", names)


def _choice(node: of.Choice, found: Gathered, expected: Evidence, names: _Names) -> None:
    _walk(node.test, found, "boolean", names)
    _walk(node.first, found, expected, names)
    _walk(node.second, found, expected, names)


def _number(node: Any, found: Gathered, _expected: Evidence, names: _Names) -> None:
    _walk(node.value, found, "number", names)


def _instance(node: of.Instance, found: Gathered, _expected: Evidence, names: _Names) -> None:
    kinds: Mapping[str, Evidence] = {"number": "number", "string": "text", "boolean": "boolean", "date": "date",
                                     "time": "time", "date and time": "date-time", "list": "list"}  # fmt: skip
    _walk(node.value, found, kinds.get(node.type.name, "any"), names)


def _test(node: of.Test, found: Gathered, _expected: Evidence, names: _Names) -> None:
    path = _path(node.about, names)
    if path is None:
        _walk(node.about, found, "any", names)
    inner = _Names(names.known, path, names.entries)
    for test in node.tests:
        _unary(test, found, inner)


def _unary(test: Any, found: Gathered, names: _Names) -> None:
    if isinstance(test, of.Compared):
        _comparison(of.Name(CELL), test.mark, test.value, found, names)
        return
    if isinstance(test, of.Not):
        for part in _parts(test):
            _unary(part, found, names)
        found.saw(names.about, "fallback")
        return
    if isinstance(test, of.Fits) and not test.asks:
        _fits(test.value, found, names)
        return
    _walk(test.value if isinstance(test, of.Fits) else test, found, "boolean", names)


def _fits(value: Any, found: Gathered, names: _Names) -> None:
    if isinstance(value, of.Interval):
        for mark, bound in ((">=", value.low), ("<=", value.high)):
            if bound is not None:
                _comparison(of.Name(CELL), mark, bound, found, names)
    elif isinstance(value, of.Items):
        for item in value.items:
            _fits(item, found, names)
    elif isinstance(value, of.Not | of.Test):
        _unary(value, found, names) if isinstance(value, of.Not) else _test(value, found, "boolean", names)
    else:
        _comparison(of.Name(CELL), "=", value, found, names)


def _filter(node: of.Filter, found: Gathered, _expected: Evidence, names: _Names) -> None:
    path = _path(node.items, names)
    _walk(node.items, found, "list", names)
    if isinstance(node.condition, of.Constant):
        return
    item = None if path is None else (*path, ITEM)
    inner = names.within(item=item)
    inner.entries = (*names.entries, path) if path is not None else names.entries
    _walk(node.condition, found, "any", inner)


def _counted(node: Any, found: Gathered, _expected: Evidence, names: _Names) -> None:
    inner = names
    for loop in node.loops:
        path = _path(loop.values, inner)
        _walk(loop.values, found, "integer" if loop.high is not None else "list", inner)
        if loop.high is not None:
            _walk(loop.high, found, "integer", inner)
        item = (*path, ITEM) if path is not None and loop.high is None else None
        inner = inner.within(**{loop.name: item, "partial": None})
    if isinstance(node, of.For):
        _walk(node.made, found, "any", inner)
    else:
        _walk(node.test, found, "boolean", inner)


def _call(node: of.Call, found: Gathered, _expected: Evidence, names: _Names) -> None:
    name = node.function.name if isinstance(node.function, of.Name) else ""
    if not node.arguments:
        return
    first, others = node.arguments[0], node.arguments[1:]
    if name == "list contains":
        _contains(first, others, found, names)
        return
    path = _path(first, names)
    if name in _PROVIDED:
        found.saw(path, "maybe-null")
        found.saw(path, _kind(others[0]) or "any" if others else "any")
    elif name in _NUMBERS:
        _walk(first, found, "number" if others else "list", names)
        if path and not others:
            found.saw((*path, ITEM), "number")
    else:
        _walk(first, found, _FUNCTIONS.get(name, "any"), names)
    for each in others:
        _walk(each, found, _OTHERS.get(name, "any"), names)


def _contains(whole: Any, items: tuple[Any, ...], found: Gathered, names: _Names) -> None:
    """`list contains(colours, "red")`, or `list contains(["red", "blue"], colour)`."""
    if isinstance(whole, of.Items) and items:
        for item in whole.items:
            _comparison(items[0], "=", item, found, names)
        return
    path = _path(whole, names)
    _walk(whole, found, "list", names)
    for each in items:
        if isinstance(each, of.Constant) and path:
            found.saw(path, "holds", _plain(each.value))
        else:
            _walk(each, found, "any", names)


_OTHERS: Mapping[str, Evidence] = {
    **dict.fromkeys(("contains", "starts with", "ends with", "substring before", "substring after"), "text"),
    **dict.fromkeys((*_NUMBERS, "modulo", "decimal", "substring", "sublist"), "number"),
    "years and months duration": "date",
}


def _function(node: of.Function, found: Gathered, _expected: Evidence, names: _Names) -> None:
    _walk(node.body, found, "any", names.within(**dict.fromkeys(node.parameters)))


def _entries(node: of.Entries, found: Gathered, _expected: Evidence, names: _Names) -> None:
    inner = names
    for name, value in node.entries:
        _walk(value, found, "any", inner)
        inner = inner.within(**{name: None})


_WALKED: Mapping[type[Any], Any] = {
    of.Name: _named,
    of.Member: _named,
    of.Binary: _binary,
    of.Between: _between,
    of.Logic: _truths,
    of.Not: _truths,
    of.Negative: _number,
    of.Choice: _choice,
    of.Instance: _instance,
    of.Test: _test,
    of.Filter: _filter,
    of.For: _counted,
    of.Quantified: _counted,
    of.Call: _call,
    of.Function: _function,
    of.Entries: _entries,
}
