"""How one version of one process does for customers, over one period. Versions are never blended (law 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from bpm.engine.models import ProcessInstance
from bpm.engine.status import RUNNING
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.attribution import LIVED
from bpm.processes.measures.asking import Question, answers_of
from bpm.processes.measures.observed import Facts
from bpm.processes.measures.of_elements import (
    OF_ELEMENTS,
    ElementMeasures,
    durations_of,
    kinds_of,
    measure_elements,
    share_of,
)
from bpm.processes.measures.process_of_a_file import Part, get_part, instances_of, linked_to
from bpm.processes.measures.rollups import Kept
from bpm.processes.measures.undated import came_in_undated
from bpm.processes.models import Attribution
from bpm.processes.status import LinkKind
from bpm.statistics import Durations, Share, SourceMix, source_mix

__all__ = ["ElementMeasures", "ProcessMeasures", "process_measures"]

OF_WHOLE = ("negative_share", "first_answer", "complaints_per_100", "listening_ratio")


@dataclass(frozen=True)
class ProcessMeasures:
    """Figures of one version between two instants; `since` belongs to the period, `until` does not.

    All of them are those of the catalogue, by the names that they have there.
    """

    key: str
    name: str
    version_id: int
    number: int
    since: datetime
    until: datetime
    started: int
    running: int
    items: int
    """What customers lived through in its cases: said while they ran or after, about an artefact, or placed by hand."""
    kinds: Mapping[LinkKind, int]
    """Items by kind of link, each under the first of its kinds."""
    undated: int
    """Items that came in during the period and nobody knows when they were said; in no other figure."""
    negative: Share
    mix: SourceMix
    first_answer: Durations
    elements: tuple[ElementMeasures, ...]

    @property
    def unread(self) -> int:
        """Items without a usable sentiment: not classified yet, or the classifier abstained."""
        return self.items - self.negative.n

    @property
    def by_hand(self) -> int:
        return self.kinds.get(LinkKind.BY_HAND, 0)

    @property
    def recorded(self) -> int:
        return self.items - self.by_hand


def process_measures(
    work: Work, key: str, *, version_id: int, since: datetime, until: datetime, voice: str = ""
) -> ProcessMeasures:
    """All figures of the version; items count by when they were said, visits by when they began.

    `voice`: of words only those that were said with it; empty: of customers and prospects.
    NotFoundError when the process has no such version.
    """
    part = get_part(work, key, version_id)
    kept = Kept(Facts(work, part, since, until, key))
    asked = Question(key, "negative_share", voice=voice)
    whole = {name: rows[0] for name, rows in answers_of(kept, asked, OF_WHOLE).items()}
    by_element = answers_of(kept, replace(asked, by="activity"), OF_ELEMENTS)
    kinds = kinds_of(whole["listening_ratio"])
    return ProcessMeasures(
        key=key,
        name=part.name,
        version_id=version_id,
        number=part.number,
        since=since,
        until=until,
        started=whole["complaints_per_100"].n,
        running=_count_running(work, part),
        items=sum(kinds.get(kind, 0) for kind in LIVED),
        kinds=kinds,
        undated=_count_undated(work, part, since=since, until=until),
        negative=share_of(whole["negative_share"]),
        mix=source_mix(whole["listening_ratio"].sources),
        first_answer=durations_of(whole["first_answer"]),
        elements=tuple(
            measure_elements(
                part.elements, {name: {row.group: row for row in rows} for name, rows in by_element.items()}
            )
        ),
    )


def _count_undated(work: Work, part: Part, *, since: datetime, until: datetime) -> int:
    query = (
        select(func.count(func.distinct(FeedbackItem.id)))
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        .where(
            came_in_undated(since, until), *linked_to(part), Attribution.version_id + 0 == part.version_id,
            Attribution.valid_to.is_(None), Attribution.kind != LinkKind.SUGGESTED,
        )
    )  # fmt: skip
    return work.session.scalar(query) or 0


def _count_running(work: Work, part: Part) -> int:
    query = select(func.count()).where(
        ProcessInstance.version_id == part.version_id, ProcessInstance.status.in_(RUNNING), *instances_of(part)
    )
    return work.session.scalar(query) or 0
