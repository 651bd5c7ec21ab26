"""Translates the expression languages of other engines, JUEL and simple FEEL, into ours.

Both are read by one precedence-climbing parser into a Python syntax tree, which is then written out as text, so that
designers see what runs. What has no counterpart is an ExpressionError that names it.
Sources: Jakarta Expression Language 5.0 §1; OMG DMN 1.5 §10.3 (FEEL).
"""

import ast
import re
from typing import Literal

from bpm.engine.spiff.counterparts import call_of
from bpm.engine.spiff.expressions import MAX_TEXT, parse
from bpm.engine.spiff.reading import Reading, feel, juel, written
from bpm.errors import ExpressionError

Use = Literal["condition", "value", "template"]
"""condition: prose is a FreeTextError; value: the whole text is an expression; template: plain text is itself."""


_WRAPPED = re.compile(r"^[$#]\{(?P<inside>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}$", re.DOTALL)


_PIECE = re.compile(r"[$#]\{(?P<inside>[^{}]*)\}")


_ANSWERS = frozenset(
    [
        "yes",
        "no",
        "ja",
        "nein",
        "oui",
        "non",
        "si",
        "y",
        "n",
        "ok",
        "else",
        "otherwise",
        "default",
        "sonst",
        "always",
        "never",
    ]
)


_CODE = re.compile(r"java|mvel|groovy|javascript|ecmascript|drools", re.IGNORECASE)


class FreeTextError(ExpressionError):
    """The text is prose for people, not an expression."""


class PlaceholderError(FreeTextError):
    """The text is what a tool writes where nothing was written: `_undefined`."""


def translate(text: str, *, use: Use, language: str = "") -> str:
    """`text` of a model as text of our own language.

    `language` is the model's language attribute, if any. Raises FreeTextError for prose in a condition and
    ExpressionError for whatever cannot be translated.
    """
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"The expression is longer than {MAX_TEXT} characters.")
    if use == "template" and not _PIECE.search(text) and not text.startswith("="):
        return repr(text)
    return parse(_translate(text, use, language)).text


def _translate(text: str, use: Use, language: str) -> str:
    wrapped = _WRAPPED.match(text)
    if wrapped and len(_PIECE.findall(text)) <= 1:
        return juel(wrapped["inside"])
    if text.startswith("=") and not text.startswith("=="):
        return written(Reading(text[1:], feel=True, spaced=True).whole())
    if "feel" in language.lower():
        return written(Reading(text, feel=True, spaced=True).whole())
    if _PIECE.search(text):
        if use == "condition":
            raise ExpressionError(f"{text} is a text with expressions in it, not a condition.")
        return _template(text)
    if _CODE.search(language):
        return juel(re.sub(r"^return\b|;$", "", text).strip())
    return _unmarked(text, use)


def _unmarked(text: str, use: Use) -> str:
    """Text without any mark of its language: Python, or what reads as JUEL or FEEL, or prose."""
    if use == "condition" and text.lower() in _ANSWERS:
        raise FreeTextError(f"{text!r} is a word for people, not a condition.")
    if re.fullmatch(r"_\w*", text):
        raise PlaceholderError(f"{text!r} stands for nothing.")
    if _is_python(text):
        return _python_or_java(text)
    text = re.sub(r"^return\b|;$", "", text).strip()
    for reading in (juel, feel):
        try:
            return reading(text)
        except ExpressionError:
            continue
    raise FreeTextError(f"{text!r} is a text for people, not an expression.")


def _python_or_java(text: str) -> str:
    """Python as it is, unless it calls what only Java has: `names.contains("a")`."""
    try:
        parse(text)
    except ExpressionError as error:
        try:
            return juel(text)
        except ExpressionError:
            raise error from None
    return text


def _is_python(text: str) -> bool:
    """Whether the text is Python; `customer is happy` reads as Python too, but compares no variables."""
    try:
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return not (
        isinstance(body, ast.Compare)
        and isinstance(body.ops[0], ast.Is | ast.IsNot)
        and not isinstance(body.comparators[0], ast.Constant)
    )


def _template(text: str) -> str:
    parts: list[ast.expr] = []
    at = 0
    for piece in _PIECE.finditer(text):
        if piece.start() > at:
            parts.append(ast.Constant(text[at : piece.start()]))
        parts.append(call_of("str", Reading(piece["inside"], feel=False).whole()))
        at = piece.end()
    if at < len(text):
        parts.append(ast.Constant(text[at:]))
    sum_of_parts = parts[0]
    for part in parts[1:]:
        sum_of_parts = ast.BinOp(sum_of_parts, ast.Add(), part)
    return written(sum_of_parts)
