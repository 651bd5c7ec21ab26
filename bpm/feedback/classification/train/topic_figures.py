"""Says how well a pipeline of topics reads labelled items: all of them, the surest, and those that belong to none."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from bpm.feedback.classification.pipeline.pipeline import read_topics
from bpm.feedback.classification.pipeline.topics import TopicReading, above
from bpm.feedback.classification.train.corpus import Labelled
from bpm.feedback.classification.train.evaluation import agreement
from bpm.feedback.classification.train.topics import LOST

COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9)


def topic_figures(nlp: Language, items: Sequence[Labelled], outside: Sequence[Labelled] = ()) -> dict[str, Any]:
    """Shares are 0..1. `coverage`: what share is right among the surest half ... nine tenths.

    `out_of_scope`: where the threshold lies so that at most a twentieth of `items` is lost, the share of `outside`
    (items that belong to no topic) that is caught below it; `at_threshold` is the same with the pipeline's own.
    `branches`: the share whose first part of the path is right.
    """
    told = [item for item in items if item.topic]
    readings = list(read_topics(nlp, (item.said for item in told)))
    right = np.array([one.topic == item.topic for one, item in zip(readings, told, strict=True)], bool)
    surest = np.argsort(-_confidence(readings), kind="stable")
    whole = agreement([str(item.topic) for item in told], [one.topic for one in readings])
    branch = [above(one.topic)[-1] == above(str(item.topic))[-1] for one, item in zip(readings, told, strict=True)]
    found = {
        "items": len(told),
        "accuracy": whole["accuracy"],
        "macro_f1": round(whole["macro_f1"], 4),
        "branches": round(float(np.mean(branch)), 4),
        "coverage": {str(share): _share(right[surest[: max(1, round(share * len(told)))]]) for share in COVERAGES},
        "labels": whole["labels"],
    }
    if not outside:
        return found
    strangers = list(read_topics(nlp, (item.said for item in outside)))
    return {**found, "out_of_scope": _told_apart(readings, strangers)}


def _told_apart(readings: Sequence[TopicReading], strangers: Sequence[TopicReading]) -> dict[str, Any]:
    inside, outside = _confidence(readings), _confidence(strangers)
    threshold = float(np.sort(inside)[int(LOST * len(inside))])
    return {
        "lost": _share(inside < threshold),
        "caught": _share(outside < threshold),
        "threshold": round(threshold, 4),
        "at_threshold": {
            "lost": _share(np.array([one.abstained for one in readings])),
            "caught": _share(np.array([one.abstained for one in strangers])),
        },
    }


def _confidence(readings: Sequence[TopicReading]) -> NDArray[np.float64]:
    return np.array([one.confidence for one in readings])


def _share(holds: NDArray[np.bool_]) -> float:
    return round(float(holds.mean()), 4)
