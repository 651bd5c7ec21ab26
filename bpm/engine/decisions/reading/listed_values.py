"""Rules against the values that a table lists for its columns: tests that hold for none of them, answers beside them.

Source: OMG DMN 1.5 §8.3.2 and §8.3.3 (inputValues, outputValues). A decision goes by its rules alone, as the engines
of most vendors do: a value that is not listed is not refused when it comes, and the outcome's notes name it.
"""

from collections.abc import Iterator
from typing import Any

from bpm.engine.decisions.cells import read_cell
from bpm.engine.decisions.free_variables import OWN, names_in
from bpm.engine.decisions.model import Cell, Input, Output, Rule
from bpm.engine.expressions.feel.language import CELL
from bpm.engine.expressions.feel.values.values import equal, plain
from bpm.foundation.errors import ExpressionError

MOST_TRIED = 500
"""Values that one cell is tried with; a longer list is not gone through."""


def tests_for_nothing(rule: Rule, inputs: tuple[Input, ...]) -> Iterator[Input]:
    """The columns whose test in this rule holds for none of the values that the column lists."""
    for cell, column in zip(rule.tests, inputs, strict=False):
        known = {CELL, "cellInput", column.variable} | OWN
        listed = 0 < len(column.allowed) <= MOST_TRIED and cell.form == "tests" and names_in(cell) <= known
        if listed and not any(_holds(cell, column, value) for value in (*column.allowed, None)):
            yield column


def answers_beside_the_list(rule: Rule, outputs: tuple[Output, ...]) -> Iterator[tuple[Output, Any]]:
    """The columns where this rule answers with a constant that the column does not list, and the constant."""
    for cell, column in zip(rule.answers, outputs, strict=False):
        if not column.order or cell.form != "expression" or names_in(cell):
            continue
        value = _constant(cell)
        if value is not None and not any(equal(value, each) is True for each in column.order):
            yield column, value


def _holds(cell: Cell, column: Input, value: Any) -> bool:
    """Whether a test holds for a value; one that cannot be told is given the benefit of the doubt."""
    read = read_cell(cell)
    own = {column.variable: value} if column.variable else {}
    try:
        return read is None or read.value({CELL: value, "cellInput": value, **own}) is True
    except ExpressionError:
        return True


def _constant(cell: Cell) -> Any:
    read = read_cell(cell)
    try:
        return plain(read.value({})) if read is not None else None
    except ExpressionError:
        return None
