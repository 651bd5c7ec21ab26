"""Tables decided: which rules hold, and what the hit policy makes of their answers.

Source: OMG DMN 1.5 §8.2.8 to §8.2.10 (hit policies and aggregation).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from bpm.engine.decisions.model import COLLECTING, Cell, Input, Outcome, Table
from bpm.engine.expressions.feel.functions.lists import LISTS
from bpm.engine.expressions.feel.language import CELL
from bpm.engine.expressions.feel.scope import Scope
from bpm.engine.expressions.feel.values.iso8601 import nanoseconds_in
from bpm.engine.expressions.feel.values.type_names import typed
from bpm.engine.expressions.feel.values.values import demand_small, equal, plain
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

Evaluate = Callable[[Cell, Scope], Any]
"""Computes a cell in a scope."""
_MOST_SHOWN = 100
"""Characters of a value in a note."""


def of_table(identity: str, table: Table, value: Evaluate, scope: Scope) -> Outcome:
    """What the table comes to in a scope, for the decision `identity`."""
    matching = _matching(table, value, scope)
    matched = list(islice(matching, 1)) if table.hit_policy == "FIRST" else list(matching)
    collects = table.hit_policy in COLLECTING and table.aggregation is None
    if not matched:
        return _without_rule(identity, table, value, scope)
    if table.hit_policy == "UNIQUE" and len(matched) > 1:
        raise ExpressionError(
            f"Rules {_list(matched)} hold together, and UNIQUE allows one.",
            remedy="Narrow one of these rules, or use another hit policy.",
        )
    rows = [_row(table, number, value, scope) for number in matched]
    if table.hit_policy == "ANY":
        _demand_same(rows, matched)
        rows = rows[:1]
    if table.hit_policy in ("PRIORITY", "OUTPUT ORDER"):
        order = sorted(range(len(rows)), key=lambda place: _rank(table, rows[place]))
        rows = [rows[place] for place in order][: None if collects else 1]
    if table.aggregation is not None:
        rows = [{table.outputs[0].name: _aggregated(table.aggregation, rows, table)}]
    values = [_value_of(table, row) for row in rows]
    return Outcome(identity, values if collects else values[0], tuple(rows), tuple(matched), collects)


def _without_rule(identity: str, table: Table, value: Evaluate, scope: Scope) -> Outcome:
    """No rule holds: the defaults where the table has them, nothing counted is 0, else null or an empty list."""
    if any(output.default is not None for output in table.outputs):
        row = {each.name: value(each.default, scope) if each.default else None for each in table.outputs}
        given = _value_of(table, row)
        collects = table.hit_policy in COLLECTING and table.aggregation is None
        return Outcome(identity, [given] if collects else given, (row,), collects=collects)
    if table.aggregation is not None:
        nothing = 0 if table.aggregation == "COUNT" else None
        return Outcome(identity, nothing, ({table.outputs[0].name: nothing},))
    collects = table.hit_policy in COLLECTING
    return Outcome(identity, [] if collects else None, collects=collects)


def _matching(table: Table, value: Evaluate, scope: Scope) -> Iterator[int]:
    """Numbers of the rules whose every cell is true, one after the other."""
    known = []
    for column in table.inputs:
        came = value(column.expression, scope)
        asked = typed(came, column.type)
        if asked is not came and (said := nanoseconds_in(came)):
            scope.run.notes.append(said)
        own = {column.variable: asked} if column.variable else {}
        inside = scope.inside({CELL: asked, "cellInput": asked, **own})
        known.append(inside)
        if column.limits is not None and asked is not None and value(column.limits, inside) is not True:
            scope.run.notes.append(_unlisted(column, asked))
    for number, rule in enumerate(table.rules, 1):
        if all(cell.runs is None or value(cell, known[place]) is True for place, cell in enumerate(rule.tests)):
            yield number


def _unlisted(column: Input, asked: Any) -> str:
    """A value that the column says it does not take (DMN 1.5 §8.3.2); the rules decide on it all the same."""
    said = repr(plain(asked))
    shown = said if len(said) <= _MOST_SHOWN else f"{said[:_MOST_SHOWN]}..."
    limits = column.limits.text if column.limits else ""
    return _("the column %(column)r takes %(limits)s, and %(value)s came; it was decided by the rules") % {
        "column": column.label, "limits": limits, "value": shown,
    }  # fmt: skip


def _row(table: Table, number: int, value: Evaluate, scope: Scope) -> dict[str, Any]:
    answers = table.rules[number - 1].answers
    row = {output.name: value(cell, scope) for output, cell in zip(table.outputs, answers, strict=True)}
    demand_small(row)
    return row


def _value_of(table: Table, row: dict[str, Any]) -> Any:
    return next(iter(row.values())) if len(table.outputs) == 1 else dict(row)


def _demand_same(rows: Sequence[dict[str, Any]], matched: Sequence[int]) -> None:
    for number, row in zip(matched[1:], rows[1:], strict=True):
        if any(equal(row[name], rows[0][name]) is not True for name in row):
            raise ExpressionError(
                f"Rules {_list((matched[0], number))} hold together and answer differently, which ANY does not allow.",
                remedy="Give them the same answer, or narrow one of them.",
            )


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
    found = LISTS[how.lower()](values)
    if found is None:
        kinds = "numbers" if how == "SUM" else "values that have an order"
        raise ExpressionError(
            f"{how} needs {kinds}, and the rules answer {', '.join(map(repr, plain(values[:5])))}.",
            remedy=f"Let every rule answer with {kinds}.",
        )
    return found
