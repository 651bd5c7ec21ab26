"""Which trained pipeline is in service, and how another one takes its place: only when it is not worse."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from spacy.language import Language

from bpm.feedback.classification.in_service import folder_of_topics, folder_put_in_service, path_in_service
from bpm.feedback.classification.train.corpus import Labelled
from bpm.feedback.classification.train.evaluation import judge
from bpm.feedback.classification.train.topics import TrainedTopics
from bpm.feedback.classification.train.train import Trained, fingerprint, train
from bpm.foundation.settings import Settings

__all__ = [
    "Comparison",
    "compare",
    "path_in_service",
    "put_in_service",
    "put_topics_in_service",
    "topics_not_worse",
]

FEWEST_NEW = 20
"""From this many new items on, they alone decide; before, the figures out of fold over everything do."""
FORGOTTEN = 0.1
"""Figures out of fold are compared only if the new pipeline learned all but this share of the items of the old one."""
TOLERANCE = 0.01
"""What the figure out of fold may lose before the new pipeline counts as worse: other items are other questions."""


@dataclass(frozen=True)
class Comparison:
    """`newer` against `older`: share of right primary kinds on the same `n` items, learned by neither."""

    older: float
    newer: float
    n: int
    not_worse: bool


def compare(older: Language, items: Sequence[Labelled], candidate: Trained) -> Comparison:
    """Judge both on what neither learned.

    With enough items that `older` never saw, a stand-in for the candidate, trained without them, reads them too.
    Otherwise both figures are those out of fold, made when each was trained; where these were made on other items,
    there is nothing to compare: n is 0 and the old one stays.
    """
    known = older.meta.get("earshot", {})
    seen = set(known.get("seen", ()))
    new = [item for item in items if item.primary and fingerprint(item.text) not in seen]
    if len(new) < FEWEST_NEW and len(seen - {fingerprint(item.text) for item in items}) > FORGOTTEN * len(seen):
        return Comparison(0.0, 0.0, 0, not_worse=False)
    if len(new) < FEWEST_NEW:
        before, after = float(known.get("accuracy", {}).get("primary", 0.0)), candidate.accuracy.get("primary", 0.0)
        return Comparison(before, after, candidate.items, after >= before - TOLERANCE)
    held_out = {item.text for place, item in enumerate(new) if place % 2}
    stand_in = train([item for item in items if item.text not in held_out]).nlp
    test = [item for item in new if item.text in held_out]
    before, after = _share_right(older, test), _share_right(stand_in, test)
    return Comparison(before, after, len(test), after >= before)


def put_in_service(nlp: Language, settings: Settings) -> Path:
    """Write `nlp` where `path_in_service` finds it; a reader sees the old folder or the new one, never half of one."""
    return _replaced(nlp, folder_put_in_service(settings))


def topics_not_worse(trained: TrainedTopics, settings: Settings) -> bool:
    """Whether the new topics may go into service: no others stand there, or those have other names or did no better."""
    described = folder_of_topics(settings) / "meta.json"
    if not described.is_file():
        return True
    known = json.loads(described.read_bytes()).get("earshot", {})
    if set(known.get("topics", ())) != set(trained.nlp.meta["earshot"]["topics"]):
        return True
    return trained.accuracy >= float(known.get("accuracy", 0.0)) - TOLERANCE


def put_topics_in_service(nlp: Language, settings: Settings) -> Path:
    """From now on topics are read by `nlp`; kinds, sentiment and urgency as before."""
    return _replaced(nlp, folder_of_topics(settings))


def _replaced(nlp: Language, target: Path) -> Path:
    fresh = target.with_name(f"{target.name}.{uuid4().hex[:8]}")
    nlp.to_disk(fresh)
    old = fresh.with_suffix(".old")
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _share_right(nlp: Language, items: Sequence[Labelled]) -> float:
    return sum(one.reading.primary == one.item.primary for one in judge(nlp, items)) / len(items)
