"""A cell of a decision in whatever language it is written becomes one that runs."""

import re

from bpm.engine.decisions import feel
from bpm.engine.decisions.evaluation import CELL
from bpm.engine.decisions.model import Cell
from bpm.engine.spiff.expressions import parse
from bpm.engine.spiff.languages import translate
from bpm.errors import ExpressionError

OLD_JAVA = "feel or juel"
"""Language of the files of Java engines that name none: they read answers as JUEL before they learned FEEL."""


_JAVA_DATE = re.compile(r"\bdate:toDate\(")


def condition(text: str, names: frozenset[str], language: str, *, subject: str = "", line: int = 0) -> Cell:
    """A cell under an input: FEEL's unary tests, or a condition in JUEL, Python or a like language."""
    text = text.strip()
    if text in ("", "-"):
        return Cell(text, None, line=line)
    if text.startswith(".") and language == OLD_JAVA:
        return Cell(text, _translated(f"${{cellInput{text}}}", language), feel=False, line=line)
    if is_literal(text) and not subject:
        return Cell(text, f"variable({CELL!r}) == {_literal(text)}", line=line)
    if not _is_feel(text, language):
        return Cell(text, _translated(text, language), feel=False, line=line)
    return Cell(text, _checked(feel.unary_tests(text, names, subject=subject) or "true"), line=line)


def answer(text: str, names: frozenset[str], language: str, *, line: int = 0) -> Cell:
    """An input's, an output's or a decision's own expression; an empty one is null."""
    text = text.strip()
    if text in ("", "-"):
        return Cell(text, None, line=line)
    if is_literal(text):
        return Cell(text, _literal(text), line=line)
    if not _is_feel(text, language):
        return Cell(text, _translated(text, language), feel=False, line=line)
    try:
        return Cell(text, _checked(feel.expression(_JAVA_DATE.sub("date(", text), names)), line=line)
    except ExpressionError:
        if language != OLD_JAVA:
            raise
        try:
            return Cell(text, _translated(text, "juel"), feel=False, line=line)
        except ExpressionError:
            pass
        raise


def is_literal(text: str) -> bool:
    """A number or a plain text in quotes: most cells are, and they mean the same in every language."""
    return _LITERAL.fullmatch(text) is not None and "${" not in text and "#{" not in text


_LITERAL = re.compile(r'-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?|"[^"\\]*"')


def _literal(text: str) -> str:
    if text.startswith('"'):
        return repr(text[1:-1])
    return repr(float(text)) if "." in text else text


def _is_feel(text: str, language: str) -> bool:
    if "${" in text or "#{" in text:
        return False
    return not language or "feel" in language.lower() or language.lower() in ("unary", "string")


def _translated(text: str, language: str) -> str:
    return translate(text, use="value", language=language)


def _checked(text: str) -> str:
    return parse(text, functions=feel.CALLABLE).text
