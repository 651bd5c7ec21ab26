"""Decisions (DMN): files read and checked, expressions in FEEL, tables and boxes decided; pure."""

from bpm.engine.decisions.boxed_text import as_written, functions_of
from bpm.engine.decisions.decide import STEPS, decide
from bpm.engine.decisions.free_variables import variables_of
from bpm.engine.decisions.model import Decision, Outcome, Table, from_plain, to_plain
from bpm.engine.decisions.reading.reader import DecisionFile, is_dmn, read_decisions, read_files
from bpm.engine.decisions.reading.source import as_bytes, as_text
from bpm.engine.decisions.table_tests import wrong_rows

__all__ = [
    "STEPS",
    "Decision",
    "DecisionFile",
    "Outcome",
    "Table",
    "as_bytes",
    "as_text",
    "as_written",
    "decide",
    "from_plain",
    "functions_of",
    "is_dmn",
    "read_decisions",
    "read_files",
    "to_plain",
    "variables_of",
    "wrong_rows",
]
