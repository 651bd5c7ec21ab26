"""What a decision does with the variables that it reads: its columns with their types, the values of their cells."""

from collections.abc import Iterator, Mapping

from bpm.engine import decisions
from bpm.engine.decisions import Decision, Table
from bpm.engine.decisions.model import Cell, Input
from bpm.engine.expressions.uses.reading import uses_of, uses_of_feel
from bpm.engine.expressions.uses.use import Evidence, Path, Use

_TYPES: Mapping[str, Evidence] = {
    "string": "text", "number": "number", "integer": "integer", "long": "integer", "double": "number",
    "boolean": "boolean", "date": "date", "time": "time", "datetime": "date-time", "dateandtime": "date-time",
    "date and time": "date-time", "duration": "duration", "daytimeduration": "duration",
    "yearmonthduration": "duration",
}  # fmt: skip


def uses_of_decision(known: Mapping[str, Decision], identity: str) -> tuple[Use, ...]:
    """The uses of every variable that the decision, or one that it requires, reads from outside."""
    outside = decisions.variables_of(known, identity)
    found = [Use((name,), _kind(said)) for name, said in outside.items()]
    for decision in _with_required(known, identity):
        found += [Use((name,), _kind(said)) for name, said in decision.inputs]
        if decision.table is not None:
            found += _of_table(decision.table)
        if decision.literal is not None:
            found += _of_cell(decision.literal)
    return tuple(use for use in dict.fromkeys(found) if use.path[0] in outside)


def _kind(said: str) -> Evidence:
    return _TYPES.get(said.rpartition(":")[2].replace("-", "").casefold(), "any")


def _with_required(known: Mapping[str, Decision], identity: str) -> Iterator[Decision]:
    todo, seen = [identity], set[str]()
    while todo:
        name = todo.pop()
        if name in known and name not in seen:
            seen.add(name)
            yield known[name]
            todo.extend(known[name].requires)


def _of_table(table: Table) -> Iterator[Use]:
    for at, column in enumerate(table.inputs):
        read = _of_cell(column.expression)
        yield from read
        path = _path_of(column.expression.text, read)
        if path is None:
            continue
        yield Use(path, _kind(column.type))
        for value in column.allowed:
            yield Use(path, "option", value)
        for rule in table.rules:
            if at < len(rule.tests):
                yield from _of_test(column, rule.tests[at], path)


def _path_of(text: str, read: tuple[Use, ...]) -> Path | None:
    """The variable, or the entry of one, that a column is about; None where it works something out."""
    plain = ".".join(part.strip() for part in text.strip().strip("=#${} ").split("."))
    if plain.isidentifier():
        return (plain,)
    return next((use.path for use in read if ".".join(use.path) == plain), None)


def _of_test(column: Input, cell: Cell, path: Path) -> Iterator[Use]:
    if cell.text.strip() in ("", "-"):
        if not column.allowed:
            yield Use(path, "fallback")
    elif cell.form == "tests" and cell.runs:
        for use in uses_of_feel(cell.runs, frozenset(cell.names), is_cell=True, about=path):
            if use.evidence != "fallback" or not column.allowed:
                yield use
    elif cell.runs:
        yield from uses_of(cell.runs)


def _of_cell(cell: Cell) -> tuple[Use, ...]:
    if cell.runs is None:
        return ()
    if cell.form:
        return uses_of_feel(cell.runs, frozenset(cell.names))
    return uses_of(cell.runs)
