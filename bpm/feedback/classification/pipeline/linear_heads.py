"""The linear heads: from a text in numbers to a Reading with probabilities and what spoke for it; numpy only."""

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from bpm.feedback.classification.pipeline.aspects import ABOUT, aspects_of, may_be_mixed
from bpm.feedback.classification.pipeline.calibration import Line, probability, with_odds
from bpm.feedback.classification.pipeline.circumstances import QUESTION
from bpm.feedback.classification.pipeline.emotion_lexicon import Feelings
from bpm.feedback.classification.pipeline.evidence import Witness
from bpm.feedback.classification.pipeline.features import Described, Features
from bpm.feedback.classification.pipeline.leaning import MOST_WORDS, Heard, leanings
from bpm.feedback.classification.pipeline.marks import MARKS, restraints
from bpm.feedback.classification.pipeline.phrase_matcher import FOUND
from bpm.feedback.classification.pipeline.severity import SEVERITY
from bpm.feedback.classification_result import NOTHING_KNOWN, ClassificationResult

SPEAKS = 0.35
"""A kind holds beside the primary one from this probability on."""
TOPIC_SPEAKS = 0.6
"""A part of a text that names no topic in so many words has one from this probability on."""
LEANING = {"complaint": -0.6, "outage_report": -0.6, "cancellation": -0.6, "praise": 0.6}
LEANS = 0.33
"""The sentiment of a part whose words are flat, by its kind."""


@dataclass(frozen=True)
class Head:
    """One question to a text: its labels, in the order of the weights' columns, each with its calibration."""

    name: str
    labels: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass
class Learned:
    """Everything training finds out: what is looked at, the weights (feature x label), the heads, the threshold.

    `threshold`: a reading whose primary kind is less probable than this abstains (see training.py for its choice).
    """

    features: Features
    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]
    heads: tuple[Head, ...]
    threshold: float


@Language.factory("earshot_heads")
class Heads:
    """Pipeline component: leaves a Reading in `doc.user_data["reading"]` and the kinds in `doc.cats`."""

    def __init__(self, nlp: Language, name: str = "earshot_heads") -> None:
        self.name = name
        self._nlp = nlp
        self._learned: Learned | None = None

    @property
    def learned(self) -> Learned:
        """What this component knows; RuntimeError before it was trained or loaded."""
        if self._learned is None:
            raise RuntimeError("this pipeline was not trained yet")
        return self._learned

    @learned.setter
    def learned(self, learned: Learned) -> None:
        self._learned = learned
        starts = np.cumsum([0, *(len(head.labels) for head in learned.heads)])
        self._parts = [slice(int(a), int(b)) for a, b in pairwise(starts)]
        self._slopes = np.array([line.slope for head in learned.heads for line in head.lines])
        self._version = ""
        first = self._parts[[head.name for head in learned.heads].index("primary")].start
        self._witnesses = [
            Witness(learned.features, np.ascontiguousarray(learned.weights[:, first + place]), kind)
            for place, kind in enumerate(learned.heads[1].labels)
        ]
        self._shifts = np.array([line.offset for head in learned.heads for line in head.lines])
        kinds = [head for head in learned.heads if head.name in ("kinds", "primary")]
        self._places = [(head.name, place, kind) for head in kinds for place, kind in enumerate(head.labels)]

    def __call__(self, doc: Doc) -> Doc:
        described = self.learned.features.describe(doc)
        chances = self._chances(described)
        self._restrain(doc, described, chances)
        reading = self._reading(doc, described, chances)
        doc.user_data["reading"] = reading
        doc.cats = reading.kinds
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Each document in turn: a batch would not be faster, the weights are gathered per text."""
        for doc in stream:
            yield self(doc)

    def _chances(self, described: Described) -> dict[str, NDArray[np.float64]]:
        learned = self.learned
        dense = learned.weights[len(learned.features.grams) :]
        known = described.dense[: len(dense)]  # what was learned by an earlier release knows fewer circumstances
        scores = described.values @ learned.weights[described.rows] + known @ dense + learned.offsets
        chances = probability(self._slopes * scores + self._shifts)
        return {head.name: chances[part] for head, part in zip(learned.heads, self._parts, strict=True)}

    def _reading(self, doc: Doc, described: Described, chances: dict[str, NDArray[np.float64]]) -> ClassificationResult:
        learned = self.learned
        labels = {head.name: head.labels for head in learned.heads}
        primary = chances["primary"] / chances["primary"].sum()
        best = int(primary.argmax())
        kind, confidence = labels["primary"][best], float(primary[best])
        topic = chances["topic"]
        known = any(word in learned.features.grams for word, _ in described.words)
        return ClassificationResult(
            model_version=self._named(),
            kinds={name: round(float(p), 4) for name, p in zip(labels["kinds"], chances["kinds"], strict=True)},
            primary=kind,
            sentiment=sentiment(chances["sentiment"]),
            urgency=urgency(doc, chances["urgency"], kind),
            topic=labels["topic"][int(topic.argmax())],
            confidence=round(confidence, 4),
            abstained=confidence < learned.threshold or not known,
            evidence=self._witnesses[best](doc, described),
            aspects=aspects_of(doc, described.words, partial(self._clause, doc)) if may_be_mixed(doc) else (),
            note="" if known else NOTHING_KNOWN,
        )

    def _restrain(self, doc: Doc, described: Described, chances: dict[str, NDArray[np.float64]]) -> None:
        """Kinds whose cues are all turned round, and turns of speech of short texts, whatever the weights say."""
        found, values = doc.user_data.get(FOUND, ()), described.dense[-len(MARKS) :]
        weaker = restraints(values, {name for name, _, _ in found})
        odds: dict[str, float] = {}
        if len(described.words) <= MOST_WORDS and not doc.user_data.get(QUESTION):
            marks = frozenset(MARKS[place] for place in np.flatnonzero(values))
            odds = leanings(Heard(described.words, found, marks))
        for name, place, kind in self._places:
            if kind in weaker or kind in odds:
                chance = float(chances[name][place]) * weaker.get(kind, 1.0)
                chances[name][place] = with_odds(chance, odds.get(kind, 1.0))

    def _clause(self, doc: Doc, words: list[tuple[str, int]]) -> tuple[str, str | None, float]:
        """Kind, topic and sentiment of a part of `doc`.

        A topic that is named in so many words comes first; without one, the topic must be sure. A part that complains
        in flat words is against something all the same.
        """
        chances = self._chances(self.learned.features.describe_part(doc, words))
        labels = {head.name: head.labels for head in self.learned.heads}
        kind = labels["primary"][int(chances["primary"].argmax())]
        felt = sentiment(chances["sentiment"])
        if abs(felt) < LEANS and kind in LEANING:
            felt = LEANING[kind]
        return kind, self._topic_of(doc, words, dict(zip(labels["topic"], chances["topic"], strict=True))), felt

    def _topic_of(self, doc: Doc, words: list[tuple[str, int]], chances: dict[str, float]) -> str | None:
        first, last = words[0][1], words[-1][1]
        cues = [name for name, start, _ in doc.user_data.get(FOUND, ()) if first <= start <= last]
        named = {name.removeprefix(ABOUT) for name in cues if name.startswith(ABOUT)} & chances.keys()
        if named:
            return str(max(sorted(named), key=chances.__getitem__))
        likeliest = max(chances, key=chances.__getitem__)
        return str(likeliest) if chances[likeliest] >= TOPIC_SPEAKS else None

    def _named(self) -> str:
        if not self._version:
            meta = self._nlp.meta
            self._version = f"{meta['name']}-{meta['version']}"
        return self._version

    def to_bytes(self, *, exclude: tuple[str, ...] = ()) -> bytes:
        return packed(self.learned)

    def from_bytes(self, data: bytes, *, exclude: tuple[str, ...] = ()) -> "Heads":
        self.learned = unpacked(data)
        return self

    def to_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> None:
        Path(path).write_bytes(packed(self.learned))

    def from_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> "Heads":
        self.learned = unpacked(Path(path).read_bytes())
        return self


def holding(reading: ClassificationResult) -> list[str]:
    """The kinds that hold, the primary one first; `other` holds alone."""
    others = [kind for kind, chance in reading.kinds.items() if chance >= SPEAKS and kind != reading.primary]
    return [reading.primary] if reading.primary == "other" else [reading.primary, *(k for k in others if k != "other")]


def sentiment(chances: NDArray[np.float64]) -> float:
    """One number from the probabilities of (-1, 0, 1): beyond ±0.5 a stance, within ±0.2 neutral or balanced."""
    below, level, above = map(float, chances / chances.sum())
    if level >= max(below, above):
        return round(0.2 * (above - below), 3)
    return round(0.5 + 0.5 * above, 3) if above > below else round(-0.5 - 0.5 * below, 3)


def urgency(doc: Doc, chances: NDArray[np.float64], kind: str) -> int:
    """The likeliest urgency, raised by a rule for what cannot wait where the text says so in so many words.

    0 means that there is nothing to act on: so it is for `other`, can be for praise, and for no other kind.
    """
    likely = {"other": 0, "praise": int(chances.argmax())}.get(kind, 1 + int(chances[1:].argmax()))
    return max([likely, *(int(span.label_) for span in doc.spans.get(SEVERITY, ()))])


def packed(learned: Learned) -> bytes:
    """`learned` as bytes: numbers as NPZ in half precision, words as JSON; the same content gives the same bytes."""
    features = learned.features
    words = {
        "grams": list(features.grams),
        "cues": features.cues,
        "feelings": list(features.feelings.rows),
        "heads": [asdict(head) for head in learned.heads],
        "threshold": learned.threshold,
    }
    numbers = io.BytesIO()
    np.savez(
        numbers,
        weights=learned.weights.astype(np.float16),
        offsets=learned.offsets,
        frequencies=features.weights.astype(np.float16),
        feelings=features.feelings.weights.astype(np.float16),
        words=np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), np.uint8),
    )
    return gzip.compress(numbers.getvalue(), mtime=0)


def unpacked(data: bytes) -> Learned:
    """What `packed` wrote; never runs anything that is in it."""
    numbers = np.load(io.BytesIO(gzip.decompress(data)), allow_pickle=False)
    words: dict[str, Any] = json.loads(numbers["words"].tobytes())
    feelings = Feelings(
        {gram: row for row, gram in enumerate(words["feelings"])}, numbers["feelings"].astype(np.float32)
    )
    features = Features(
        {gram: row for row, gram in enumerate(words["grams"])},
        numbers["frequencies"].astype(np.float32),
        tuple(words["cues"]),
        feelings,
    )
    heads = tuple(
        Head(head["name"], tuple(head["labels"]), tuple(Line(**line) for line in head["lines"]))
        for head in words["heads"]
    )
    return Learned(features, numbers["weights"].astype(np.float32), numbers["offsets"], heads, words["threshold"])
