"""Decisions (DMN): files read and checked, cells compiled into our expression language, tables decided; pure."""

from bpm.engine.decisions.deciding import decide
from bpm.engine.decisions.model import Decision, Outcome, Table, from_plain, to_plain
from bpm.engine.decisions.reading import DecisionFile, is_dmn, read_decisions

__all__ = [
    "Decision",
    "DecisionFile",
    "Outcome",
    "Table",
    "decide",
    "from_plain",
    "is_dmn",
    "read_decisions",
    "to_plain",
]
