"""Deciding: a decision, with those it requires before it, over variables; within one budget, without side effects.

Source: OMG DMN 1.5 §8.2.8 to §8.2.10 (hit policies and aggregation).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from bpm.engine.decisions.evaluation import CELL, NOW, Feel
from bpm.engine.decisions.feel import CALLABLE
from bpm.engine.decisions.kinds import typed
from bpm.engine.decisions.list_functions import LISTS
from bpm.engine.decisions.model import COLLECTING, Cell, Decision, Outcome, Table
from bpm.engine.decisions.values import equal, is_number, plain
from bpm.engine.expressions import tagged
from bpm.engine.spiff.expressions import Budget, CompiledExpression, evaluate, parse
from bpm.errors import ExpressionError, NotFoundError

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
    return _Deciding(decisions, {**variables, NOW: now}, budget or Budget(STEPS)).outcome(identity)


class _Deciding:
    def __init__(self, decisions: Mapping[str, Decision], variables: dict[str, Any], budget: Budget) -> None:
        self.decisions, self.variables, self.budget = decisions, variables, budget
        self.done: dict[str, Outcome] = {}

    def outcome(self, identity: str) -> Outcome:
        if identity not in self.decisions:
            raise NotFoundError(
                f"There is no decision {identity!r}.", remedy=f"There are: {', '.join(self.decisions)}."
            )
        if identity not in self.done:
            decision = self.decisions[identity]
            for needed in decision.requires:
                self._know(self.decisions[needed], self.outcome(needed))
            for name, kind in decision.inputs:
                if name in self.variables:
                    self.variables[name] = typed(self.variables[name], kind)
            try:
                self.done[identity] = self._decided(decision)
            except ExpressionError as error:
                error.message = f"The decision {decision.name!r}: {error.message}"
                raise
        return self.done[identity]

    def _know(self, decision: Decision, outcome: Outcome) -> None:
        """The result of a required decision under its own names, and those of its outputs as Camunda 7 does."""
        for row in outcome.rows if not outcome.collects else ():
            self.variables.update(row)
        value = typed(outcome.value, decision.type)
        self.variables.update({decision.id: value, decision.variable: value})

    def _decided(self, decision: Decision) -> Outcome:
        if decision.table is not None:
            return _of_table(decision, decision.table, self._value, self.variables)
        value = plain(_conforming(self._value(decision.literal), decision.type)) if decision.literal else None
        return Outcome(decision.id, value, ({decision.variable: value},))

    def _value(self, cell: Cell, variables: Mapping[str, Any] | None = None) -> Any:
        if cell.runs is None:
            return None
        known = self.variables if variables is None else variables
        if not cell.feel:
            return tagged.evaluate(cell.runs, known, now=self.variables[NOW], budget=self.budget)
        return evaluate(_compiled(cell.runs), known, budget=self.budget, kind=Feel)


@lru_cache(maxsize=8192)
def _compiled(text: str) -> CompiledExpression:
    return parse(text, functions=CALLABLE)


Evaluate = Callable[..., Any]


def _of_table(decision: Decision, table: Table, value: Evaluate, variables: Mapping[str, Any]) -> Outcome:
    matching = _matching(table, value, variables)
    matched = list(islice(matching, 1)) if table.hit_policy == "FIRST" else list(matching)
    collects = table.hit_policy in COLLECTING and table.aggregation is None
    if not matched:
        return _without_rule(decision, table, value)
    if table.hit_policy == "UNIQUE" and len(matched) > 1:
        raise ExpressionError(
            f"Rules {_list(matched)} hold together, and UNIQUE allows one.",
            remedy="Narrow one of these rules, or use another hit policy.",
        )
    rows = [_row(table, number, value) for number in matched]
    if table.hit_policy == "ANY":
        _demand_same(rows, matched)
        rows = rows[:1]
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER"):
        order = sorted(range(len(rows)), key=lambda place: _rank(table, rows[place]))
        rows = [rows[place] for place in order][: None if collects else 1]
    if table.aggregation is not None:
        rows = [{table.outputs[0].name: _aggregated(table.aggregation, rows, table)}]
    values = [_value_of(table, row) for row in rows]
    return Outcome(decision.id, values if collects else values[0], tuple(rows), tuple(matched), collects)


def _without_rule(decision: Decision, table: Table, value: Evaluate) -> Outcome:
    """No rule holds: the defaults where the table has them, nothing counted is 0, else null or an empty list."""
    if any(output.default is not None for output in table.outputs):
        row = {each.name: plain(value(each.default)) if each.default else None for each in table.outputs}
        given = _value_of(table, row)
        collects = table.hit_policy in COLLECTING and table.aggregation is None
        return Outcome(decision.id, [given] if collects else given, (row,), collects=collects)
    if table.aggregation is not None:
        nothing = 0 if table.aggregation == "COUNT" else None
        return Outcome(decision.id, nothing, ({table.outputs[0].name: nothing},))
    collects = table.hit_policy in COLLECTING
    return Outcome(decision.id, [] if collects else None, collects=collects)


def _matching(table: Table, value: Evaluate, variables: Mapping[str, Any]) -> Iterator[int]:
    """Numbers of the rules whose every cell is true, one after the other."""
    known = []
    for column in table.inputs:
        asked = typed(value(column.expression), column.type)
        own = {column.variable: asked} if column.variable else {}
        known.append({**variables, CELL: asked, "cellInput": asked, **own})
    for number, rule in enumerate(table.rules, 1):
        if all(cell.runs is None or value(cell, known[place]) is True for place, cell in enumerate(rule.tests)):
            yield number


def _row(table: Table, number: int, value: Evaluate) -> dict[str, Any]:
    answers = table.rules[number - 1].answers
    return {output.name: plain(value(cell)) for output, cell in zip(table.outputs, answers, strict=True)}


def _value_of(table: Table, row: dict[str, Any]) -> Any:
    return next(iter(row.values())) if len(table.outputs) == 1 else dict(row)


def _demand_same(rows: Sequence[dict[str, Any]], matched: Sequence[int]) -> None:
    for number, row in zip(matched[1:], rows[1:], strict=True):
        if row != rows[0]:
            raise ExpressionError(
                f"Rules {_list((matched[0], number))} hold together and answer differently, which ANY does not allow.",
                remedy="Give them the same answer, or narrow one of them.",
            )


def _conforming(value: Any, kind: str) -> Any:
    """The value as the type that its decision names, a list of one as the one (OMG DMN 1.5 §10.3.2.9.4)."""
    if isinstance(value, list) and len(value) == 1 and kind in _KINDS:
        value = value[0]
    value = typed(value, kind)
    wanted = _KINDS.get(kind)
    if wanted is None or value is None or (isinstance(value, wanted) and (wanted is bool or value is not bool(value))):
        return value
    raise ExpressionError(
        f"It is to be a {kind} and came to {plain(value)!r}.", remedy="Mend the expression or its type."
    )


_KINDS: dict[str, Any] = {"number": int | float, "string": str, "boolean": bool}


def _list(numbers: Sequence[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _rank(table: Table, row: dict[str, Any]) -> tuple[int, ...]:
    """How important an answer is: the place of each value among its output's values, unlisted ones last."""
    return tuple(
        next((place for place, known in enumerate(output.order) if equal(row[output.name], known)), len(output.order))
        for output in table.outputs
    )


def _aggregated(how: str, rows: Sequence[dict[str, Any]], table: Table) -> Any:
    values = [row[table.outputs[0].name] for row in rows]
    if how == "COUNT":
        return len(values)
    if not all(is_number(each) for each in values):
        raise ExpressionError(
            f"{how} needs numbers, and the rules answer {', '.join(map(repr, values[:5]))}.",
            remedy="Let every rule answer a number.",
        )
    if how == "SUM":
        return LISTS["sum"](values)
    return min(values) if how == "MIN" else max(values)
