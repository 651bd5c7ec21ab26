"""Topics as their page lists them: how often they were read lately, and how complex they are to settle."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, or_, select

from bpm.feedback.care import Complexity, complexity_of
from bpm.feedback.models import Classification, Correction, FeedbackItem
from bpm.feedback.queries.items import topics_in_use
from bpm.feedback.triage.caring import decided_complexities
from bpm.foundation.work import Work

CLAIM = cast("Table", Classification.__table__)
ITEM = cast("Table", FeedbackItem.__table__)

BELOW = " / "
LATELY = 5000
"""Items that people had before them, and corrections, that are looked at."""


@dataclass(frozen=True)
class TopicRow:
    """A topic; `reason` is a person's where `decided`, else what the shipped table goes by."""

    topic: str
    items: int
    complexity: Complexity
    reason: str
    decided: bool
    depth: int = 0
    """How many topics it lies in."""
    stood: int = 0
    shown: int = 0
    """How often people let it stand, of how often it lay before them."""


def topic_of(work: Work, item_id: int) -> str | None:
    """What an item was read to be about; None for what nobody has read, or nothing in particular."""
    return work.session.scalar(select(CLAIM.c.topic).where(CLAIM.c.item_id == item_id, CLAIM.c.current))


def list_topics(work: Work) -> list[TopicRow]:
    """The topics read lately and those that somebody decided on, as a tree; a parent counts its children."""
    decided, used, stood = decided_complexities(work), dict(topics_in_use(work, 200)), topics_let_stand(work)
    counts = _with_parents({**dict.fromkeys(decided, 0), **used})
    rows = []
    for topic in _as_tree(counts):
        care = complexity_of(topic, decided)
        own = topic in decided
        reason = decided[topic][1] if own else care.because
        level, depth = Complexity(care.level), topic.count(BELOW)
        rows.append(TopicRow(topic, counts[topic], level, reason, own, depth, *stood.get(topic, (0, 0))))
    return rows


def _with_parents(counts: Mapping[str, int]) -> dict[str, int]:
    """A topic "A / B" counts in "A", too."""
    found = dict(counts)
    for topic, count in counts.items():
        parts = topic.split(BELOW)
        for depth in range(1, len(parts)):
            above = BELOW.join(parts[:depth])
            found[above] = found.get(above, 0) + count
    return found


def _as_tree(counts: Mapping[str, int]) -> list[str]:
    """Each topic before those that lie in it; among equals the most frequent first."""

    def place(topic: str) -> tuple[tuple[int, str], ...]:
        parts = topic.split(BELOW)
        names = [BELOW.join(parts[: depth + 1]) for depth in range(len(parts))]
        return tuple((-counts[name], name) for name in names)

    return sorted(counts, key=place)


def topics_let_stand(work: Work) -> dict[str, tuple[int, int]]:
    """Topic -> (let stand, had before people): of items that were decided, answered or handed over, and corrections."""
    handled = or_(ITEM.c.decision.is_not(None), ITEM.c.answered_at.is_not(None), ITEM.c.distributed_to.is_not(None))
    stood = Counter(
        work.session.scalars(
            select(CLAIM.c.topic)
            .join(ITEM, ITEM.c.id == CLAIM.c.item_id)
            .where(CLAIM.c.current, CLAIM.c.topic.is_not(None), ~CLAIM.c.model_version.startswith("human:"), handled)
            .order_by(CLAIM.c.id.desc())
            .limit(LATELY)
        )
    )
    overruled = Counter(
        str(before)
        for before in work.session.scalars(
            select(Correction.before).where(Correction.field == "topic").order_by(Correction.id.desc()).limit(LATELY)
        )
        if before
    )
    return {topic: (stood[topic], stood[topic] + overruled[topic]) for topic in {*stood, *overruled}}
