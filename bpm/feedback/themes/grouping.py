"""Which items speak of the same: MinHash over words and pairs of words (Broder 1997), compared with numpy. Pure.

1. A text is the set of its telling words (without endings) and of each two that follow one another.
2. Its signature holds, for each of 64 hash functions, the least hash of the set; the share of equal places of two
   signatures estimates how much of both sets they share (Jaccard), with a standard error of at most 0.06.
3. A text joins the theme that has the likest example, if that is like enough and at least two of the text's words are
   words of the theme; else it stays loose. Three loose texts that are alike make a theme.
Examples of themes and loose texts are bounded, so memory is: 2,000 themes x 8 examples and 5,000 loose texts are 5 MB.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from bpm.feedback.themes.words import NAMED_BY, words_of

HASHES = 64
ALIKE = 0.28
"""From so much of both sets on a text is like an example."""
NEW_FROM = 3
"""So many texts that are alike make a theme."""
EXAMPLES, MOST_LOOSE, MOST_WORDS, MOST_THEMES = 8, 5000, 40, 2000
SHORTEST = 2
"""Telling words that a text needs."""

Signature = np.ndarray[tuple[int], np.dtype[np.uint32]]
_PRIME = np.uint64((1 << 61) - 1)
_RANDOM = np.random.default_rng(20261130)
_A = _RANDOM.integers(1, 1 << 31, HASHES, dtype=np.uint64)
_B = _RANDOM.integers(0, 1 << 31, HASHES, dtype=np.uint64)
_ENDINGS = ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly")


def stem(word: str) -> str:
    """The word without its ending, so that "charged" and "charges" are one; four letters stay."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def signature_of(text: str) -> Signature | None:
    """The MinHash signature of a text; None when too few of its words say anything."""
    words = [stem(word) for word in words_of(text)][:200]
    if len(set(words)) < SHORTEST:
        return None
    shingles = {*words, *(f"{one} {two}" for one, two in pairwise(words))}
    hashed = np.array([_hash(each) for each in shingles], dtype=np.uint64)
    mixed = (hashed[:, None] * _A[None, :] + _B[None, :]) % _PRIME
    least: Signature = (mixed.min(axis=0) & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return least


def _hash(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode(), digest_size=4).digest(), "little")


@dataclass
class Group:
    """A theme as the grouping knows it."""

    key: int
    words: Counter[str] = field(default_factory=Counter)
    """Word -> in how many texts; the ones that are rare are let go."""
    examples: list[Signature] = field(default_factory=list)
    size: int = 0

    def add(self, words: Sequence[str], signature: Signature, *, likeness: float) -> None:
        self.words.update(dict.fromkeys(words, 1))
        self.size += 1
        if len(self.words) > 3 * MOST_WORDS:
            self.words = Counter(dict(self.words.most_common(2 * MOST_WORDS)))
        # An example that is too like those kept would teach nothing.
        if len(self.examples) < EXAMPLES and likeness < 0.8:
            self.examples.append(signature)

    @property
    def core(self) -> set[str]:
        """Words that a fair part of its texts have."""
        fair = max(2, 0.15 * self.size)
        return {word for word, count in self.words.items() if count >= fair}

    def name(self) -> str:
        """Its most frequent words, of equal ones those that came first."""
        return " ".join(word for word, _ in self.words.most_common(NAMED_BY))


@dataclass(frozen=True, slots=True)
class Loose:
    """A text that belongs to no theme yet."""

    id: int
    words: tuple[str, ...]
    signature: Signature


@dataclass(frozen=True, slots=True)
class Placed:
    """`group` a text joined; with `founded` those that were loose until now and made it together with this one."""

    group: Group
    founded: tuple[Loose, ...] = ()


class Grouping:
    """Texts go in one by one; each joins a theme, makes one together with loose ones, or stays loose."""

    def __init__(self, groups: Sequence[Group] = (), loose: Sequence[Loose] = ()) -> None:
        self.groups: dict[int, Group] = {group.key: group for group in groups}
        self._next = -1  # groups made here have keys below zero
        self._examples, self._of = _Rows(MOST_LOOSE), list[int]()
        for group in groups:
            for example in group.examples:
                self._note(group.key, example)
        self._loose_rows = _Rows(MOST_LOOSE)
        self.loose: list[Loose] = []
        for each in loose[-MOST_LOOSE:]:
            self._keep_loose(each)

    def place(self, item_id: int, text: str) -> Placed | None:
        """None when the text stays loose, or says too little."""
        signature = signature_of(text)
        if signature is None:
            return None
        words = words_of(text)
        group, likeness = self._likest(words, signature)
        if group is not None:
            self._join(group, words, signature, likeness)
            return Placed(group)
        alike = self._alike_loose(signature)
        this = Loose(item_id, tuple(words), signature)
        if len(alike) + 1 < NEW_FROM:
            self._keep_loose(this)
            return None
        fresh = self.groups[self._next] = Group(self._next)
        self._next -= 1
        for each in (*alike, this):
            self._join(fresh, each.words, each.signature, 0.0)
        gone = {each.id for each in alike}
        kept = [each for each in self.loose if each.id not in gone]
        self.loose, self._loose_rows = [], _Rows(MOST_LOOSE)
        for each in kept:
            self._keep_loose(each)
        return Placed(fresh, tuple(alike))

    def _likest(self, words: Sequence[str], signature: Signature) -> tuple[Group | None, float]:
        likeness = self._examples.likeness(signature)
        for place in np.argsort(-likeness)[:5]:
            if likeness[place] < ALIKE:
                break
            group = self.groups[self._of[place]]
            if len(group.core.intersection(words)) >= SHORTEST:
                return group, float(likeness[place])
        return None, 0.0

    def _join(self, group: Group, words: Sequence[str], signature: Signature, likeness: float) -> None:
        before = len(group.examples)
        group.add(words, signature, likeness=likeness)
        if len(group.examples) > before:
            self._note(group.key, signature)

    def _note(self, key: int, example: Signature) -> None:
        self._examples.add(example)
        self._of.append(key)

    def _keep_loose(self, each: Loose) -> None:
        if len(self.loose) >= MOST_LOOSE:
            self.loose = self.loose[MOST_LOOSE // 5 :]
            self._loose_rows = _Rows(MOST_LOOSE)
            for kept in self.loose:
                self._loose_rows.add(kept.signature)
        self.loose.append(each)
        self._loose_rows.add(each.signature)

    def _alike_loose(self, signature: Signature) -> list[Loose]:
        likeness = self._loose_rows.likeness(signature)
        return [self.loose[place] for place in np.flatnonzero(likeness >= ALIKE)]


class _Rows:
    """Signatures below each other in one array that grows."""

    def __init__(self, room: int) -> None:
        self._kept = np.zeros((room, HASHES), dtype=np.uint32)
        self._count = 0

    def add(self, signature: Signature) -> None:
        if self._count == len(self._kept):
            self._kept = np.vstack([self._kept, np.zeros_like(self._kept)])
        self._kept[self._count] = signature
        self._count += 1

    def likeness(self, signature: Signature) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """How much of both sets is shared, for each row."""
        shared: np.ndarray[tuple[int], np.dtype[np.float64]] = (self._kept[: self._count] == signature[None, :]).mean(
            axis=1
        )
        return shared
