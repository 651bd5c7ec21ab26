"""FEEL's patterns: written in XPath's syntax, executed by RE2 in time that grows with the text and no faster.

Source: OMG DMN 1.5 §10.3.4.3, XPath and XQuery Functions 3.1 §5.6, RE2's syntax page. What the two read differently is
translated; what RE2 cannot do is refused by name, never guessed.
"""

import re
from functools import lru_cache
from typing import Any

from bpm.engine.linear_patterns import PatternRefusedError, compiled_by_re2, readable_by_re2
from bpm.foundation.errors import ExpressionError

LONGEST_TEXT = 20_000
LONGEST_PATTERN = 1_000
LONGEST_RESULT = 100_000
LARGEST_PROGRAM = 1 << 20
"""Bytes that RE2 may use for one pattern."""
FLAGS = frozenset("imsx")

_NOT_EXECUTED = re.compile(r"(?<!\\)(?:\\\\)*(?:\\[1-9iIcC]|\(\?(?!:)|\[[^\]]*-\[)")
"""Back references, classes of XML names, what begins with (? and subtraction of classes."""
_PIECE = re.compile(r"\\.|.", re.DOTALL)
_SPACED = re.compile(r"\[(?:\\.|[^\]\\])*\]?|[^\[]+", re.DOTALL)
_WORD = r"\p{L}\p{M}\p{N}\p{S}_"
_CLASSES = {r"\w": _WORD, r"\d": r"\p{Nd}"}
_OUTSIDE = {r"\w": f"[{_WORD}]", r"\W": f"[^{_WORD}]", r"\d": r"\p{Nd}", r"\D": r"\P{Nd}"}


def problem_of(pattern: str) -> str:
    """Why a pattern is not executed though XPath knows it, or nothing."""
    if len(pattern) > LONGEST_PATTERN:
        return f"a pattern of more than {LONGEST_PATTERN} characters is not executed"
    if _NOT_EXECUTED.search(pattern):
        return f"the pattern {pattern!r} uses what is not executed"
    return ""


def is_pattern(pattern: str, flags: str = "") -> bool:
    """Whether pattern and flags are such; what is none comes to null, as the standard says."""
    if set(flags) - FLAGS:
        return False
    try:
        _made(pattern, flags)
    except PatternRefusedError:
        return False
    return True


def matches(text: Any, pattern: Any, flags: Any = "") -> bool | None:
    """Whether the pattern is found anywhere in the text; null for what is no text."""
    found = _ready(text, pattern, flags)
    return None if found is None else found[1].search(found[0]) is not None


def replaced(text: Any, pattern: Any, replacement: Any, flags: Any = "") -> str | None:
    """The text with every part that fits replaced; `$1` in the replacement is the pattern's first group."""
    found = _ready(text, pattern, flags)
    if found is None or not isinstance(replacement, str) or found[1].search("") is not None:
        return None
    pieces, at, length = [], 0, 0
    for part in found[1].finditer(found[0]):
        pieces += [found[0][at : part.start()], _filled(replacement, part)]
        at, length = part.end(), length + len(pieces[-1])
        if length > LONGEST_RESULT:
            raise ExpressionError("The text is too long.")
    return "".join(pieces) + found[0][at:]


def _filled(replacement: str, part: Any) -> str:
    def group(found: re.Match[str]) -> str:
        if found[1] is not None:
            return str(found[1])
        place = int(found[2])
        return (part.group(place) or "") if place <= part.re.groups else ""

    return re.sub(r"\\([\\$])|\$(\d)", group, replacement)


def split_at(text: Any, pattern: Any) -> list[str] | None:
    """The parts of a text between what fits the pattern."""
    found = _ready(text, pattern, "")
    if found is None or not pattern:
        return None
    parts, at = [], 0
    for between in found[1].finditer(found[0]):
        if between.end() > between.start():
            parts.append(found[0][at : between.start()])
            at = between.end()
    return [*parts, found[0][at:]]


def extracted(text: Any, pattern: Any) -> list[str] | None:
    """Every part of a text that fits the pattern, as Camunda extends FEEL."""
    found = _ready(text, pattern, "")
    return None if found is None else [part.group(0) for part in found[1].finditer(found[0])]


def _ready(text: Any, pattern: Any, flags: Any) -> tuple[str, Any] | None:
    flags = "" if flags is None else flags
    if not all(isinstance(each, str) for each in (text, pattern, flags)):
        return None
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"A text of more than {LONGEST_TEXT} characters is not matched.")
    # XML knows one kind of line end, and its dot stops there; half a surrogate pair is no text to RE2.
    whole = readable_by_re2(re.sub("\r\n?", "\n", text))
    compiled = _compiled(pattern, flags)
    return None if compiled is None else (whole, compiled)


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Any:
    if problem := problem_of(pattern):
        raise ExpressionError(f"{problem[0].upper()}{problem[1:]}.", remedy="Write a simpler pattern.")
    return _made(pattern, flags) if is_pattern(pattern, flags) else None


def _made(pattern: str, flags: str) -> Any:
    inline = "".join(sorted(set(flags) - {"x"}))
    translated = (f"(?{inline})" if inline else "") + _translated(pattern, spaced="x" in flags)
    return compiled_by_re2(translated, memory=LARGEST_PROGRAM)


def _translated(pattern: str, *, spaced: bool) -> str:
    """The same in RE2's syntax: digits and letters of every script; with the flag x, spaces mean nothing."""
    parts: list[str] = []
    inside = False
    for piece in _PIECE.findall(_unspaced(pattern) if spaced else pattern):
        if piece in ("[", "]"):
            inside = piece == "["
        parts.append((_CLASSES if inside else _OUTSIDE).get(piece, piece))
    return "".join(parts)


def _unspaced(pattern: str) -> str:
    """The pattern without the spaces outside its classes."""
    return "".join(part if part[0] == "[" else "".join(part.split()) for part in _SPACED.findall(pattern))
