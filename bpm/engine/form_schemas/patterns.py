"""Patterns of forms: written in ECMA-262's syntax, executed by RE2 in time that grows with the text and no faster.

Sources: JSON Schema 2020-12 §6.4 (a pattern is ECMA-262, found anywhere in the text), ECMA-262 §22.2,
RE2's syntax page. What the two read differently is translated; what RE2 cannot do is refused by name, never guessed.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bpm.engine.linear_patterns import PatternRefusedError, compiled_by_re2, readable_by_re2

LONGEST_PATTERN = 1_000
"""Characters of one pattern."""
LARGEST_PROGRAM = 4 * 2**20
"""Bytes that RE2 may use for one pattern."""

_SPACE = (
    r"\t\n\x{b}\x{c}\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"
)  # fmt: skip
_NO_SPACE = (
    r"\x{0}-\x{8}\x{e}-\x{1f}!-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}"
    r"\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}"
)
_DOT = r"[^\n\r\x{2028}\x{2029}]"

_TOKEN = re.compile(
    r"""\\u\{(?P<braced>[0-9A-Fa-f]{1,6})\}
      | \\u(?P<high>[Dd][89ABab][0-9A-Fa-f]{2})\\u(?P<low>[Dd][C-Fc-f][0-9A-Fa-f]{2})
      | \\u(?P<unicode>[0-9A-Fa-f]{4})
      | \\x(?P<hex>[0-9A-Fa-f]{2})
      | \\(?P<nul>0)(?![0-9])
      | \\(?P<category>[pP]\{\^?[A-Z][a-z]?\})
      | \\(?P<word>[dDwWsSbBtnvfr])
      | \\(?P<itself>[^0-9A-Za-z])
      | (?P<other>\\.?)
      | (?P<posix>\[[:.=])
      | (?P<group>\(\?(?![:]|<[A-Za-z]).{0,2})
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Pattern:
    """A pattern that was compiled. `size`: instructions of its program; time goes with size times text."""

    search: Any
    size: int

    def found_in(self, text: str) -> bool:
        """Whether the pattern is found anywhere in `text`; half a surrogate pair in it matches as U+FFFD."""
        return self.search(readable_by_re2(text)) is not None


class PatternError(ValueError):
    """The pattern is not executed; the text says why."""


def problem_of(pattern: str) -> str:
    """Why a pattern is not executed, or nothing."""
    try:
        compiled(pattern)
    except PatternError as error:
        return str(error)
    return ""


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Pattern:
    """The pattern ready to search; PatternError where it is none, or one that RE2 does not execute."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"The pattern has {len(pattern)} characters; at most {LONGEST_PATTERN} are executed.")
    try:
        made = compiled_by_re2(_translated(pattern), memory=LARGEST_PROGRAM)
    except PatternRefusedError as error:
        raise PatternError(f"{_short(pattern)} is no pattern that can be executed: {error}.") from error
    return Pattern(made.search, made.programsize)


def _translated(pattern: str) -> str:
    """The same in RE2's syntax."""
    parts: list[str] = []
    in_class = False
    for token in _TOKEN.finditer(pattern):
        kind, text = str(token.lastgroup), token.group()
        if kind == "low":
            high, low = int(token["high"], 16), int(token["low"], 16)
            parts.append(f"\\x{{{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):x}}}")
            continue
        parts.append(_one(kind, text, token[kind], pattern, in_class=in_class))
        if kind in ("plain", "posix") and text[0] in "[]":
            in_class = _class_after(pattern, token, in_class=in_class)
    return "".join(parts)


def _class_after(pattern: str, token: re.Match[str], *, in_class: bool) -> bool:
    """Whether what follows a bracket stands inside a class; an empty class means another thing to RE2."""
    if token.group()[0] == "]":
        return False
    if not in_class and re.match(r"\^?\]", pattern[token.start() + 1 :]):
        raise PatternError(f"{_short(pattern)} has a class of characters with nothing in it.")
    return True


def _one(kind: str, text: str, value: str, pattern: str, *, in_class: bool) -> str:
    if kind in ("braced", "unicode", "hex"):
        return f"\\x{{{int(value, 16):x}}}"
    if kind == "nul":
        return r"\x{0}"
    if kind == "word":
        return _word(value, in_class=in_class)
    if kind == "itself":
        # RE2 takes an escape before punctuation alone.
        return text if value.isascii() and not value.isspace() else value
    if kind == "posix":
        return text if not in_class else f"\\{text}"
    if kind == "group" and not in_class:
        raise PatternError(f"{_short(pattern)} uses {text}, which is not executed: no look-around, no flags inside.")
    if kind == "other":
        raise PatternError(f"{_short(pattern)} uses {text}, which is not executed: no back references, no such escape.")
    if kind == "plain":
        return _plain(text, in_class=in_class)
    return text


def _word(letter: str, *, in_class: bool) -> str:
    if letter == "v":
        return r"\x{b}"
    if letter == "b" and in_class:
        return r"\x{8}"
    if letter in "sS":
        inside = _SPACE if letter == "s" else _NO_SPACE
        return inside if in_class else f"[{inside}]"
    return f"\\{letter}"


def _plain(text: str, *, in_class: bool) -> str:
    if text == "." and not in_class:
        return _DOT
    return r"\[" if text == "[" and in_class else text


def _short(pattern: str) -> str:
    return repr(pattern if len(pattern) <= 60 else f"{pattern[:57]}...")
