"""Learns the weights of the linear heads with scikit-learn; nothing here is needed to classify."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from spacy.language import Language
from spacy.tokens import Doc

from bpm.feedback.classification.pipeline.emotion_lexicon import Feelings
from bpm.feedback.classification.pipeline.features import Features, word_grams
from bpm.feedback.classification.train.corpus import Labelled

Weights = NDArray[np.float32]
STRICTNESS = {"kinds": 2.0, "primary": 2.0, "sentiment": 2.0, "urgency": 2.0, "topic": 4.0}
"""Inverse strength of the regularisation per head; of kinds, 4 and 2 were compared once on sources held out."""


def labels_of(items: Sequence[Labelled], kinds: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The labels of each head: the given kinds, and the topics that at least five items have."""
    topics = Counter(item.topic for item in items if item.topic)
    return {
        "kinds": tuple(kinds),
        "primary": tuple(kinds),
        "sentiment": ("-1", "0", "1"),
        "urgency": ("0", "1", "2", "3"),
        "topic": tuple(sorted(topic for topic, n in topics.items() if n >= 5)) or ("other",),
    }


def holds(item: Labelled, head: str, label: str) -> bool | None:
    """Whether `label` holds for `item`; None when nobody said."""
    if head == "kinds":
        return None if item.kinds is None else label in item.kinds
    said = getattr(item, head)
    return None if said is None else str(said) == label


def as_matrix(docs: Sequence[Doc], features: Features) -> sparse.csr_matrix:
    """One row per document: n-grams, then the dense part."""
    rows, values, ends = [], [], [0]
    for doc in docs:
        described = features.describe(doc)
        dense = np.flatnonzero(described.dense)
        rows += [described.rows, dense + len(features.grams)]
        values += [described.values, described.dense[dense]]
        ends.append(ends[-1] + len(described.rows) + len(dense))
    width = len(features.grams) + features.dense_size
    return sparse.csr_matrix((np.concatenate(values), np.concatenate(rows), ends), shape=(len(docs), width))


def fit(
    matrix: sparse.csr_matrix, items: Sequence[Labelled], labels: dict[str, tuple[str, ...]], *, seed: int = 0
) -> tuple[Weights, Weights]:
    """One logistic regression per label: (weights: feature x label, offsets: label)."""
    importance = np.array([item.weight for item in items])

    def one(asked: tuple[str, str]) -> tuple[Weights, float]:
        said = [holds(item, *asked) for item in items]
        known = np.flatnonzero([value is not None for value in said])
        truth = np.array([bool(said[place]) for place in known], dtype=bool)
        return _separate(matrix[known], truth, importance[known], strictness=STRICTNESS[asked[0]], seed=seed)

    # One after the other: liblinear's random numbers are shared by all threads, and a training must be repeatable.
    columns = [one((head, name)) for head, names in labels.items() for name in names]
    return np.stack([weights for weights, _ in columns], axis=1), np.array(
        [offset for _, offset in columns], np.float32
    )


def _separate(
    matrix: sparse.csr_matrix, truth: NDArray[np.bool_], importance: Weights, *, strictness: float, seed: int
) -> tuple[Weights, float]:
    from sklearn.linear_model import LogisticRegression

    if truth.all() or not truth.any():
        return np.zeros(matrix.shape[1], np.float32), 5.0 if len(truth) and truth.all() else -5.0
    model = LogisticRegression(C=strictness, solver="liblinear", dual=True, tol=0.1, max_iter=100, random_state=seed)
    model.fit(matrix, truth, sample_weight=importance)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def learn_lexicon(
    nlp: Language, texts: Sequence[str], emotions: Sequence[set[str]], groups: Sequence[set[str]], *, rare: int = 8
) -> Feelings:
    """Weights of words and pairs for each group of emotions, by one logistic regression per group."""
    from sklearn.linear_model import LogisticRegression

    from bpm.feedback.classification.pipeline.units import UnitReader

    reader = UnitReader()
    grams = [sorted(word_grams([word for word, _ in reader(doc)])) for doc in nlp.pipe(texts)]
    seen = Counter(gram for one in grams for gram in one)
    rows = {gram: row for row, gram in enumerate(sorted(gram for gram, n in seen.items() if n >= rare))}
    kept = [[rows[gram] for gram in one if gram in rows] for one in grams]
    values = np.concatenate([np.full(len(one), 1 / max(1, len(one)) ** 0.5) for one in kept])
    ends = np.cumsum([0, *map(len, kept)])
    matrix = sparse.csr_matrix((values, np.concatenate(kept).astype(np.int64), ends), shape=(len(kept), len(rows)))
    columns = []
    for group in groups:
        model = LogisticRegression(C=1.0, solver="liblinear", tol=0.02, random_state=0)
        model.fit(matrix, np.array([bool(one & group) for one in emotions]))
        columns.append(model.coef_[0].astype(np.float32))
    return Feelings(rows, np.stack(columns, axis=1))
