"""Deciding: a decision, with those it requires before it, over variables; within one budget, without side effects."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bpm.engine.decisions.boxed import Boxes, functions_of
from bpm.engine.decisions.cells import read_cell
from bpm.engine.decisions.hit_policies import of_table
from bpm.engine.decisions.model import Cell, Decision, Knowledge, Outcome
from bpm.engine.decisions.reading.item_definitions import as_type
from bpm.engine.expressions import tagged
from bpm.engine.expressions.feel.language import NOW
from bpm.engine.expressions.feel.scope import Run, Scope
from bpm.engine.expressions.feel.types import coerced, read_as
from bpm.engine.expressions.feel.values.iso8601 import nanoseconds_in
from bpm.engine.expressions.feel.values.type_names import typed
from bpm.engine.expressions.feel.values.values import demand_small, plain
from bpm.engine.expressions.language import Budget
from bpm.foundation.errors import ExpressionError, NotFoundError
from bpm.foundation.texts import _

STEPS = 200_000
"""What one decision, with all that it requires, may use up."""


def decide(
    decisions: Mapping[str, Decision],
    identity: str,
    variables: Mapping[str, Any],
    *,
    now: datetime,
    budget: Budget | None = None,
) -> Outcome:
    """What the decision `identity` comes to; values are plain JSON. `budget` is used up by what it takes.

    Raises ExpressionError that names the table, and the rules where its hit policy is broken; NotFoundError when
    there is no such decision.
    """
    deciding = _Deciding(decisions, {**variables, NOW: now}, budget or Budget(STEPS))
    outcome = deciding.outcome(identity)
    try:
        rows = tuple({name: plain(value) for name, value in row.items()} for row in outcome.rows)
        notes = tuple(dict.fromkeys(deciding.notes))
        return replace(outcome, value=plain(outcome.value), rows=rows, notes=notes)
    except ExpressionError as error:
        error.message = f"The decision {decisions[identity].name!r}: {error.message}"
        raise


class _Deciding:
    def __init__(
        self, decisions: Mapping[str, Decision], variables: dict[str, Any], budget: Budget, depth: int = 0
    ) -> None:
        self.decisions, self.given, self.budget, self.depth = decisions, variables, budget, depth
        self.variables = dict(variables)
        self.done: dict[str, Outcome] = {}
        self.within: dict[str, _Deciding] = {}
        """By name of an import what is decided in the imported file, among names of its own."""
        self.notes: list[str] = []

    def outcome(self, identity: str) -> Outcome:
        """What a decision comes to, dates and decimals as such."""
        if identity not in self.decisions:
            raise NotFoundError(
                f"There is no decision {identity!r}.", remedy=f"There are: {', '.join(self.decisions)}."
            )
        if identity not in self.done:
            decision = self.decisions[identity]
            for needed in decision.requires:
                self._require(decision, needed)
            self._read_inputs(decision)
            try:
                self.done[identity] = self._decided(decision)
            except ExpressionError as error:
                error.message = f"The decision {decision.name!r}: {error.message}"
                raise
        return self.done[identity]

    def _require(self, decision: Decision, needed: str) -> None:
        """Decide what it needs: by its own names, or as an entry of the name of the import it comes from."""
        called = dict(decision.imported).get(needed)
        if called is None:
            self._know(self.decisions[needed], self.outcome(needed))
            return
        if called not in self.within:
            given = self.given.get(called)
            inside = {**self.given, **(given if isinstance(given, dict) else {})}
            self.within[called] = _Deciding(self.decisions, inside, self.budget, self.depth)
            self.within[called].notes = self.notes
        of_import, found = self.decisions[needed], self.within[called].outcome(needed).value
        self._put(called, of_import.variable, typed(found, of_import.type))

    def _put(self, called: str, name: str, value: Any) -> None:
        there = self.variables.get(called)
        self.variables[called] = {**(there if isinstance(there, dict) else {}), name: value}

    def _read_inputs(self, decision: Decision) -> None:
        types = dict(decision.item_types)
        for name, said in decision.inputs:
            kind = as_type(said)
            if kind is not None and name in self.variables:
                came = self.variables[name]
                self.variables[name] = read_as(came, kind, types)
                if self.variables[name] is not came and (said_of := nanoseconds_in(came)):
                    self.notes.append(said_of)
        for called, name, said in decision.imported_inputs:
            of_import = self.variables.get(called)
            known = of_import if isinstance(of_import, dict) and name in of_import else self.given
            kind = as_type(said)
            if name in known:
                self._put(called, name, known[name] if kind is None else read_as(known[name], kind, types))

    def _know(self, decision: Decision, outcome: Outcome) -> None:
        """The result of a required decision under its own names, and those of its outputs as Camunda 7 does."""
        for row in outcome.rows if not outcome.collects else ():
            self.variables.update(row)
        value = typed(outcome.value, decision.type)
        self.variables.update({decision.id: value, decision.variable: value})

    def _decided(self, decision: Decision) -> Outcome:
        run = Run(self.variables[NOW], self.budget, dict(decision.item_types), self.depth, self.notes)
        outer = functions_of(decision.knowledge, _BOXES, self._serve, run) if decision.knowledge else None
        scope = Scope(self._with_imported(outer), outer, run)
        if decision.table is not None:
            return of_table(decision.id, decision.table, value_of, scope)
        if decision.box is None and decision.literal is None:
            return self._decided_elsewhere(decision)
        found = _BOXES.value(decision.box, scope) if decision.box else None
        found = value_of(decision.literal, scope) if decision.literal else found
        value = _conforming(found, decision)
        return Outcome(decision.id, value, ({decision.variable: value},))

    def _decided_elsewhere(self, decision: Decision) -> Outcome:
        """A decision without logic is made by people (DMN 1.5 §6.3.7): its answer is a variable of its name."""
        if decision.variable not in self.given:
            raise ExpressionError(
                _("It says no logic, and nobody has brought its answer."),
                remedy=_("Set the variable %(name)r first, or draw the logic.") % {"name": decision.variable},
            )
        value = self.given[decision.variable]
        return Outcome(decision.id, value, ({decision.variable: value},))

    def _with_imported(self, functions: Scope | None) -> dict[str, Any]:
        """The variables; beside the values of an imported file stand its functions, which go by the same name."""
        if functions is None:
            return self.variables
        spaces = {name: space for name, space in functions.names.items() if isinstance(space, dict)}
        values = {name: self.variables.get(name) for name in spaces}
        both = {name: {**space, **(v if isinstance(v := values[name], dict) else {})} for name, space in spaces.items()}
        return {**self.variables, **both} if both else self.variables

    def _serve(self, service: Knowledge, arguments: Mapping[str, Any], run: Run) -> Any:
        """What a decision service answers: the value of its output, or a context of several."""
        known = {decision.id: decision for decision in service.decisions}
        inner = _Deciding(known, {**arguments, NOW: run.now}, run.budget, run.depth)
        inner.notes = run.notes
        values = {known[output].variable: inner.outcome(output).value for output in service.outputs}
        return next(iter(values.values())) if len(values) == 1 else values


def value_of(cell: Cell, scope: Scope) -> Any:
    """What a cell comes to in a scope, whatever its language is."""
    if cell.runs is None:
        return None
    if (read := read_cell(cell)) is not None:
        return read.within(scope)
    try:
        return tagged.evaluate(cell.runs, _flat(scope), now=scope.run.now, budget=scope.run.budget)
    except ExpressionError as error:
        # What runs may be more than the author wrote (`.startsWith("a")`), who knows that text alone.
        error.message = f"{error.message.partition(' (in: ')[0]} (in: {tagged.shown(cell.text)})"
        raise


_BOXES = Boxes(value_of)


def _flat(scope: Scope) -> Mapping[str, Any]:
    """All names of a scope as cells in other languages know them, which have no values but those of JSON."""
    names = {name: _for_others(value) for name, value in scope.names.items()}
    return names if scope.outer is None else {**_flat(scope.outer), **names}


def _for_others(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else plain(value)


def _conforming(value: Any, decision: Decision) -> Any:
    """The value as the type that its decision names: a list of one as the one, or the other way round.

    Source: OMG DMN 1.5 §10.3.2.9.4. What does not conform is a failure that says so, not null.
    """
    kind, types, said = as_type(decision.type), dict(decision.item_types), decision.type
    if kind is None or value is None:
        return value
    demand_small(value)
    value = read_as(value, kind, types)
    if (fitting := coerced(value, kind, types)) is not None:
        return fitting
    raise ExpressionError(
        _("It is to be of the type %(type)s and came to %(value)r.") % {"type": said, "value": plain(value)},
        remedy=_("Mend the expression or its type."),
    )
