"""Trains a pipeline: learn, judge out of fold by source, calibrate, choose the threshold, thin out, name it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from spacy.language import Language

from bpm.feedback.classification.labels import KINDS
from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.pipeline.calibration import Line, fit_line, probability, threshold_for
from bpm.feedback.classification.pipeline.emotion_lexicon import read_feelings
from bpm.feedback.classification.pipeline.features import learn_features
from bpm.feedback.classification.pipeline.linear_heads import Head, Learned, packed
from bpm.feedback.classification.train.corpus import Labelled, bare_copies
from bpm.feedback.classification.train.learning import as_matrix, fit, holds, labels_of

FOLDS = 4
FEWEST_OF_A_LANGUAGE = 100
"""From this many labelled items on, a language that is not English is read instead of abstaining."""
WANTED = 0.8
"""The threshold is the lowest confidence at which, out of fold, this share of all surer primary kinds was right."""
SLIGHT = 0.02
"""N-grams whose weights are all smaller than this are left out of the shipped pipeline."""


@dataclass(frozen=True)
class Trained:
    """A trained pipeline and how it did on items it had not learned from, whole sources held out together."""

    nlp: Language
    items: int
    threshold: float
    accuracy: dict[str, float]
    """Head -> share right out of fold; for `kinds` the mean over labels."""
    coverage: float
    """Share of items that do not abstain, out of fold."""


def train(items: Sequence[Labelled]) -> Trained:
    """A pipeline that learned `items`. The same items give the same predictions."""
    nlp = pipeline.blank()
    rows = [*items, *bare_copies(items)]
    with nlp.select_pipes(enable=["earshot_cues"]):
        docs = list(nlp.pipe([pipeline.made(nlp, item.said) for item in rows]))
    features = learn_features(docs, pipeline.cues_of(nlp).names, read_feelings())
    matrix, labels = as_matrix(docs, features), labels_of(items, KINDS)
    scores = _out_of_fold(matrix, rows, labels)
    own = scores[: len(items)]
    lines = _calibrate(own, items, labels)
    threshold, accuracy, coverage = _judge(own, items, labels, lines)
    weights, offsets = fit(matrix, rows, labels)
    heads = tuple(Head(name, names, lines[name]) for name, names in labels.items())
    learned = _thinned(Learned(features, weights, offsets, heads, threshold))
    pipeline.heads_of(nlp).learned = learned
    nlp.meta["version"] = "1." + hashlib.sha256(packed(learned)).hexdigest()[:8]
    nlp.meta["earshot"] = {
        "items": len(items),
        "threshold": round(threshold, 4),
        "accuracy": {name: round(share, 4) for name, share in accuracy.items()},
        "coverage": round(coverage, 4),
        "languages": _languages(items),
        "seen": sorted({fingerprint(item.text) for item in items}),
    }
    return Trained(nlp, len(items), threshold, accuracy, coverage)


def _languages(items: Sequence[Labelled]) -> list[str]:
    """English, and every language of which there is enough to learn from."""
    counts = Counter(item.language for item in items if item.language and item.kinds)
    return sorted({"en", *(language for language, n in counts.items() if n >= FEWEST_OF_A_LANGUAGE)})


def fingerprint(text: str) -> str:
    """Short name of a text, to know later whether a pipeline learned it."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def folds(items: Sequence[Labelled], *, count: int = FOLDS) -> NDArray[np.int64]:
    """A fold for each item such that one source and channel is never in two: the biggest groups are dealt first."""
    sizes: dict[str, int] = {}
    for item in items:
        sizes[item.group] = sizes.get(item.group, 0) + 1
    if len(sizes) < count:
        return np.array([int(fingerprint(item.text), 16) % count for item in items])
    filled, place = [0] * count, {}
    for group, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        place[group] = filled.index(min(filled))
        filled[place[group]] += size
    return np.array([place[item.group] for item in items])


def _out_of_fold(
    matrix: sparse.csr_matrix, items: Sequence[Labelled], labels: dict[str, tuple[str, ...]]
) -> NDArray[np.float64]:
    scores = np.zeros((len(items), sum(map(len, labels.values()))))
    belongs = folds(items)
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(belongs == fold), np.flatnonzero(belongs != fold)
        if not len(inside) or not len(outside):
            continue
        weights, offsets = fit(matrix[outside], [items[int(place)] for place in outside], labels)
        scores[inside] = matrix[inside] @ weights + offsets
    return scores


def _calibrate(
    scores: NDArray[np.float64], items: Sequence[Labelled], labels: dict[str, tuple[str, ...]]
) -> dict[str, tuple[Line, ...]]:
    lines: dict[str, tuple[Line, ...]] = {}
    column = 0
    for head, names in labels.items():
        found = []
        for name in names:
            said = [holds(item, head, name) for item in items]
            known = np.flatnonzero([value is not None for value in said])
            truth = np.array([bool(said[place]) for place in known], dtype=bool)
            found.append(fit_line(scores[known, column], truth) if len(known) else Line(1.0, 0.0))
            column += 1
        lines[head] = tuple(found)
    return lines


def _judge(
    scores: NDArray[np.float64],
    items: Sequence[Labelled],
    labels: dict[str, tuple[str, ...]],
    lines: dict[str, tuple[Line, ...]],
) -> tuple[float, dict[str, float], float]:
    accuracy, column, threshold, coverage = {}, 0, 1.0, 0.0
    for head, names in labels.items():
        part = scores[:, column : column + len(names)]
        column += len(names)
        slopes, shifts = np.array([(line.slope, line.offset) for line in lines[head]]).T
        chances = probability(slopes * part + shifts)
        truth = np.array([[holds(item, head, name) is True for name in names] for item in items])
        known = np.array([holds(item, head, names[0]) is not None for item in items])
        if not known.any():
            continue
        if head == "kinds":
            accuracy[head] = float(((chances >= 0.5) == truth)[known].mean())
            continue
        right = truth[np.arange(len(items)), chances.argmax(1)]
        accuracy[head] = float(right[known].mean())
        if head == "primary":
            sure = chances.max(1) / chances.sum(1)
            threshold = threshold_for(sure[known], right[known], wanted=WANTED)
            coverage = float((sure[known] >= threshold).mean())
    return threshold, accuracy, coverage


def _thinned(learned: Learned) -> Learned:
    size = len(learned.features.grams)
    keep = np.abs(learned.weights[:size]).max(1) >= SLIGHT
    weights = np.concatenate((learned.weights[:size][keep], learned.weights[size:]))
    weights = weights.astype(np.float16).astype(np.float32)
    return replace(learned, features=learned.features.thinned(keep), weights=weights)
