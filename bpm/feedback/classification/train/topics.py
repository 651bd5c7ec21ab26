"""Learns a company's own topics from labelled items: a linear support vector machine per topic.

On 10,000 short items with 77 topics this takes seconds; what is reported is out of fold.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from spacy.language import Language
from spacy.tokens import Doc

from bpm.feedback.classification.pipeline.features import Features, learn_features
from bpm.feedback.classification.pipeline.pipeline import blank_topics, made, topics_of
from bpm.feedback.classification.pipeline.topics import LearnedTopics, no_feelings, packed_topics, sure
from bpm.feedback.classification.train.corpus import Labelled
from bpm.feedback.classification.train.train import fingerprint
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

FOLDS = 3
LOST = 0.05
"""The share of items that abstain out of fold: what belongs to no topic mostly falls below the same threshold."""
STRICTNESS = 0.5
"""Inverse strength of the regularisation."""
SHARPNESS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
SLIGHT = 0.01
"""N-grams whose weights are all smaller than this are left out."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TrainedTopics:
    """A trained pipeline of topics, and how it did out of fold."""

    nlp: Language
    items: int
    topics: int
    accuracy: float
    threshold: float


def train_topics(items: Sequence[Labelled]) -> TrainedTopics:
    """A pipeline that knows the topics of `items`; InvalidInputError unless there are two topics of two items each."""
    told = [item for item in items if item.topic]
    counts = Counter(item.topic for item in told)
    if len(counts) < 2 or counts.most_common(2)[1][1] < 2:
        raise InvalidInputError(
            _("there are not enough topics to learn."),
            remedy=_("Give at least two items for each of at least two topics."),
        )
    nlp = blank_topics()
    docs = [made(nlp, item.said) for item in told]
    features = learn_features(docs, (), no_feelings(), repeats=True)
    matrix, truth = gram_matrix(docs, features), np.array([str(item.topic) for item in told])
    labels = tuple(sorted({str(topic) for topic in counts}))
    belongs = np.array([int(fingerprint(item.text), 16) % FOLDS for item in told])
    sharpness, threshold, accuracy = _judged(matrix, truth, labels, belongs)
    weights, offsets = _fit(matrix, truth, labels)
    learned = _thinned(LearnedTopics(features, weights, offsets, labels, sharpness, threshold))
    topics_of(nlp).learned = learned
    nlp.meta["version"] = "1." + hashlib.sha256(packed_topics(learned)).hexdigest()[:8]
    nlp.meta["earshot"] = {
        "items": len(told),
        "topics": {str(topic): n for topic, n in sorted(counts.items(), key=lambda pair: str(pair[0]))},
        "accuracy": round(accuracy, 4),
        "threshold": round(threshold, 4),
        "seen": sorted({fingerprint(item.text) for item in told}),
    }
    return TrainedTopics(nlp, len(told), len(labels), accuracy, threshold)


def gram_matrix(docs: Sequence[Doc], features: Features) -> sparse.csr_matrix:
    """One row of n-grams per document."""
    found = [features.grams_in(doc) for doc in docs]
    ends = np.cumsum([0, *(len(one.rows) for one in found)])
    values, rows = (np.concatenate([getattr(one, name) for one in found]) for name in ("values", "rows"))
    return sparse.csr_matrix((values, rows, ends), shape=(len(docs), len(features.grams)))


def _fit(
    matrix: sparse.csr_matrix, truth: NDArray[np.str_], labels: tuple[str, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(weights: n-gram x topic, offsets); a topic that `truth` has not is improbable.

    Thin topics count more, by the root of how much thinner they are.
    """
    from sklearn.svm import LinearSVC

    counts = Counter(truth.tolist())
    most = max(counts.values())
    importance = {topic: (most / n) ** 0.5 for topic, n in counts.items()}
    model = LinearSVC(C=STRICTNESS, class_weight=importance, random_state=0)
    model.fit(matrix, truth)
    weights = np.zeros((matrix.shape[1], len(labels)), np.float32)
    offsets = np.full(len(labels), -2.0, np.float32)
    known = [labels.index(topic) for topic in model.classes_]
    pair = len(known) == 2
    weights[:, known] = (np.concatenate((-model.coef_, model.coef_)) if pair else model.coef_).T
    offsets[known] = np.concatenate((-model.intercept_, model.intercept_)) if pair else model.intercept_
    return weights, offsets


def _judged(
    matrix: sparse.csr_matrix, truth: NDArray[np.str_], labels: tuple[str, ...], belongs: NDArray[np.int64]
) -> tuple[float, float, float]:
    """(sharpness, threshold, accuracy) out of fold."""
    scores, judged = np.zeros((len(truth), len(labels))), np.zeros(len(truth), bool)
    for fold in range(FOLDS):
        inside, outside = np.flatnonzero(belongs == fold), np.flatnonzero(belongs != fold)
        if len(inside) and len(set(truth[outside])) > 1:
            weights, offsets = _fit(matrix[outside], truth[outside], labels)
            scores[inside], judged[inside] = matrix[inside] @ weights + offsets, True
    if not judged.any():
        return SHARPNESS[2], 0.0, 0.0
    scores, column = scores[judged], np.array([labels.index(topic) for topic in truth[judged]])
    each = np.arange(len(column))
    losses = [-float(np.log(np.maximum(sure(scores, one)[each, column], 1e-9)).mean()) for one in SHARPNESS]
    sharpness = SHARPNESS[int(np.argmin(losses))]
    threshold = float(np.quantile(sure(scores, sharpness).max(1), LOST))
    return sharpness, threshold, float((scores.argmax(1) == column).mean())


def _thinned(learned: LearnedTopics) -> LearnedTopics:
    keep = np.abs(learned.weights).max(1) >= SLIGHT
    weights = learned.weights[keep].astype(np.float16).astype(np.float32)
    return replace(learned, features=learned.features.thinned(keep), weights=weights)
