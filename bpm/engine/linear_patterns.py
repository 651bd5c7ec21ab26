"""The one door to RE2: patterns that run in time that grows with the text and no faster."""

from typing import Any

import re2


class PatternRefusedError(ValueError):
    """RE2 does not execute the pattern; the text says why."""


def compiled_by_re2(pattern: str, *, memory: int) -> Any:
    """The pattern, in RE2's syntax, ready to search; `memory` is how many bytes RE2 may use for it.

    Raises PatternRefusedError.
    """
    options = re2.Options()
    options.max_mem, options.log_errors = memory, False
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise PatternRefusedError(_reason(error)) from error


def readable_by_re2(text: str) -> str:
    """The text as RE2 takes it: half a surrogate pair in it matches as U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace")[:120] if isinstance(said, bytes) else "it is no text"
