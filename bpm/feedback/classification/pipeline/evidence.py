"""What spoke for a label: the words with the heaviest weights for it, their letters' and cues' included."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from bpm.feedback.classification.pipeline.features import TEXT, Described, Features
from bpm.feedback.classification.pipeline.phrase_matcher import FOUND
from bpm.feedback.classification_result import Evidence

Floats = NDArray[np.float32]
MOST = 4
"""Spans at most; neighbours are one span."""


@dataclass
class Witness:
    """Finds what spoke for the label with these `weights` (one per feature); remembers what each word says for it."""

    features: Features
    weights: Floats
    label: str
    _shares: dict[str, tuple[float, float]] = field(default_factory=dict, repr=False)

    def __call__(self, doc: Doc, described: Described) -> tuple[Evidence, ...]:
        """The heaviest spans of `doc` for the label, heaviest first."""
        if not described.words:
            return ()
        spoken = [said + cued for said, cued in zip(self._spoken(described), self._cued(doc, described), strict=True)]
        least = max(0.02, 0.35 * max(spoken))
        spans: list[tuple[int, int, float]] = []
        for (_, token), weight in zip(described.words, spoken, strict=True):
            if weight < least:
                continue
            if spans and spans[-1][1] == token - 1:
                spans[-1] = (spans[-1][0], token, spans[-1][2] + weight)
            else:
                spans.append((token, token, weight))
        spans.sort(key=lambda span: -span[2])
        return tuple(_evidence(doc, first, last, self.label, weight) for first, last, weight in spans[:MOST])

    def _spoken(self, described: Described) -> list[float]:
        words, grams = [word for word, _ in described.words], self.features.grams
        spoken = []
        for word in words:
            own, spelled = self._share(word)
            spoken.append(own / described.word_length + spelled / described.letter_length)
        for place, pair in enumerate(pairwise(words)):
            row = grams.get(" ".join(pair))
            if row is not None:
                half = float(self.features.weights[row] * self.weights[row]) / described.word_length / 2
                spoken[place] += half
                spoken[place + 1] += half
        return spoken

    def _cued(self, doc: Doc, described: Described) -> list[float]:
        tokens: dict[str, set[int]] = {}
        for name, start, end in doc.user_data.get(FOUND, ()):
            tokens.setdefault(name, set()).update(range(start, end))
        cued: dict[int, float] = {}
        for name, places in tokens.items():
            each = self.features.cue_weight(name, self.weights) / len(places)
            for place in places:
                cued[place] = cued.get(place, 0.0) + each
        return [cued.get(token, 0.0) for _, token in described.words]

    def _share(self, word: str) -> tuple[float, float]:
        share = self._shares.get(word)
        if share is None:
            if len(self._shares) > 50_000:
                self._shares.clear()
            frequency, weights = self.features.weights, self.weights
            row, letters = self.features.grams.get(word), self.features.letters(word)
            own = float(frequency[row] * weights[row]) if row is not None else 0.0
            share = self._shares[word] = own, float(frequency[letters] @ weights[letters]) if len(letters) else 0.0
        return share


def _evidence(doc: Doc, first: int, last: int, label: str, weight: float) -> Evidence:
    begins, final = doc[first].idx, doc[last]
    ends = final.idx + len(final)
    text = doc.user_data.get(TEXT) or doc.text
    return Evidence(begins, ends, text[begins:ends], label, round(weight, 3))
