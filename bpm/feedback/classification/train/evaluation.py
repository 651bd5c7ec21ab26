"""Says how well a pipeline reads labelled items: per head, per source, per channel, and by how sure it was."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from spacy.language import Language

from bpm.feedback.classification.pipeline.calibration import brier, calibration_error
from bpm.feedback.classification.pipeline.linear_heads import holding
from bpm.feedback.classification.pipeline.pipeline import read
from bpm.feedback.classification.train.corpus import Labelled
from bpm.feedback.classification_result import KINDS, ClassificationResult

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True)
class Judged:
    """A labelled item beside what the pipeline read in it."""

    item: Labelled
    reading: ClassificationResult


def judge(nlp: Language, items: Sequence[Labelled]) -> list[Judged]:
    """Read every item."""
    readings = read(nlp, (item.said for item in items))
    return [Judged(item, reading) for item, reading in zip(items, readings, strict=True)]


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """All figures; a head that no item has a label for is left out. Shares are 0..1, `n` counts labelled items.

    `coverage`: what share of primary kinds is right among the surest 100, 90 ... 50 %.
    """
    result: dict[str, Any] = {"items": len(judged)}
    for name, said, claimed in _HEADS:
        known = [(said(one.item), claimed(one.reading)) for one in judged if said(one.item) is not None]
        if known:
            result[name] = agreement([str(truth) for truth, _ in known], [str(claim) for _, claim in known])
    known_kinds = [one for one in judged if one.item.kinds]
    if known_kinds:
        result["kinds"] = _several(known_kinds)
        result["certainty"] = _certainty(known_kinds)
        result["by_source"] = _by(known_kinds, lambda item: item.source)
        result["by_channel"] = _by(known_kinds, lambda item: item.channel)
    return result


def agreement(truth: Sequence[str], claims: Sequence[str]) -> dict[str, Any]:
    """n, accuracy, macro-F1 (mean over the labels that occur in the truth) and F1 with n per label."""
    each = {}
    for label in sorted(set(truth)):
        hits = sum(t == c == label for t, c in zip(truth, claims, strict=True))
        each[label] = {"n": truth.count(label), "f1": round(_f1(hits, claims.count(label), truth.count(label)), 4)}
    right = sum(t == c for t, c in zip(truth, claims, strict=True))
    mean = sum(one["f1"] for one in each.values()) / len(each)
    return {"n": len(truth), "accuracy": round(right / len(truth), 4), "macro_f1": round(mean, 4), "labels": each}


def stance(sentiment: float) -> int:
    """-1, 0 or 1 of a sentiment between -1 and 1."""
    return (sentiment > 0.33) - (sentiment < -0.33)


_HEADS: tuple[tuple[str, Callable[[Labelled], Any], Callable[[ClassificationResult], Any]], ...] = (
    ("primary", lambda item: item.primary, lambda reading: reading.primary),
    ("sentiment", lambda item: item.sentiment, lambda reading: stance(reading.sentiment)),
    ("urgency", lambda item: item.urgency, lambda reading: reading.urgency),
    ("topic", lambda item: item.topic, lambda reading: reading.topic),
)


def _several(judged: Sequence[Judged]) -> dict[str, Any]:
    each, same = {}, 0
    for kind in KINDS:
        truth = [kind in (one.item.kinds or ()) for one in judged]
        claims = [kind in holding(one.reading) for one in judged]
        hits = sum(t and c for t, c in zip(truth, claims, strict=True))
        each[kind] = {"n": sum(truth), "f1": round(_f1(hits, sum(claims), sum(truth)), 4)}
    same = sum(set(one.item.kinds or ()) == set(holding(one.reading)) for one in judged)
    occurring = [one["f1"] for one in each.values() if one["n"]]
    mean = sum(occurring) / len(occurring)
    return {"n": len(judged), "all_the_same": round(same / len(judged), 4), "macro_f1": round(mean, 4), "labels": each}


def _certainty(judged: Sequence[Judged]) -> dict[str, Any]:
    sure = np.array([one.reading.confidence for one in judged])
    right = np.array([one.reading.primary == one.item.primary for one in judged])
    order = np.argsort(-sure, kind="stable")
    answered = np.array([not one.reading.abstained for one in judged])
    return {
        "brier": round(brier(sure, right), 4),
        "ece": round(calibration_error(sure, right), 4),
        "answered": round(float(answered.mean()), 4),
        "accuracy_of_answered": round(float(right[answered].mean()), 4) if answered.any() else None,
        "coverage": {
            f"{share:.0%}": round(float(right[order[: max(1, round(share * len(order)))]].mean()), 4)
            for share in COVERAGES
        },
    }


def _by(judged: Sequence[Judged], key: Callable[[Labelled], str]) -> dict[str, Any]:
    names = sorted({key(one.item) for one in judged} - {""})
    result = {}
    for name in names:
        part = [one for one in judged if key(one.item) == name]
        whole = agreement([str(one.item.primary) for one in part], [one.reading.primary for one in part])
        result[name] = {field: whole[field] for field in ("n", "accuracy", "macro_f1")}
    return result


def _f1(hits: int, claimed: int, there: int) -> float:
    return 2 * hits / (claimed + there) if claimed + there else 0.0
