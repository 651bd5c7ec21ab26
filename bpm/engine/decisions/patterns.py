"""FEEL's `matches`, `replace` and `split`, for patterns that are sure to end; others are refused at reading.

Source: OMG DMN 1.5 §10.3.4.3, XPath's regular expressions. What Python reads otherwise is refused, never guessed.
"""

import re
from functools import lru_cache
from typing import Any

from bpm.errors import ExpressionError

LONGEST_TEXT = 2_000
MOST_REPETITIONS = 2
"""Repetitions without a bound in one pattern: each multiplies the time by the length of the text."""

_REPEATED_GROUP = re.compile(r"\)[*+{]")
_BOUNDLESS = re.compile(r"(?<!\\)[*+]|\{\d+,\}")
_OTHERWISE = re.compile(r"\\[0-9pPiIcC]|\(\?|-\[|&&")
"""Back references, classes of Unicode, subtraction of classes, and what begins with (?."""
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
LONGEST_RESULT = 100_000


def problem_of(pattern: str, flags: str = "") -> str:
    """Why a pattern is not executed, or nothing."""
    if set(flags) - _FLAGS.keys():
        return f"the flags {flags!r} are not executed"
    if _OTHERWISE.search(pattern):
        return f"the pattern {pattern!r} uses what is not executed"
    if _REPEATED_GROUP.search(pattern) or len(_BOUNDLESS.findall(pattern)) > MOST_REPETITIONS:
        return f"the pattern {pattern!r} could run for ever"
    try:
        re.compile(pattern, _of(flags))
    except (re.error, OverflowError, RecursionError) as error:
        return f"{pattern!r} is no pattern: {error}"
    return ""


def _of(flags: str) -> re.RegexFlag:
    return re.RegexFlag(sum(_FLAGS[flag] for flag in set(flags)))


def matches(text: Any, pattern: Any, flags: Any = "") -> bool | None:
    """Whether the pattern is found anywhere in the text; null for what is no text."""
    found = _ready(text, pattern, flags)
    return found and found[1].search(found[0]) is not None


def replaced(text: Any, pattern: Any, replacement: Any, flags: Any = "") -> str | None:
    """The text with every part that fits replaced; `$1` in the replacement is the pattern's first group."""
    found = _ready(text, pattern, flags)
    if found is None or not isinstance(replacement, str):
        return None
    pieces, at = [], 0
    for part in found[1].finditer(found[0]):
        pieces += [found[0][at : part.start()], _filled(replacement, part)]
        at = part.end()
        if sum(map(len, pieces)) > LONGEST_RESULT:
            raise ExpressionError("The text is too long.")
    return "".join(pieces) + found[0][at:]


def _filled(replacement: str, part: re.Match[str]) -> str:
    def group(found: re.Match[str]) -> str:
        if found[1] is not None:
            return str(found[1])
        place = int(found[2])
        return (part[place] or "") if place <= (part.re.groups or 0) else ""

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
    return None if found is None else [part[0] for part in found[1].finditer(found[0])]


def _ready(text: Any, pattern: Any, flags: Any) -> tuple[str, re.Pattern[str]] | None:
    flags = "" if flags is None else flags
    if not all(isinstance(each, str) for each in (text, pattern, flags)):
        return None
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"A text of more than {LONGEST_TEXT} characters is not matched.")
    # XML knows one kind of line end, and its dot stops there.
    return re.sub("\r\n?", "\n", text), _compiled(pattern, flags)


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    if problem := problem_of(pattern, flags):
        raise ExpressionError(f"{problem[0].upper()}{problem[1:]}.", remedy="Write a simpler pattern.")
    return re.compile(pattern, _of(flags))
