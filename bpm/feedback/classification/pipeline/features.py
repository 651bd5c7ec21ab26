"""Turns a text into numbers: n-grams of words and letters, cues, feelings and the shape of the text."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from bpm.feedback.classification.pipeline.circumstances import CIRCUMSTANCES, QUESTION, RATING, circumstances
from bpm.feedback.classification.pipeline.emotion_lexicon import Feelings
from bpm.feedback.classification.pipeline.marks import MARKS, marks
from bpm.feedback.classification.pipeline.phrase_matcher import FOUND
from bpm.feedback.classification.pipeline.shape import SHAPE, shape
from bpm.feedback.classification.pipeline.units import UnitReader
from bpm.feedback.raw_item import CHANNELS

CHANNEL = "channel"
"""Key in `Doc.user_data`: where the text was said, if known; an opinion in a review is rarely small talk."""
TEXT = "text"
"""Key in `Doc.user_data`: the text; spaCy would put it together anew at each asking."""
Floats = NDArray[np.float32]
Whole = NDArray[np.int64]
CUE_SCALE, SHAPE_SCALE, FEELING_SCALE, CHANNEL_SCALE = 1.0, 0.15, 0.5, 0.6
"""How loud each dense group is beside the n-grams, each of which has length 1. Found on sources held out."""


@dataclass(frozen=True, slots=True)
class Described:
    """One text in numbers: rows and values of the n-grams, the dense part, and the words with their tokens."""

    rows: Whole
    values: Floats
    dense: Floats
    words: list[tuple[str, int]]
    word_length: float
    letter_length: float


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of a text that are known: rows and values; `having` are all of its words and pairs."""

    rows: Whole
    values: Floats
    words: list[tuple[str, int]]
    having: set[str]
    word_length: float
    letter_length: float


@dataclass
class Features:
    """What is looked at. N-grams have rows 0..size-1 of the weights; the dense part has rows of its own."""

    grams: dict[str, int]
    weights: Floats
    """Inverse document frequency of each n-gram, by row."""
    cues: tuple[str, ...]
    feelings: Feelings
    repeats: bool = False
    """Whether what is said more often counts more, by the logarithm of how often; else it counts as if said once."""
    _reader: UnitReader = field(default_factory=UnitReader, repr=False)
    _letters: dict[str, Whole] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._cue_rows = {name: row for row, name in enumerate(self.cues)}

    @property
    def dense_size(self) -> int:
        """Length of the dense part."""
        return 2 * len(self.cues) + len(SHAPE) + self.feelings.size + len(CHANNELS) + len(CIRCUMSTANCES) + len(MARKS)

    def describe(self, doc: Doc) -> Described:
        """`doc`, after the cues were found in it, in numbers."""
        text = doc.user_data.get(TEXT)
        return self._described(doc, doc.text if text is None else text, self._reader(doc), doc.user_data.get(FOUND, ()))

    def describe_part(self, doc: Doc, words: list[tuple[str, int]]) -> Described:
        """Some neighbouring words of `doc` in numbers, as if nothing else had been said."""
        first, last = words[0][1], words[-1][1] + 1
        cues = [one for one in doc.user_data.get(FOUND, ()) if first <= one[1] and one[2] <= last]
        whole, begins, ends = doc.user_data.get(TEXT) or doc.text, doc[first].idx, doc[last - 1]
        return self._described(doc, whole[begins : ends.idx + len(ends)], words, cues, begins=begins)

    def _described(
        self,
        doc: Doc,
        text: str,
        found: list[tuple[str, int]],
        cues: Sequence[tuple[str, int, int]],
        *,
        begins: int = 0,
    ) -> Described:
        grams, known = self._grams(found), doc.user_data
        words = [word for word, _ in found]
        cued = Counter(name for name, _, _ in cues)
        dense = np.concatenate(
            (
                self._cue_values(cued, len(words)),
                SHAPE_SCALE * shape(text, words),
                FEELING_SCALE * self.feelings(grams.having),
                _channel(known.get(CHANNEL, "")),
                circumstances(text, len(words), cued, question=known.get(QUESTION, ""), rating=known.get(RATING)),
                marks(doc, text, found, cues, begins=begins),
            )
        )
        return Described(grams.rows, grams.values, dense, found, grams.word_length, grams.letter_length)

    def grams_in(self, doc: Doc) -> Grams:
        """The n-grams of `doc` alone."""
        return self._grams(self._reader(doc))

    def _grams(self, found: list[tuple[str, int]]) -> Grams:
        words = [word for word, _ in found]
        having = word_grams(words)
        said: Iterable[str] = (*words, *_pairs(words)) if self.repeats else having
        spoken = [row for row in map(self.grams.get, said) if row is not None]
        spelled = [self.letters(word) for word in (words if self.repeats else set(words))]
        known = [_distinct(rows) for rows in (np.array(spoken, np.int64), *_joined(spelled))]
        values = [self._values(*each) for each in known]
        lengths = [_scale(each) for each in values]
        rows = np.concatenate([rows for rows, _ in known])
        return Grams(rows, np.concatenate(values), found, having, lengths[0], lengths[1] if spelled else 1.0)

    def _values(self, rows: Whole, begins: Whole) -> Floats:
        """The weights of distinct `rows`, louder for what stood there more often; `begins` has the end, too."""
        values = self.weights.take(rows)
        if self.repeats:
            values *= 1 + np.log(np.diff(begins), dtype=np.float32)
        return values

    def thinned(self, keep: NDArray[np.bool_]) -> "Features":
        """The n-grams of the rows to keep, in their order, with weights as they are stored."""
        grams = [gram for gram, kept in zip(self.grams, keep, strict=True) if kept]
        weights = self.weights[keep].astype(np.float16).astype(np.float32)
        return Features({gram: row for row, gram in enumerate(grams)}, weights, self.cues, self.feelings, self.repeats)

    def letters(self, word: str) -> Whole:
        """Rows of the letter n-grams of `word`, in its order."""
        rows = self._letters.get(word)
        if rows is None:
            if len(self._letters) > 100_000:
                self._letters.clear()
            found = [row for row in map(self.grams.get, letter_grams(word)) if row is not None]
            rows = self._letters[word] = np.array(found, np.int64)
        return rows

    def cue_weight(self, name: str, weights: Floats) -> float:
        """What the presence of the cue adds for the label with these `weights`; 0 for a cue that is not looked at."""
        row = self._cue_rows.get(name)
        return 0.0 if row is None else float(CUE_SCALE * weights[len(self.grams) + row])

    def _cue_values(self, seen: Mapping[str, int], length: int) -> Floats:
        values = np.zeros(2 * len(self.cues), np.float32)
        for name, times in seen.items():
            row = self._cue_rows.get(name)
            if row is not None:
                values[row] = CUE_SCALE
                values[len(self.cues) + row] = CUE_SCALE * math.log1p(times) / math.log1p(length + 3)
        return values


def learn_features(
    docs: Iterable[Doc],
    cues: tuple[str, ...],
    feelings: Feelings,
    *,
    rare_words: int = 2,
    rare_letters: int = 3,
    repeats: bool = False,
) -> Features:
    """Take the n-grams that at least `rare_words` (`rare_letters`) of `docs` have; `repeats` as in Features."""
    reader, spoken, spelled, total = UnitReader(), Counter[str](), Counter[str](), 0
    for doc in docs:
        words = [word for word, _ in reader(doc)]
        spoken.update(word_grams(words))
        spelled.update({gram for word in set(words) for gram in letter_grams(word)})
        total += 1
    kept = [(gram, n) for gram, n in sorted(spoken.items()) if n >= rare_words]
    kept += [(gram, n) for gram, n in sorted(spelled.items()) if n >= rare_letters]
    weights = np.array([math.log((1 + total) / (1 + n)) + 1 for _, n in kept], np.float32)
    return Features({gram: row for row, (gram, _) in enumerate(kept)}, weights, cues, feelings, repeats)


def word_grams(words: list[str]) -> set[str]:
    """Distinct words and pairs of neighbours; a pair has a space in it."""
    return {*words, *_pairs(words)}


def _pairs(words: list[str]) -> Iterator[str]:
    return map(" ".join, pairwise(words))


def letter_grams(word: str) -> list[str]:
    """Two to five letters of a word in a row, its ends marked by `<` and `>`, each led by `·`; none of other signs."""
    if not word.isalpha():
        return []
    whole = f"<{word}>"
    return ["·" + whole[at : at + size] for size in (2, 3, 4, 5) for at in range(len(whole) - size + 1)]


def _joined(found: Sequence[Whole]) -> list[Whole]:
    """All of `found` as one array; none where there are none."""
    return [np.concatenate(found)] if found else []


def _distinct(rows: Whole) -> tuple[Whole, Whole]:
    """(`rows` in rising order, each once; where in that order each began, and the end). Sorts `rows` in place."""
    rows.sort()
    new = np.ones(len(rows) + 1, np.bool_)
    np.not_equal(rows[1:], rows[:-1], out=new[1:-1])
    begins = np.flatnonzero(new)
    return rows[begins[:-1]], begins


@lru_cache(maxsize=64)
def _channel(name: str) -> Floats:
    return np.array([CHANNEL_SCALE * (name == channel) for channel in CHANNELS], np.float32)


def _scale(values: Floats) -> float:
    """Bring `values` to length 1 in place; gives the length they had."""
    length = float(np.sqrt(values @ values)) or 1.0
    values /= length
    return length
