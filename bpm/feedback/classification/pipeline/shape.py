"""The shape of a text: its length, signs, capitals, whom it speaks of; what does not depend on the subject."""

from string import ascii_letters, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

_ASKING = frozenset(
    [
        "what",
        "how",
        "when",
        "where",
        "who",
        "which",
        "why",
        "whose",
        "can",
        "could",
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "will",
        "would",
        "should",
        "may",
        "have",
        "has",
        "am",
        "any",
    ]
)
_SELF = frozenset(["i", "my", "me", "we", "our", "us", "mine"])
_YOU = frozenset(["you", "your", "u", "ur", "yours"])
_THEM = frozenset(["he", "she", "his", "her", "they", "their", "him", "them"])
_NOT = frozenset(["not", "no", "never"])
_SMILES = frozenset(
    ["❤️", "❤", "😍", "🥰", "😊", "👍", "🙌", "👏", "💯", "🎉", "😁", "😀", "💙", "💜", "🙏", "😄", "🤩", "✨"]
)
_FROWNS = frozenset(["😡", "🤬", "😠", "😤", "🙄", "👎", "😒", "😑", "💩", "🤦", "🤡", "😭", "😩", "😫"])
_LETTERS, _CAPITALS = ascii_letters.encode(), ascii_uppercase.encode()
_STEPS = (3, 7, 14, 28, 60, 140)

SHAPE = (
    *(f"up to {step} words" for step in _STEPS),
    "longer",
    "asks",
    "ends in a question mark",
    "asks on the way",
    "exclaims",
    "begins like a question",
    "handle",
    "link",
    "masked",
    "number",
    "money",
    "hashtag",
    "self",
    "you",
    "them",
    "capitals",
    "not",
    "smiles",
    "frowns",
)
"""Names of what `shape` gives, in order."""


def shape(text: str, words: list[str]) -> NDArray[np.float32]:
    """One number 0..1 for each name of SHAPE."""
    having = set(words)
    asks, last = "?" in having, words[-1] if words else ""
    signs = text.encode("ascii", "ignore")
    letters, big = _count(signs, _LETTERS), _count(signs, _CAPITALS)
    values = [
        *_length(len(words)),
        asks,
        last == "?",
        asks and last != "?",
        min(3, words.count("!")) / 3,
        bool(words) and words[0] in _ASKING,
        "@" in having,
        "<url>" in having,
        "<masked>" in having,
        "0" in having,
        "$" in text or "£" in text or "€" in text,
        "#" in text,
        not having.isdisjoint(_SELF),
        not having.isdisjoint(_YOU),
        not having.isdisjoint(_THEM),
        letters > 12 and big > 0.6 * letters,
        not having.isdisjoint(_NOT),
        not having.isdisjoint(_SMILES),
        not having.isdisjoint(_FROWNS),
    ]
    return np.array(values, np.float32)


def _count(signs: bytes, which: bytes) -> int:
    return len(signs) - len(signs.translate(None, which))


def _length(words: int) -> list[bool]:
    low = (-1, *_STEPS)
    return [below < words <= step for below, step in zip(low, _STEPS, strict=False)] + [words > _STEPS[-1]]
