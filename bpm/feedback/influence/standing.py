"""Who is helpful on a topic: what each piece of evidence weighs, and below how much nothing is said.

For insight alone: never an input of priority, clock, assignment or order of the queue.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bpm.feedback.influence.evidence import Evidence, EvidenceKind, gather_evidence
from bpm.feedback.models import Customer
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

FEWEST = 3
"""Pieces of evidence on a topic below which there is not enough to say anything."""
WEIGHTS: Mapping[EvidenceKind, int] = {
    EvidenceKind.ADOPTED: 3,
    EvidenceKind.WORKAROUND: 3,
    EvidenceKind.THANKED: 1,
}
"""A colleague looked at what was adopted or tried; thanks are one other customer's word."""


@dataclass(frozen=True)
class TopicRow:
    """A topic on which somebody helped; no figure of anybody."""

    topic: str
    people: int
    enough: int
    """Of them, those of whom there is enough evidence."""


@dataclass(frozen=True)
class Standing:
    """A customer on one topic; `score` None: there is not enough data."""

    customer_id: int
    name: str
    topic: str
    score: int | None
    adopted: int
    workarounds: int
    thanked: int

    @property
    def pieces(self) -> int:
        return self.adopted + self.workarounds + self.thanked


def list_topics(work: Work) -> list[TopicRow]:
    """Topics with evidence, those of most people first. ForbiddenError without the right to insights."""
    demand(work.actor, Permission.INSIGHTS)
    by_topic: dict[str, Counter[int]] = defaultdict(Counter)
    for each in gather_evidence(work):
        by_topic[each.topic][each.customer_id] += 1
    rows = [
        TopicRow(topic, len(people), sum(n >= FEWEST for n in people.values())) for topic, people in by_topic.items()
    ]
    return sorted(rows, key=lambda row: (-row.enough, -row.people, row.topic))


def helpful_on(work: Work, topic: str) -> list[Standing]:
    """Who helped on the topic: those with enough evidence by what it weighs, then the others without a score."""
    demand(work.actor, Permission.INSIGHTS)
    of: dict[int, list[Evidence]] = defaultdict(list)
    for each in gather_evidence(work, topic=topic):
        of[each.customer_id].append(each)
    rows = work.session.execute(
        select(Customer.id, Customer.name).where(Customer.id.in_(of), Customer.erased_at.is_(None))
    )
    found = [_standing(row.id, row.name, topic, of[row.id]) for row in rows]
    return sorted(found, key=lambda each: (each.score is None, -(each.score or 0), -each.pieces, each.customer_id))


def evidence_on(work: Work, topic: str, customer_id: int) -> list[Evidence]:
    """What stands behind one customer's standing on the topic, the newest first."""
    demand(work.actor, Permission.INSIGHTS)
    return [each for each in gather_evidence(work, topic=topic) if each.customer_id == customer_id]


def _standing(customer_id: int, name: str, topic: str, evidence: Sequence[Evidence]) -> Standing:
    counts = Counter(each.kind for each in evidence)
    enough = len(evidence) >= FEWEST
    score = sum(WEIGHTS[kind] * count for kind, count in counts.items()) if enough else None
    return Standing(
        customer_id, name, topic, score, counts[EvidenceKind.ADOPTED], counts[EvidenceKind.WORKAROUND],
        counts[EvidenceKind.THANKED],
    )  # fmt: skip
