"""The company's own topics: one linear head over words and letters, as a spaCy component; numpy only.

A topic is a path `A / B`: what is learned are whole paths, and a parent counts what its children hold.
"""

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from bpm.feedback.classification.pipeline.emotion_lexicon import Feelings
from bpm.feedback.classification.pipeline.features import Features
from bpm.foundation.texts import _

FOUND_TOPIC = "topic"
"""Key in `Doc.user_data`: what `Topics` found, a TopicReading."""
BRANCH = " / "
"""Stands between a topic and its part."""


@dataclass(frozen=True, slots=True)
class TopicReading:
    """The likeliest topic and how sure it is, 0..1; `abstained`: too unsure, or nothing known in the text."""

    topic: str
    confidence: float
    abstained: bool


@dataclass
class LearnedTopics:
    """What training finds out: n-grams, weights (n-gram x topic), the sharpness of the probabilities, the threshold."""

    features: Features
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]
    labels: tuple[str, ...]
    sharpness: float
    threshold: float


@Language.factory("earshot_topics")
class Topics:
    """Pipeline component: leaves a TopicReading in `doc.user_data[FOUND_TOPIC]`."""

    def __init__(self, nlp: Language, name: str = "earshot_topics") -> None:
        self.name = name
        self._learned: LearnedTopics | None = None

    @property
    def learned(self) -> LearnedTopics:
        """What this component knows; RuntimeError before it was trained or loaded."""
        if self._learned is None:
            raise RuntimeError(_("these topics were not trained yet"))
        return self._learned

    @learned.setter
    def learned(self, learned: LearnedTopics) -> None:
        self._learned = learned

    def __call__(self, doc: Doc) -> Doc:
        learned = self.learned
        grams = learned.features.grams_in(doc)
        scores = grams.values @ learned.weights[grams.rows] + learned.offsets
        chances = sure(scores[None, :], learned.sharpness)[0]
        best = int(chances.argmax())
        confidence = float(chances[best])
        unsure = confidence < learned.threshold or not len(grams.rows)
        doc.user_data[FOUND_TOPIC] = TopicReading(learned.labels[best], round(confidence, 4), unsure)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Each document in turn."""
        for doc in stream:
            yield self(doc)

    def to_bytes(self, *, exclude: tuple[str, ...] = ()) -> bytes:
        return packed_topics(self.learned)

    def from_bytes(self, data: bytes, *, exclude: tuple[str, ...] = ()) -> "Topics":
        self.learned = unpacked_topics(data)
        return self

    def to_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> None:
        Path(path).write_bytes(packed_topics(self.learned))

    def from_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> "Topics":
        return self.from_bytes(Path(path).read_bytes())


def sure(scores: NDArray[Any], sharpness: float) -> NDArray[np.float64]:
    """Probabilities of the topics by row: softmax of the scores times `sharpness`."""
    raised = np.exp(sharpness * (scores - scores.max(1, keepdims=True)))
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float64)


def above(topic: str) -> tuple[str, ...]:
    """The topic and what it is part of, the whole path first: `A / B` gives `A / B`, `A`."""
    parts = topic.split(BRANCH)
    return tuple(BRANCH.join(parts[:size]) for size in range(len(parts), 0, -1))


def packed_topics(learned: LearnedTopics) -> bytes:
    """`learned` as bytes: numbers as NPZ in half precision, words as JSON; the same content gives the same bytes."""
    words = {
        "grams": list(learned.features.grams),
        "labels": learned.labels,
        "sharpness": learned.sharpness,
        "threshold": learned.threshold,
        "repeats": learned.features.repeats,
    }
    numbers = io.BytesIO()
    np.savez(
        numbers,
        weights=learned.weights.astype(np.float16),
        offsets=learned.offsets,
        frequencies=learned.features.weights.astype(np.float16),
        words=np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), np.uint8),
    )
    return gzip.compress(numbers.getvalue(), compresslevel=6, mtime=0)


def unpacked_topics(data: bytes) -> LearnedTopics:
    """What `packed_topics` wrote; never runs anything that is in it."""
    numbers = np.load(io.BytesIO(gzip.decompress(data)), allow_pickle=False)
    words: dict[str, Any] = json.loads(numbers["words"].tobytes())
    grams = {gram: row for row, gram in enumerate(words["grams"])}
    weights_of_grams = numbers["frequencies"].astype(np.float32)
    features = Features(grams, weights_of_grams, (), no_feelings(), words.get("repeats", False))
    weights, offsets = numbers["weights"].astype(np.float32), numbers["offsets"]
    return LearnedTopics(features, weights, offsets, tuple(words["labels"]), words["sharpness"], words["threshold"])


def no_feelings() -> Feelings:
    """Topics do not look at feelings."""
    return Feelings({}, np.zeros((0, 1), np.float32))
