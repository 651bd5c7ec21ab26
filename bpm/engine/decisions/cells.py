"""A cell of a decision in whatever language it is written becomes one that runs."""

import re
from contextlib import suppress
from functools import lru_cache

from bpm.engine.decisions.model import Cell, Form
from bpm.engine.decisions.released import without_java_dates
from bpm.engine.expressions.dialects import translate
from bpm.engine.expressions.feel import language as feel
from bpm.foundation.errors import ExpressionError

OLD_JAVA = "feel or juel"
"""Language of the files of Java engines that name none: they read answers as JUEL before they learned FEEL."""


_METHOD = re.compile(r"[\w)\]]\.[a-z]\w*\(")
"""What only Java has; to FEEL it would be an entry that is called, and null."""


def condition(text: str, names: frozenset[str], language: str, *, line: int = 0) -> Cell:
    """A cell under an input: FEEL's unary tests, or a condition in JUEL, Python or a like language."""
    text = text.strip()
    if text in ("", "-"):
        return Cell(text, None, line=line)
    if text.startswith(".") and language == OLD_JAVA:
        return Cell(text, _translated(f"${{cellInput{text}}}", language), line=line)
    if not is_literal(text) and not is_feel(text, language):
        return Cell(text, _translated(text, language), line=line)
    read = feel.unary_tests(text, names)
    return Cell(text, read.text, line=line, form="tests", names=_used(text, names))


def answer(text: str, names: frozenset[str], language: str, *, line: int = 0) -> Cell:
    """An input's, an output's or a decision's own expression; an empty one is null."""
    text = text.strip()
    if text in ("", "-"):
        return Cell(text, None, line=line)
    if not is_literal(text) and not is_feel(text, language):
        return Cell(text, _translated(text, language), line=line)
    if language == OLD_JAVA and _METHOD.search(text):
        with suppress(ExpressionError):
            return Cell(text, _translated(text, "juel"), line=line)
    try:
        read = feel.expression(without_java_dates(text), names)
        return Cell(text, read.text, line=line, form="expression", names=_used(text, names))
    except ExpressionError:
        if language != OLD_JAVA:
            raise
        try:
            return Cell(text, _translated(text, "juel"), line=line)
        except ExpressionError:
            pass
        raise


def remarks_on(cell: Cell) -> tuple[str, ...]:
    """What is understood in a cell and yet comes to null always."""
    read = read_cell(cell)
    return read.remarks if read is not None else ()


def beyond_reach(cell: Cell) -> tuple[str, ...]:
    """What is understood in a cell and cannot be held here: to compute it is a Failure."""
    read = read_cell(cell)
    return read.beyond if read is not None else ()


def read_cell(cell: Cell) -> feel.Expression | None:
    """The FEEL of a cell, read once for all; None for a cell that is none."""
    if cell.runs is None or not cell.form:
        return None
    return _read(cell.runs, cell.form, cell.names)


@lru_cache(maxsize=8192)
def _read(text: str, form: Form, names: tuple[str, ...]) -> feel.Expression:
    read = feel.unary_tests if form == "tests" else feel.expression
    return read(text, frozenset(names))


def _used(text: str, names: frozenset[str]) -> tuple[str, ...]:
    plain = " ".join(text.split())
    return tuple(sorted(name for name in names if name in plain))


def is_literal(text: str) -> bool:
    """A number or a plain text in quotes: most cells are, and they mean the same in every language."""
    return _LITERAL.fullmatch(text) is not None and "${" not in text and "#{" not in text


_LITERAL = re.compile(r'-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?|"[^"\\]*"')


def is_feel(text: str, language: str) -> bool:
    """Whether a text is FEEL, by the language that its file names and by its marks."""
    if "${" in text or "#{" in text:
        return False
    return not language or "feel" in language.lower() or language.lower() in ("unary", "string") or "/DMN/" in language


def _translated(text: str, language: str) -> str:
    return translate(text, use="value", language=language)
