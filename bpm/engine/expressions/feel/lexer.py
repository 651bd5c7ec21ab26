"""FEEL's text cut into tokens, one at a time, because which names there are depends on where the text is read.

Source: OMG DMN 1.5 §10.3.1.2, rules 22 to 38 and 60 to 66. Python's `==`, `True`, `None` and single quotes,
and Java's `!`, are taken too: people write them, and there is only one thing that they can mean; so are Camunda's names
in backticks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bpm.foundation.errors import ExpressionError

Kind = Literal["number", "text", "moment", "name", "word", "mark", "end"]

WORDS = frozenset(
    ["and", "or", "in", "between", "if", "then", "else", "for", "return", "some", "every", "satisfies", "instance",
     "function", "true", "false", "null", "not"]
)  # fmt: skip
_MARKS = {"==": ("mark", "="), "!": ("word", "not")}
_PYTHON = {"True": "true", "False": "false", "None": "null"}
_WIDE = "\U00010000-\U000effff"
"""Signs beyond the basic plane belong to names, as the standard's grammar says."""
NAME = rf"(?:[^\W\d]|[{_WIDE}])(?:\w|[{_WIDE}])*"
MOST_NAMES = 500


@dataclass(frozen=True)
class Token:
    """A piece of the text; `text` is what it means, `start` and `end` are where it stands."""

    kind: Kind
    text: str
    start: int
    end: int


_GAP = re.compile(r"(?:\s|[\ufeff\u180e\u200b]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_TOKEN = re.compile(
    rf"""(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![^\W\d])
  | @"(?P<moment>[^"]*)"
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | `(?P<quoted>[^`]+)`
  | (?P<name>{NAME})
  | (?P<mark>\*\*|\.\.|->|<=|>=|!=|==|[-+*/=<>(){{}}\[\],.:?!])
  | (?P<end>\Z)""",
    re.VERBOSE | re.DOTALL,
)


def token_at(text: str, at: int, known: re.Pattern[str] | None) -> Token:
    """The token that begins at `at` or behind the gap there; raises ExpressionError that shows the place."""
    start = skip(text, at)
    if known is not None and (name := known.match(text, start)):
        return Token("name", plain_name(name[0]), start, name.end())
    found = _TOKEN.match(text, start)
    if found is None or found.lastgroup is None:
        raise ExpressionError(f"{text[start : start + 20]!r} is not understood in {text.strip()!r}.")
    kind, said = found.lastgroup, found[found.lastgroup]
    if kind == "text":
        said = _unescaped(said[1:-1])
    if kind == "quoted":
        return Token("name", plain_name(said), start, found.end())
    if kind == "name":
        said = _PYTHON.get(said, said)
        kind = "word" if said in WORDS else "name"
    if kind == "mark":
        kind, said = _MARKS.get(said, (kind, said))
    return Token(kind, said, start, found.end())  # type: ignore[arg-type] # the names of the groups are the kinds


def skip(text: str, at: int) -> int:
    """Where the next token begins, behind spaces and remarks."""
    found = _GAP.match(text, at)
    return found.end() if found else at


def plain_name(name: str) -> str:
    """A name with one space wherever somebody made several."""
    return " ".join(name.split())


def _unescaped(text: str) -> str:
    plain = re.sub(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", _meant, text, flags=re.DOTALL)
    # Two halves of a surrogate pair, written one after the other, are one sign.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _meant(found: re.Match[str]) -> str:
    sign = found[1]
    if sign[0] in "uU" and len(sign) > 1:
        code = int(sign[1:], 16)
        return chr(code) if code < 0x110000 else ""
    return {"n": "\n", "t": "\t", "r": "\r"}.get(sign, sign if sign in "\"'\\" else f"\\{sign}")


@lru_cache(maxsize=512)
def known_names(names: frozenset[str]) -> re.Pattern[str] | None:
    """The longest of the names that a text cannot be cut into without knowing them comes first."""
    odd = sorted((name for name in names if not name.isidentifier() and name.strip()), key=lambda name: -len(name))
    if not odd:
        return None
    return re.compile("|".join(rf"(?<!\w){_spaced(name)}(?!\w)" for name in odd[:MOST_NAMES]))


def _spaced(name: str) -> str:
    """The name however wide its gaps are written."""
    return r"\s+".join(map(re.escape, name.split()))


def odd_names(names: Iterable[str]) -> frozenset[str]:
    """Those of `names` that hold more than letters, digits and underscores."""
    return frozenset(plain_name(name) for name in names if not name.isidentifier())
