"""Feelings: how much each word and pair of words speaks of warmth, thanks, anger ..., as people labelled it.

The shipped lexicon was learned from GoEmotions (Demszky et al. 2020), comments labelled with 27 emotions: one
logistic regression per group of emotions (`learning.learn_lexicon`), weights rounded to tenths.
"""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FEELINGS_FILE = Path(__file__).parent.parent / "corpus" / "feelings.tsv.gz"
GROUPS = {
    "warm": {"admiration", "love", "joy", "excitement", "pride", "relief"},
    "thanks": {"gratitude"},
    "cross": {"anger", "annoyance", "disgust"},
    "sad": {"disappointment", "sadness", "remorse", "grief", "embarrassment", "fear", "nervousness"},
    "against": {"disapproval"},
    "asking": {"curiosity", "confusion"},
    "wish": {"desire", "optimism"},
    "plain": {"neutral"},
}


@dataclass
class Feelings:
    """Words and pairs with their weight for each group of emotions."""

    rows: dict[str, int]
    weights: NDArray[np.float32]

    @property
    def size(self) -> int:
        """How many numbers a text gets."""
        return 2 * len(GROUPS)

    def __call__(self, grams: set[str]) -> NDArray[np.float32]:
        """Sum (over the root of their number) and strongest weight of the feelings in words and pairs, each -1..1."""
        found = [row for row in map(self.rows.get, grams) if row is not None]
        if not found:
            return np.zeros(self.size, np.float32)
        weights = self.weights[sorted(found)]
        summed = np.tanh(weights.sum(0) / (2 * np.sqrt(len(found))))
        return np.concatenate((summed, np.tanh(weights.max(0) / 8))).astype(np.float32)


def read_feelings(path: Path = FEELINGS_FILE) -> Feelings:
    """The lexicon of `path`: a line is a word or pair and its weights in tenths, separated by tabs."""
    rows: dict[str, int] = {}
    weights: list[list[float]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            gram, *tenths = line.rstrip("\n").split("\t")
            rows[gram] = len(weights)
            weights.append([int(tenth) / 10 for tenth in tenths])
    return Feelings(rows, np.array(weights, np.float16).astype(np.float32))


def write_feelings(feelings: Feelings, path: Path) -> None:
    """Write the lexicon so that `read_feelings` reads it and the same content gives the same bytes."""
    lines = []
    for gram, row in sorted(feelings.rows.items()):
        tenths = (str(round(float(weight) * 10)) for weight in feelings.weights[row])
        lines.append("\t".join((gram, *tenths)))
    with path.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
        packed.write("\n".join(lines).encode() + b"\n")
