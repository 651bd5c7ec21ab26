"""Who is hit: the bar that every inbox shows, the linked items, and whether an item or a customer is among them."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, and_, bindparam, exists, func, select

from bpm.feedback import outbound
from bpm.feedback.models import (
    Classification,
    Customer,
    FeedbackItem,
    Incident,
    IncidentEntry,
    IncidentItem,
    IncidentTold,
    IncidentUpdate,
)
from bpm.feedback.status import KNOWN_INCIDENTS, OPEN_INCIDENTS, ToldStatus
from bpm.foundation.db import Page
from bpm.foundation.work import Work

INCIDENT = cast("Table", Incident.__table__)
ITEM = cast("Table", FeedbackItem.__table__)
LINK = cast("Table", IncidentItem.__table__)
ENTRY = cast("Table", IncidentEntry.__table__)
TOLD = cast("Table", IncidentTold.__table__)
UPDATE = cast("Table", IncidentUpdate.__table__)
CLAIM = cast("Table", Classification.__table__)
CUSTOMER = cast("Table", Customer.__table__)


@dataclass(frozen=True)
class IncidentBar:
    """An open incident, as every inbox tells it."""

    id: int
    title: str
    status: str
    began_at: datetime
    acknowledged_at: datetime | None
    next_update_at: datetime | None
    calmer_because: str


_BARS = (
    select(*(INCIDENT.c[name] for name in IncidentBar.__dataclass_fields__))
    .where(INCIDENT.c.status.in_(sorted(OPEN_INCIDENTS)))
    .order_by(INCIDENT.c.id.desc())
    .limit(5)
)


def list_bars(work: Work) -> list[IncidentBar]:
    """The open incidents, the newest first, five at most; one statement."""
    return [IncidentBar(*row) for row in work.session.execute(_BARS)]


def incident_for_gate(work: Work, item: FeedbackItem) -> outbound.Incident | None:
    """The open incident that whoever answers the item should know of: one that it or its customer is linked to, else
    one about the same topic."""
    bars = list_bars(work)
    if not bars:
        return None
    linked = incident_of_item(work, item.id)
    if linked is not None:
        return outbound.Incident(linked.id, linked.title, is_linked=True)
    hit = is_hit(work, item.customer_id) if item.customer_id is not None else None
    if hit is not None:
        return outbound.Incident(*hit, is_linked=True)
    topic = select(CLAIM.c.topic).where(CLAIM.c.item_id == item.id, CLAIM.c.current)
    same = work.session.execute(
        select(INCIDENT.c.id, INCIDENT.c.title)
        .where(INCIDENT.c.status.in_(sorted(OPEN_INCIDENTS)), INCIDENT.c.theme == topic.scalar_subquery())
        .limit(1)
    ).first()
    return outbound.Incident(same[0], same[1]) if same else None


def fingerprint(work: Work) -> str:
    """Changes when an incident moves, an item is linked or taken out, and when an update reached somebody."""
    waiting = select(func.count()).select_from(TOLD).where(TOLD.c.status == ToldStatus.WAITING).scalar_subquery()
    newest = select(func.max(ENTRY.c.id)).scalar_subquery()
    row = work.session.execute(select(newest, select(func.max(LINK.c.id)).scalar_subquery(), waiting)).one()
    return "-".join(str(each or 0) for each in row)


@dataclass(frozen=True)
class HitItem:
    """A linked item."""

    id: int
    text: str
    author: str
    customer_id: int | None
    channel: str
    kind: str
    topic: str | None
    placed_at: datetime
    by_person: bool
    told: bool


def list_hit_items(work: Work, incident_id: int, *, after: int | None = None, limit: int = 50) -> Page[HitItem]:
    """The linked items, what was linked last first; `after` is the id of the last link seen."""
    told = exists().where(
        UPDATE.c.incident_id == incident_id,
        TOLD.c.update_id == UPDATE.c.id,
        TOLD.c.item_id == ITEM.c.id,
        TOLD.c.status == ToldStatus.TOLD,
    )
    query = (
        select(
            LINK.c.id.label("link"), ITEM.c.id, func.substr(ITEM.c.text, 1, 300), ITEM.c.author_name,
            ITEM.c.author_handle, func.coalesce(CUSTOMER.c.name, ""), ITEM.c.customer_id, ITEM.c.channel,
            func.coalesce(CLAIM.c.primary, ""), CLAIM.c.topic, ITEM.c.placed_at, LINK.c.added_by, told,
        )
        .join(ITEM, ITEM.c.id == LINK.c.item_id)
        .outerjoin(CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current))
        .outerjoin(CUSTOMER, CUSTOMER.c.id == ITEM.c.customer_id)
        .where(LINK.c.incident_id == incident_id, LINK.c.removed_at.is_(None))
        .order_by(LINK.c.id.desc())
        .limit(limit + 1)
    )  # fmt: skip
    if after is not None:
        query = query.where(LINK.c.id < after)
    rows = work.session.execute(query).all()
    found = tuple(
        HitItem(
            row[1], row[2], row[3] or row[5] or row[4] or "", row[6], channel=row[7], kind=row[8], topic=row[9],
            placed_at=row[10], by_person=row[11] is not None, told=bool(row[12]),
        )
        for row in rows[:limit]
    )  # fmt: skip
    return Page(found, rows[limit - 1][0] if len(rows) > limit else None)


def incident_of_item(work: Work, item_id: int) -> IncidentBar | None:
    """The open incident that an item reports, if any."""
    found = work.session.execute(
        select(*(INCIDENT.c[name] for name in IncidentBar.__dataclass_fields__))
        .join(LINK, LINK.c.incident_id == INCIDENT.c.id)
        .where(LINK.c.item_id == item_id, LINK.c.removed_at.is_(None), INCIDENT.c.status.in_(sorted(OPEN_INCIDENTS)))
        .limit(1)
    ).first()
    return IncidentBar(*found) if found else None


_HITS = (
    select(INCIDENT.c.id, INCIDENT.c.title)
    .join(LINK, LINK.c.incident_id == INCIDENT.c.id)
    .join(ITEM, ITEM.c.id == LINK.c.item_id)
    .where(
        INCIDENT.c.status.in_(sorted(KNOWN_INCIDENTS)),
        LINK.c.removed_at.is_(None),
        ITEM.c.customer_id == bindparam("customer"),
    )
    .limit(1)
)


def is_hit(work: Work, customer_id: int) -> tuple[int, str] | None:
    """(id, title) of the incident that people confirmed and that hits this customer now; None: none does."""
    row = work.session.execute(_HITS, {"customer": customer_id}).first()
    return (row[0], row[1]) if row else None
