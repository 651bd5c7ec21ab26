"""Tells code of other engines from our own expressions and from prose, and reads what can mean one thing only."""

import re
from html import unescape

from bpm.engine.expressions.dialects import FreeTextError, Use, is_read_as_said, translate
from bpm.engine.expressions.functions import UnknownCallError
from bpm.engine.expressions.sql import UnreadableError, as_feel
from bpm.foundation.errors import ExpressionError

_OURS = re.compile(r"juel|feel|uel\b|jsr-?\s?(?:245|341)|python|\bel$", re.IGNORECASE)
_NATURAL = re.compile(
    r"^\s*(?:none|text(?:/plain)?|natural.*|english|deutsch|german|[a-z]{2}(?:-[a-z]{2})?)?\s*$", re.IGNORECASE
)
_CODE = re.compile(
    r"""[=!<>]=|<>|(?<!-)[<>=]|&&|\|\||[^\W\d]\w*\(|@@|@[\#%]\w|\{\{|(?<!\w)[$:][A-Za-z]|\w\[|\]\.
    |\b(?:AND|OR|NOT|LIKE|BETWEEN)\b|\bIN\s*\(|\b(?i:in)\s*\(\s*['"\d]|\b(?i:is\s+(?:not\s+)?null)\b|\b(?i:like)\s+['"]
    |^\W*[\w.]+\s+(?:equals|greater\ than|less\ than|contains|matches)\s+\S+\W*$""",
    re.VERBOSE,
)
_XPATH = re.compile(r"xpath", re.IGNORECASE)
_QUOTED = re.compile(r"""(".*?"|'.*?')""")
_PATH = re.compile(r"\$\w+(?:/\w+)+(?![\w/:(])")
_INSIDE = re.compile(r"^[$#]\{(.*)\}$", re.DOTALL)


class NoLanguageError(ExpressionError):
    """The condition is code of no language that is read here."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:100]!r} is code of no language that is read here.",
            remedy="Write it over variables, as in ${amount > 100 && region == 'EU'} or = amount > 100.",
        )


def translate_code(text: str, *, use: Use, language: str) -> str:
    """As `translate`; what is no expression of ours but can mean one thing only is read as such."""
    if "{{" in text and (meant := _one_meaning(text, use)):
        # Before anything else: it is Python, too, and would be a set in a set.
        return meant
    if _XPATH.search(language) and not is_marked(text):
        text = _paths_as_entries(text)
    if use == "condition" and text.strip() in ("TRUE", "FALSE"):
        return translate(f"= {text.strip().lower()}", use=use)
    try:
        return translate(text, use=use, language=language)
    except UnknownCallError:
        raise
    except ExpressionError as error:
        if isinstance(error, FreeTextError) and not is_code(unescape(text)):
            raise
        if (plain := unescape(text)) != text:
            # Some tools escape twice.
            return translate_code(plain, use=use, language=language)
        if "==" in text and (strict := re.sub(r"([=!])==", r"\1=", text)) != text:
            return translate_code(strict, use=use, language=language)
        after = None if is_read_as_said(language) else _one_meaning(text, use)
        if after is None:
            raise
        return after


def _paths_as_entries(text: str) -> str:
    """XPath's `$order/total` as `$order.total`; a slash never divides there. NoLanguageError for any other path."""
    parts = _QUOTED.split(text)
    outside = [_PATH.sub(lambda path: path[0].replace("/", "."), part) for part in parts[::2]]
    if any("/" in part for part in outside):
        raise NoLanguageError(text)
    parts[::2] = outside
    return "".join(parts)


def _one_meaning(text: str, use: Use) -> str | None:
    inside = _INSIDE.match(text.strip())
    try:
        return translate(f"= {as_feel(inside[1] if inside else text)}", use=use)
    except (UnreadableError, ExpressionError):
        return None


def is_code(text: str) -> bool:
    """Whether the text has marks that only code has: comparisons, calls, marked variables."""
    return bool(_CODE.search(text))


def is_marked(text: str) -> bool:
    """Whether the text says that it is JUEL or FEEL."""
    return text.strip().startswith(("${", "#{", "="))


def is_spoken(language: str) -> bool:
    """Whether the language of a text is one that people speak, or none is said."""
    return bool(_NATURAL.match(language))


def is_foreign_code(text: str, language: str) -> bool:
    """Whether the model says that the text is in a language of another engine."""
    if is_spoken(language) or _OURS.search(language) or is_marked(text):
        return False
    return is_code(text) or bool(re.search(r"sql|script|java|groovy|mvel|drools|xpath|php", language, re.IGNORECASE))


def plain_language(language: str) -> str:
    """The language for the name of a topic: letters and digits, the last part of an address."""
    return re.sub(r"[^\w.+-]+", "-", language.strip().rstrip("/").rpartition("/")[2])[:60] or "code"
