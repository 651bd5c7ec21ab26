"""FEEL's texts cut into tokens; names may hold spaces and signs where the file declares such names.

Source: OMG DMN 1.5 §10.3.1.2, rules 22 to 38 and 60 to 66. Python's `==`, `True`, `None` and single quotes are taken
too: people write them, and there is only one thing that they can mean.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bpm.errors import ExpressionError

Kind = Literal["number", "text", "moment", "name", "word", "mark", "end"]

WORDS = frozenset(
    ["and", "or", "not", "in", "between", "if", "then", "else", "for", "return", "some", "every", "satisfies",
     "instance", "function", "true", "false", "null"]
)  # fmt: skip
_PYTHON = {"True": "true", "False": "false", "None": "null"}


@dataclass(frozen=True)
class Token:
    kind: Kind
    text: str


_TOKEN = re.compile(
    r"""(?:\s+|//[^\n]*|/\*.*?\*/)*(?:
    (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)(?![^\W\d])
  | @"(?P<moment>[^"]*)"
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<name>[^\W\d]\w*)
  | (?P<mark>\*\*|\.\.|<=|>=|!=|==|[-+*/=<>(){}\[\],.:?])
  | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_GAP = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)


def tokens(text: str, names: frozenset[str]) -> list[Token]:
    """The tokens of a FEEL text; `names` are those of the file that hold more than letters, digits and _.

    Raises ExpressionError that shows the place.
    """
    found: list[Token] = []
    known = _known(names)
    at = 0
    while True:
        at = _GAP.match(text, at).end()  # type: ignore[union-attr]
        if known is not None and (name := known.match(text, at)):
            found.append(Token("name", " ".join(name[0].split())))
            at = name.end()
            continue
        token = _TOKEN.match(text, at)
        if token is None or token.lastgroup is None:
            raise ExpressionError(f"{text[at : at + 20]!r} is not understood in {text.strip()!r}.")
        at = token.end()
        found.append(_token(token.lastgroup, token[token.lastgroup]))
        if found[-1].kind == "end":
            return found


def _token(kind: str, text: str) -> Token:
    if kind == "text":
        return Token("text", _unescaped(text[1:-1]))
    if kind == "name":
        text = _PYTHON.get(text, text)
        return Token("word" if text in WORDS else "name", text)
    return Token(kind, "=" if text == "==" else text)  # type: ignore[arg-type]


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


@lru_cache(maxsize=64)
def _known(names: frozenset[str]) -> re.Pattern[str] | None:
    """The longest declared name first, spaces as wide as somebody made them."""
    odd = sorted((name for name in names if not name.isidentifier() and name.strip()), key=lambda name: -len(name))
    if not odd:
        return None
    return re.compile("|".join(rf"(?<!\w){_wide(name)}(?!\w)" for name in odd[:500]))


def _wide(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())


def odd_names(names: Iterable[str]) -> frozenset[str]:
    """Those of `names` that a text cannot be cut into without knowing them."""
    return frozenset(" ".join(name.split()) for name in names if not name.isidentifier())
