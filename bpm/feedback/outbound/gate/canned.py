"""How canned a text reads: how alike it is to templates and to what its author said lately. Pure.

Compared are words without greeting, signature and placeholders, by the indel ratio of rapidfuzz: 1 is the same, and
each word that a person changed lowers it. Word for word is .95 or more.
"""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

LONGEST = 4_000
"""Characters that are compared."""
SHORTEST = 25
"""Characters below which everybody says the same: "Thank you!" is no macro."""
_PLACEHOLDER = re.compile(r"\{\{.{0,60}?\}\}")
_GREETING = re.compile(
    r"\A\s*(?:hello|hi|hey|dear|good (?:morning|afternoon|evening)|hallo|liebe[r]?|guten (?:tag|morgen|abend)|bonjour)"
    r"\b[^\n,!.]{0,60}[,!.\n]",
    re.IGNORECASE,
)
_BYE = re.compile(
    r"\n\s*(?:(?:kind|best|warm) (?:regards|wishes)|regards|yours|cheers|thanks|mit freundlichen|viele grüße)\b"
    r".{0,200}\Z",
    re.IGNORECASE | re.DOTALL,
)


def canned_score(text: str, others: Iterable[str]) -> float:
    """0 to 1: the highest likeness to any of the others."""
    own = _core(text)
    return max((_alike(own, _core(each)) for each in others), default=0.0)


def _alike(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return round(fuzz.ratio(one, other) / 100, 3)


def _core(text: str) -> str:
    words = _BYE.sub("", _GREETING.sub("", text[:LONGEST]))
    return " ".join(re.findall(r"[\w'’]+", _PLACEHOLDER.sub(" ", words).casefold()))


def is_long_enough(text: str) -> bool:
    """Whether likeness says anything about it."""
    return len(_core(text)) >= SHORTEST


def edit_distance(drafted: str, text: str) -> int:
    """Characters that a person changed of a draft: Levenshtein's distance."""
    return Levenshtein.distance(drafted[:20_000].strip(), text[:20_000].strip())
