"""Boxed expressions and knowledge models computed: contexts, invocations, relations, lists, functions and the rest.

Source: OMG DMN 1.5 §10.2.2 (boxed expressions), §10.4 (their meaning in FEEL), §6.3.9 (knowledge models).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bpm.engine.decisions.hit_policies import of_table
from bpm.engine.decisions.model import Box, Cell, Knowledge
from bpm.engine.decisions.reading.item_definitions import as_type
from bpm.engine.expressions.feel.functions.builtins import Builtin, find
from bpm.engine.expressions.feel.functions.lists import as_list
from bpm.engine.expressions.feel.looping import decided, kept, listed, looped
from bpm.engine.expressions.feel.scope import Lambda, Run, Scope
from bpm.engine.expressions.feel.tree import Type
from bpm.engine.expressions.feel.types import coerced
from bpm.engine.expressions.feel.values.values import is_number

ValueOf = Callable[[Cell, Scope], Any]


class Boxes:
    """Computes boxes; `value_of` computes the cells in them."""

    def __init__(self, value_of: ValueOf) -> None:
        self.value_of = value_of

    def value(self, box: Box, scope: Scope) -> Any:
        """What a box comes to in a scope."""
        scope.run.budget.pay()
        found = self._KINDS[box.kind](self, box, scope)
        return self._typed(found, box.type, scope) if box.type and box.kind in ("literal", "invocation") else found

    def _literal(self, box: Box, scope: Scope) -> Any:
        return self.value_of(box.cell, scope) if box.cell is not None else None

    def _table(self, box: Box, scope: Scope) -> Any:
        return of_table("", box.table, self.value_of, scope).value if box.table is not None else None

    def _context(self, box: Box, scope: Scope) -> Any:
        made: dict[str, Any] = {}
        inner = scope.inside(made)
        for part in box.parts:
            value = self._typed(self.value(part, inner), part.type, scope)
            if not part.name:
                return value
            made[part.name] = value
        return dict(made)

    def _typed(self, value: Any, type_ref: str, scope: Scope) -> Any:
        kind = as_type(type_ref)
        return value if kind is None or isinstance(value, Lambda) else coerced(value, kind, scope.run.types)

    def _invocation(self, box: Box, scope: Scope) -> Any:
        function, *bindings = box.parts
        called = self.value(function, scope)
        if called is None and function.cell is not None:
            called = find(function.cell.text)
        values = [self.value(binding, scope) for binding in bindings]
        if not isinstance(called, Lambda | Builtin):
            return None
        return called.call(values, names=tuple(binding.name for binding in bindings), run=scope.run)

    def _relation(self, box: Box, scope: Scope) -> list[Any]:
        return [dict(zip(box.names, self._list(row, scope), strict=False)) for row in box.parts]

    def _list(self, box: Box, scope: Scope) -> list[Any]:
        return [self.value(part, scope) for part in box.parts]

    def _function(self, box: Box, scope: Scope) -> Lambda:
        return function_of(box, scope, self.value)

    def _conditional(self, box: Box, scope: Scope) -> Any:
        test, first, second = box.parts
        verdict = self.value(test, scope)
        return self.value(first if verdict is True else second, scope) if _is_verdict(verdict) else None

    def _filter(self, box: Box, scope: Scope) -> Any:
        items, condition = box.parts
        found, odd = as_list(self.value(items, scope)), list[Any]()
        held = kept(found, lambda inner: _noted(self.value(condition, inner), odd), scope)
        return None if odd and not is_number(odd[0]) else held

    def _loop(self, box: Box, scope: Scope) -> Any:
        values, made = box.parts
        loops = [(box.name, lambda outer: listed(self.value(values, outer), outer.run))]
        if box.kind == "for":
            return looped(loops, lambda inner: self.value(made, inner), partial=True)(scope)
        odd = list[Any]()
        held = decided(loops, lambda inner: _noted(self.value(made, inner), odd), decisive=box.kind == "some")(scope)
        return None if odd else held

    _KINDS: Mapping[str, Callable[["Boxes", Box, Scope], Any]] = {
        "literal": _literal, "table": _table, "context": _context, "invocation": _invocation, "relation": _relation,
        "list": _list, "function": _function, "conditional": _conditional, "filter": _filter, "for": _loop,
        "some": _loop, "every": _loop,
    }  # fmt: skip


def _is_verdict(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _noted(verdict: Any, odd: list[Any]) -> Any:
    """The verdict; one that is neither true nor false nor unknown is noted, and makes the whole box null."""
    if not _is_verdict(verdict):
        odd.append(verdict)
    return verdict


def _nested(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments whose names are paths (`Person.Name`), as tools write them, also as entries of a context."""
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        *path, last = name.split(".")
        at = found
        for part in path:
            at = at.setdefault(part, {})
        at[last] = value
    return {**found, **arguments}


def function_of(box: Box, scope: Scope | None, value: Callable[[Box, Scope], Any], result: str = "") -> Lambda:
    """A function definition as a value, in the scope where it was made."""
    (body,) = box.parts

    def called(arguments: Mapping[str, Any], run: Run) -> Any:
        given = _nested(arguments) if any("." in name for name in arguments) else arguments
        found = value(body, Scope(given, scope, run))
        kind = as_type(result)
        return found if kind is None or isinstance(found, Lambda) else coerced(found, kind, run.types)

    return Lambda(box.names, tuple(map(as_type, box.types)), called)


Decide = Callable[[Knowledge, Mapping[str, Any], Run], Any]
"""What a decision service comes to for its arguments."""


def functions_of(knowledge: Iterable[Knowledge], boxes: Boxes, decide: Decide, run: Run, *, depth: int = 0) -> Scope:
    """A scope of functions by name; they know each other, and themselves.

    Those of an imported file are entries of the name of the import; `depth` counts the imports gone through.
    """
    names: dict[str, Any] = {}
    scope = Scope(names, None, run)
    imported: dict[str, list[Knowledge]] = {}
    for each in knowledge:
        if len(each.path) > depth:
            imported.setdefault(each.path[depth], []).append(each)
        elif each.body is not None:
            names[each.name] = function_of(each.body, scope, boxes.value, each.type)
        else:
            names[each.name] = Lambda(each.parameters, tuple(map(as_type, each.types)), _service(each, decide))
    for name, inside in imported.items():
        types = next((dict(each.item_types) for each in inside if len(each.path) == depth + 1), {})
        functions = functions_of(inside, boxes, decide, run, depth=depth + 1).names
        names[name] = {own: _of_file(found, types) for own, found in functions.items()}
    return scope


def _of_file(function: Any, types: Mapping[str, Type]) -> Any:
    """A function of another file, whose types are those of that file."""
    if not isinstance(function, Lambda):
        return function

    def called(arguments: Mapping[str, Any], run: Run) -> Any:
        return function.call([*arguments.values()], replace(run, types=types), names=tuple(arguments))

    return Lambda(function.parameters, (None,) * len(function.parameters), called)


def _service(service: Knowledge, decide: Decide) -> Callable[[Mapping[str, Any], Run], Any]:
    return lambda arguments, run: decide(service, arguments, run)
