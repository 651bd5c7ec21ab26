"""How one version of one process does for customers, over one period. Versions are never blended (law 7)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback import queries as feedback_queries
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.measures.process_of_a_file import Part, get_part, instances_of, linked_to
from bpm.processes.measures.undated import came_in_undated
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod
from bpm.statistics import SHOWN_FROM, Durations, Share, SourceMix, durations, share, source_mix

NEGATIVE = -0.25
"""An item counts as negative from this sentiment down (scale -1 to 1); the band around 0 is neutral."""
SURE = (AttributionMethod.RECORDED, AttributionMethod.HUMAN)
"""Methods of attribution that figures count; suggested ones wait for a person."""


@dataclass(frozen=True)
class AttributedItem:
    """An item at an element, as the figures see it; `sentiment` None: not classified, or the classifier abstained."""

    item_id: int
    element: str
    method: str
    channel: str
    said_at: datetime | None
    """None: nobody knows; it is counted apart."""
    sentiment: float | None


@dataclass(frozen=True)
class Visit:
    """One visit of an element; `claimed_at` only where a person took it, `closed_at` None while it is open."""

    element: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    status: str


@dataclass(frozen=True)
class ElementMeasures:
    """Figures of one element. Waiting: opened until claimed (else closed); work: claimed until closed."""

    element: str
    name: str
    type: str
    lane: str
    visits: int
    open: int
    items: int
    recorded: int
    by_hand: int
    negative: Share
    timed: bool
    """Whether time passes there at all: at events that come and go, and at gateways, none does."""
    waiting: Durations
    work: Durations

    @property
    def items_per_100(self) -> float | None:
        """Items per 100 visits; None while there are fewer than ten visits."""
        return 100 * self.items / self.visits if self.visits >= SHOWN_FROM else None

    @property
    def certainty(self) -> Share:
        """How much of the attribution was recorded by the run itself; the rest was said by a person."""
        return share(self.recorded, self.items)

    @property
    def seen(self) -> bool:
        return bool(self.visits or self.items)


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
    distinct = list({item.item_id: item for item in items}.values())
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
        undated=len({item.item_id for item in found if item.said_at is None}),
        unread=sum(item.sentiment is None for item in distinct),
        negative=_negative(distinct),
        mix=source_mix(Counter(item.channel for item in distinct)),
        recorded=sum(item.method == AttributionMethod.RECORDED for item in distinct),
        by_hand=sum(item.method == AttributionMethod.HUMAN for item in distinct),
        first_answer=_first_answers(work, distinct),
        elements=tuple(measure_elements(part.elements, items=items, visits=visits)),
    )


def measure_elements(
    elements: Iterable[Mapping[str, object]], *, items: Sequence[AttributedItem], visits: Sequence[Visit]
) -> list[ElementMeasures]:
    """One row for each drawn flow element, in the order drawn. Pure."""
    items_at: dict[str, list[AttributedItem]] = defaultdict(list)
    visits_at: dict[str, list[Visit]] = defaultdict(list)
    for item in items:
        items_at[item.element].append(item)
    for visit in visits:
        visits_at[visit.element].append(visit)
    return [
        _measure(element, items=items_at[str(element["id"])], visits=visits_at[str(element["id"])])
        for element in elements
        if element["type"] not in NOT_VISITED
    ]


NOT_VISITED = ("sequenceFlow", "lane", "laneSet", "participant", "process", "collaboration", "messageFlow")
"""Elements that nothing passes through as a visit."""
INSTANT = (
    "startEvent",
    "endEvent",
    "boundaryEvent",
    "intermediateThrowEvent",
    "exclusiveGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
)
"""Elements at which no time passes. At a parallel gateway branches wait for each other; behind an event-based one it
is its events that wait."""


def _measure(
    element: Mapping[str, object], *, items: Sequence[AttributedItem], visits: Sequence[Visit]
) -> ElementMeasures:
    timed = element["type"] not in INSTANT
    ended = [visit for visit in visits if visit.closed_at is not None]
    waited = [end - v.opened_at for v in visits if timed and (end := v.claimed_at or v.closed_at) is not None]
    worked = [v.closed_at - v.claimed_at for v in ended if v.closed_at and v.claimed_at]
    return ElementMeasures(
        element=str(element["id"]),
        name=str(element["name"] or element["id"]),
        type=str(element["type"]),
        lane=str(element.get("lane") or ""),
        visits=len(visits),
        open=len(visits) - len(ended),
        items=len(items),
        recorded=sum(item.method == AttributionMethod.RECORDED for item in items),
        by_hand=sum(item.method == AttributionMethod.HUMAN for item in items),
        negative=_negative(items),
        timed=timed,
        waiting=durations(waited, running=len(visits) - len(waited) if timed else 0),
        work=durations(worked, running=sum(v.claimed_at is not None and v.closed_at is None for v in visits)),
    )


def _negative(items: Sequence[AttributedItem]) -> Share:
    read = [item.sentiment for item in items if item.sentiment is not None]
    return share(sum(value <= NEGATIVE for value in read), len(read))


def _attributed_items(work: Work, part: Part, *, since: datetime, until: datetime) -> list[AttributedItem]:
    said = and_(FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
    rows = work.session.execute(
        select(
            FeedbackItem.id,
            Attribution.element,
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
            Attribution.method.in_(SURE),
        )
        .where(or_(said, came_in_undated(since, until)))
        .order_by(Attribution.id)
    )
    return [
        AttributedItem(
            row.id, row.element, row.method, row.channel, row.said_at, None if row.abstained else row.sentiment
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
