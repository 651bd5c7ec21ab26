"""Topics as their page lists them: how often they were read lately, and how complex they are to settle."""

from dataclasses import dataclass

from bpm.feedback.care import Complexity, complexity_of
from bpm.feedback.queries.items import topics_in_use
from bpm.feedback.triage.caring import decided_complexities
from bpm.foundation.work import Work


@dataclass(frozen=True)
class TopicRow:
    """A topic; `reason` is a person's where `decided`, else what the shipped table goes by."""

    topic: str
    items: int
    complexity: Complexity
    reason: str
    decided: bool


def list_topics(work: Work) -> list[TopicRow]:
    """The topics read lately, the most frequent first, then those that somebody decided on and nobody speaks of."""
    decided, used = decided_complexities(work), dict(topics_in_use(work, 200))
    names = [*used, *(topic for topic in sorted(decided) if topic not in used)]
    rows = []
    for topic in names:
        care = complexity_of(topic, decided)
        own = topic in decided
        rows.append(
            TopicRow(topic, used.get(topic, 0), Complexity(care.level), decided[topic][1] if own else care.because, own)
        )
    return rows
