"""Whether two written names may be one person's: for proposals and for lines that several people use, never alone."""

import re
import unicodedata

from rapidfuzz import fuzz

AGREE, ALIKE = 92.0, 86.0
"""Similarity, 0 to 100, from which names agree, and from which they are worth a person's look."""
_TITLES = frozenset("mr mrs ms miss dr prof herr frau sir madam mme mlle m sr sra jr senor senora".split())  # noqa: SIM905


def names_agree(one: str, other: str) -> bool:
    """Whether they are the same name but for order, marks, titles and a slip."""
    return likeness(one, other) >= AGREE


def likeness(one: str, other: str) -> float:
    """0 to 100 (rapidfuzz, ratio of sorted words); 0 when one of them has no letters, 60 at most for one word alone.

    An initial stands for a first name of that letter: `J. Miller` is `Jane Miller` by 90.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    score = fuzz.ratio(" ".join(sorted(first)), " ".join(sorted(second)))
    if min(len(first), len(second)) == 1:
        return score if first == second and len(first) == len(second) else min(score, 60.0)
    if first != second and _by_initial(first, second):
        return max(score, 90.0)
    return score


def _words(name: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name[:200].casefold()) if not unicodedata.combining(c))
    if "," in plain:
        last, _comma, rest = plain.partition(",")
        plain = f"{rest} {last}"
    return [word for word in re.findall(r"[^\W\d_]+", plain) if word not in _TITLES]


def _by_initial(first: list[str], second: list[str]) -> bool:
    if first[-1] != second[-1]:
        return False
    one, other = first[0], second[0]
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]
