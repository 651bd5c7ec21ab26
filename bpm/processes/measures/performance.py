"""How one version of one process does for customers, over one period. Versions are never blended (law 7)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback import queries as feedback_queries
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.attribution import LIVED
from bpm.processes.measures.of_elements import (
    INSTANT,
    NEGATIVE,
    AttributedItem,
    ElementMeasures,
    Visit,
    measure_elements,
    negative_of,
)
from bpm.processes.measures.process_of_a_file import Part, get_part, instances_of, linked_to
from bpm.processes.measures.undated import came_in_undated
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind
from bpm.statistics import Durations, Share, SourceMix, durations, source_mix

__all__ = ["INSTANT", "NEGATIVE", "SURE", "ElementMeasures", "ProcessMeasures", "measure_elements", "process_measures"]

SURE = (AttributionMethod.RECORDED, AttributionMethod.HUMAN)
"""Methods of attribution that figures count; suggested ones wait for a person."""


@dataclass(frozen=True)
class ProcessMeasures:
    """Figures of one version between two instants; `since` belongs to the period, `until` does not."""

    key: str
    name: str
    version_id: int
    number: int
    since: datetime
    until: datetime
    started: int
    running: int
    items: int
    """What was lived through in its cases: said while they ran or after, about an artefact, or placed by hand."""
    kinds: Mapping[LinkKind, int]
    """Items by the kind of their links; one that is linked in two ways stands under both."""
    undated: int
    """Items that came in during the period and nobody knows when they were said; in no other figure."""
    unread: int
    """Items without a usable sentiment: not classified yet, or the classifier abstained."""
    negative: Share
    mix: SourceMix
    recorded: int
    by_hand: int
    first_answer: Durations
    elements: tuple[ElementMeasures, ...]


def process_measures(work: Work, key: str, *, version_id: int, since: datetime, until: datetime) -> ProcessMeasures:
    """All figures of the version; items count by when they were said, visits by when they began.

    NotFoundError when the process has no such version.
    """
    part = get_part(work, key, version_id)
    found = _attributed_items(work, part, since=since, until=until)
    items = [item for item in found if item.said_at is not None]
    linked = {item.item_id: item for item in items if item.kind != LinkKind.SUGGESTED}
    distinct = list({item.item_id: item for item in items if item.kind in LIVED}.values())
    visits = _visits(work, version_id, since=since, until=until)
    started, running = _count_instances(work, part, since=since, until=until)
    return ProcessMeasures(
        key=key,
        name=part.name,
        version_id=version_id,
        number=part.number,
        since=since,
        until=until,
        started=started,
        running=running,
        items=len(distinct),
        kinds=Counter(kind for _item, kind in {(item.item_id, item.kind) for item in items}),
        undated=len({item.item_id for item in found if item.said_at is None and item.kind != LinkKind.SUGGESTED}),
        unread=sum(item.sentiment is None for item in distinct),
        negative=negative_of(distinct),
        mix=source_mix(Counter(item.channel for item in distinct)),
        recorded=sum(item.method == AttributionMethod.RECORDED for item in distinct),
        by_hand=sum(item.method == AttributionMethod.HUMAN for item in distinct),
        first_answer=_first_answers(work, list(linked.values())),
        elements=tuple(measure_elements(part.elements, items=items, visits=visits)),
    )


def _attributed_items(work: Work, part: Part, *, since: datetime, until: datetime) -> list[AttributedItem]:
    said = and_(FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
    rows = work.session.execute(
        select(
            FeedbackItem.id,
            Attribution.element,
            Attribution.kind,
            Attribution.method,
            FeedbackItem.channel,
            FeedbackItem.said_at,
            Classification.sentiment,
            Classification.abstained,
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(
            *linked_to(part),
            Attribution.version_id == part.version_id,
            Attribution.valid_to.is_(None),
        )
        .where(or_(said, came_in_undated(since, until)))
        .order_by(Attribution.id)
    )
    return [
        AttributedItem(
            row.id,
            row.element,
            row.kind,
            row.method,
            row.channel,
            row.said_at,
            None if row.abstained else row.sentiment,
        )
        for row in rows
    ]


def _visits(work: Work, version_id: int, *, since: datetime, until: datetime) -> list[Visit]:
    return [
        Visit(row.element, row.opened_at, row.claimed_at, row.closed_at, row.status)
        for row in engine_queries.activity_visits(work, [version_id], since, until)
    ]


def _count_instances(work: Work, part: Part, *, since: datetime, until: datetime) -> tuple[int, int]:
    here, began = ProcessInstance.version_id == part.version_id, ProcessInstance.began_version_id
    own = instances_of(part)
    in_period = (*own, ProcessInstance.started_at >= since, ProcessInstance.started_at < until)
    running = select(func.count()).where(here, *own, ProcessInstance.ended_at.is_(None))
    # Started here and still (or last) here, and started here but migrated since: two index look-ups, never one with OR.
    stayed = select(func.count()).where(here, began.is_(None), *in_period)
    left = select(func.count()).where(began == part.version_id, *in_period)
    started = (work.session.scalar(stayed) or 0) + (work.session.scalar(left) or 0)
    return started, work.session.scalar(running) or 0


def _first_answers(work: Work, items: Sequence[AttributedItem]) -> Durations:
    """From said until a person first answered in the conversation; those still without an answer count as running."""
    answered = feedback_queries.first_human_answer_times(work, [item.item_id for item in items])
    lengths = [answered[item.item_id] - item.said_at for item in items if item.said_at and item.item_id in answered]
    return durations(lengths, running=len(items) - len(lengths))
