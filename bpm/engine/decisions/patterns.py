"""FEEL's `matches`, for patterns that are sure to end: the others are refused when the file is read.

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
_FLAGS = {"": 0, "i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}


def problem_of(pattern: str, flags: str = "") -> str:
    """Why a pattern is not executed, or nothing."""
    if flags not in _FLAGS:
        return f"the flags {flags!r} are not executed"
    if _OTHERWISE.search(pattern):
        return f"the pattern {pattern!r} uses what is not executed"
    if _REPEATED_GROUP.search(pattern) or len(_BOUNDLESS.findall(pattern)) > MOST_REPETITIONS:
        return f"the pattern {pattern!r} could run for ever"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"{pattern!r} is no pattern: {error}"
    return ""


def matches(text: Any, pattern: Any, flags: Any = "") -> bool | None:
    """Whether the pattern is found anywhere in the text; null for what is no text."""
    flags = "" if flags is None else flags
    if not all(isinstance(each, str) for each in (text, pattern, flags)):
        return None
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"A text of more than {LONGEST_TEXT} characters is not matched.")
    # XML knows one kind of line end, and its dot stops there.
    return _compiled(pattern, flags).search(re.sub("\r\n?", "\n", text)) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    if problem := problem_of(pattern, flags):
        raise ExpressionError(f"{problem[0].upper()}{problem[1:]}.", remedy="Write a simpler pattern.")
    return re.compile(pattern, _FLAGS[flags])
