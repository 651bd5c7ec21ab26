"""Tells the expression languages of models apart and gives every expression its language.

A text without any mark is Python, or what reads as JUEL or FEEL, or prose for people. What cannot be read is an
ExpressionError that says why.
Sources: Jakarta Expression Language 5.0 §1; OMG DMN 1.5 §10.3 (FEEL); Camunda 8 and Zeebe mark FEEL by a leading `=`.
"""

import ast
import re
from typing import Literal

from bpm.engine.expressions.juel import is_template, pieces
from bpm.engine.expressions.language import MAX_TEXT
from bpm.engine.expressions.tagged import Language, parse, tag
from bpm.foundation.errors import ExpressionError

Use = Literal["condition", "value", "template"]
"""condition: prose is a FreeTextError; value: the whole text is an expression; template: plain text is itself."""


_ANSWERS = frozenset(
    [
        "yes",
        "no",
        "ja",
        "nein",
        "oui",
        "non",
        "si",
        "ok",
        "else",
        "otherwise",
        "default",
        "sonst",
        "always",
        "never",
    ]
)


_CODE = re.compile(r"java|mvel|groovy|javascript|ecmascript|drools|\bj?uel\b", re.IGNORECASE)


_PYTHON = re.compile(r"\bpython", re.IGNORECASE)


_MARKED = re.compile(r"[$#]\{")


class FreeTextError(ExpressionError):
    """The text is prose for people, not an expression."""


class PlaceholderError(FreeTextError):
    """The text is what a tool writes where nothing was written: `_undefined`."""


def translate(text: str, *, use: Use, language: str = "") -> str:
    """`text` of a model as a text that says its language (`bpm.engine.expressions.tagged`).

    `language` is the model's language attribute, if any. Raises FreeTextError for prose in a condition and
    ExpressionError for whatever cannot be read.
    """
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"The expression is longer than {MAX_TEXT} characters.")
    if use == "template" and not is_template(text) and not text.startswith("="):
        return repr(text)
    return tag(_language(text, use, language), text)


def _language(text: str, use: Use, language: str) -> Language:
    """The language that the text is in, by its own marks before what the model says of it."""
    found = pieces(text)
    if len(found) == 1 and found[0][0] == text:
        return "juel"
    if text.startswith("=") and not text.startswith("=="):
        return "feel"
    if "feel" in language.lower():
        return "feel"
    if _CODE.search(language) and (code := _code_language(language)) != "code":
        # Not JUEL's template: what looks like it is a text of that language with variables in it.
        return code
    if found or _MARKED.match(text) or (use == "template" and is_template(text)):
        if use == "condition":
            raise ExpressionError(f"{text} is a text with expressions in it, not a condition.")
        return "juel"
    if _CODE.search(language):
        return _code_language(language)
    if _PYTHON.search(language):
        return "python"
    return _unmarked(text, use)


def is_read_as_said(language: str) -> bool:
    """Whether the model calls the language by a name whose texts mean nothing else: Java, Groovy, JavaScript."""
    return bool(_CODE.search(language)) and _code_language(language) in ("java", "groovy", "javascript")


def _code_language(language: str) -> Language:
    """The language of code by what the model calls it: an address, a type of media, a name."""
    said = language.lower()
    if "javascript" in said or "ecmascript" in said:
        return "javascript"
    if "groovy" in said:
        return "groovy"
    return "java" if "java" in said else "code"


def _unmarked(text: str, use: Use) -> Language:
    """Text without any mark of its language: Python, or what reads as JUEL or FEEL, or prose."""
    if use == "condition" and text.lower() in _ANSWERS:
        raise FreeTextError(f"{text!r} is a word for people, not a condition.")
    if re.fullmatch(r"_\w*", text):
        raise PlaceholderError(f"{text!r} stands for nothing.")
    if _is_python(text):
        if use == "condition" and _holds_a_display(text):
            raise ExpressionError(f"{text!r} holds a list that is written out; a list is neither true nor false.")
        return _python_or_java(text)
    languages: tuple[Language, ...] = ("code", "feel")
    for language in languages:
        if _reads_as(text, language):
            return language
    raise FreeTextError(f"{text!r} is a text for people, not an expression.")


def _python_or_java(text: str) -> Language:
    """Python as it is, unless it calls what only Java has: `names.contains("a")`."""
    try:
        parse(text)
    except ExpressionError as error:
        if _reads_as(text, "code"):
            return "code"
        raise error from None
    return "python"


def _reads_as(text: str, language: Language) -> bool:
    """Whether the text can be read in that language; words that FEEL could take for one long name are prose."""
    try:
        expression = parse(f"{language}:{text}")
    except ExpressionError:
        return False
    return not any(" " in name for name in expression.names)


def _holds_a_display(text: str) -> bool:
    """Whether it is a list or the like, written out: `[amount > 5]`, `amount > 1,000`; it would always be true."""
    body = ast.parse(text, mode="eval").body
    asked = [body]
    if isinstance(body, ast.Compare) and isinstance(body.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        asked = [body.left, *body.comparators]
    return any(isinstance(part, ast.Tuple | ast.List | ast.Set | ast.Dict) for part in asked)


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
