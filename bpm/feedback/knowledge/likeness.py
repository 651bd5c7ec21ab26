"""How much two texts speak of the same, by their words alone. Pure and linear."""

import re

MOST_CHARACTERS = 5_000
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = frozenset(
    """
    the and for are was were you your our with that this have has had not but can could would will from what when
    where how why who which they them their there here been being does did doing into about than then also just any
    all get got its please thank thanks hello dear regards may must should shall very much more most some
    """.split()  # noqa: SIM905 (a list to be read)
)


def words_of(text: str) -> frozenset[str]:
    """The words that carry meaning, roughly without their endings."""
    found = (each for each in _WORD.findall(text[:MOST_CHARACTERS].casefold()) if each not in _COMMON)
    return frozenset(_stem(each) for each in found)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def likeness(asked: frozenset[str], known: frozenset[str]) -> float:
    """The share of the shorter one's words that the other has, too; 0 where either says nothing."""
    fewer = min(len(asked), len(known))
    return len(asked & known) / fewer if fewer else 0.0
