"""Which variables cells and decisions read."""

from collections.abc import Iterator, Mapping

from bpm.engine.decisions import cells as translating
from bpm.engine.decisions.model import Box, Cell, Decision
from bpm.engine.expressions import tagged
from bpm.engine.expressions.feel.language import CELL

OWN = frozenset({CELL, "cellInput", "item"})
"""Names that a cell may use without anybody setting them."""


def names_in(cell: Cell) -> frozenset[str]:
    """Variables that an expression reads, those with spaces in their names too."""
    if cell.runs is None or translating.is_literal(cell.text):
        return frozenset()
    read = translating.read_cell(cell)
    return tagged.parse(cell.runs).names if read is None else frozenset(read.reads)


def variables_of(decisions: Mapping[str, Decision], identity: str) -> dict[str, str]:
    """{variable: type, "" where unsaid} that a decision and all it requires read from outside, in order of reading."""
    found: dict[str, str] = {}
    given: set[str] = set()
    for decision in _with_required(decisions, identity):
        given |= {decision.id, decision.variable, *_outputs(decision), *decision.imports}
    for decision in _with_required(decisions, identity):
        types = dict(decision.inputs)
        found |= {name: found.get(name) or kind for _, name, kind in decision.imported_inputs}
        for name, kind in _reads(decision):
            if name not in given:
                found[name] = found.get(name) or types.get(name) or kind
    return found


def _with_required(decisions: Mapping[str, Decision], identity: str) -> list[Decision]:
    """The decision last, what it requires before it."""
    found: dict[str, Decision] = {}
    todo = [identity]
    while todo:
        decision = decisions[todo.pop()]
        if decision.id not in found:
            found[decision.id] = decision
            todo.extend(name for name in decision.requires if name in decisions)
    return [*found.values()][::-1]


def _outputs(decision: Decision) -> Iterator[str]:
    for output in decision.table.outputs if decision.table else ():
        yield output.name


def _in_box(box: Box, known: frozenset[str]) -> frozenset[str]:
    """Variables that a boxed expression reads from outside."""
    cells = [box.cell] if box.cell else []
    if box.table is not None:
        cells += [column.expression for column in box.table.inputs]
        cells += [cell for rule in box.table.rules for cell in (*rule.tests, *rule.answers)]
    found = frozenset(name for cell in cells for name in names_in(cell)) - known
    inner = known | frozenset(box.names if box.kind == "function" else (box.name, "item", "partial"))
    for part in box.parts:
        found |= _in_box(part, inner)
        if box.kind == "context":
            inner |= {part.name}
    return found


def _reads(decision: Decision) -> Iterator[tuple[str, str]]:
    if decision.box is not None:
        known = OWN | {function.name for function in decision.knowledge}
        yield from ((name, "") for name in sorted(_in_box(decision.box, known)))
    if decision.literal is not None:
        yield from ((name, "") for name in sorted(names_in(decision.literal)))
    if decision.table is None:
        return
    own = OWN | {column.variable for column in decision.table.inputs}
    for column in decision.table.inputs:
        kind = column.type if column.expression.text.isidentifier() else ""
        yield from ((name, kind) for name in sorted(names_in(column.expression)))
    for rule in decision.table.rules:
        for cell in (*rule.tests, *rule.answers):
            yield from ((name, "") for name in sorted(names_in(cell) - own))
