"""Incidents as their list and their page show them. Frozen rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, and_, func, select

from bpm.feedback.incidents.records import get_incident
from bpm.feedback.incidents.telling import count_latecomers, count_told
from bpm.feedback.models import (
    Customer,
    FeedbackItem,
    Incident,
    IncidentEntry,
    IncidentItem,
    IncidentTold,
    IncidentUpdate,
    Workaround,
)
from bpm.feedback.status import KNOWN_INCIDENTS, IncidentStatus, ToldStatus
from bpm.foundation.db import Page
from bpm.foundation.work import Work
from bpm.identity.models import User

INCIDENT = cast("Table", Incident.__table__)
ITEM = cast("Table", FeedbackItem.__table__)
LINK = cast("Table", IncidentItem.__table__)
TOLD = cast("Table", IncidentTold.__table__)
UPDATE = cast("Table", IncidentUpdate.__table__)
CUSTOMER = cast("Table", Customer.__table__)


@dataclass(frozen=True)
class IncidentRow:
    """One incident of the list."""

    id: int
    title: str
    theme: str
    status: str
    severity: int | None
    began_at: datetime
    noticed_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    next_update_at: datetime | None
    reason: str
    expected: float | None
    observed: int | None
    items: int
    people: int

    @property
    def acknowledged_after(self) -> timedelta | None:
        """From the first report to the first public word of a person: the customers' clock."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.began_at


_LINKED = and_(LINK.c.incident_id == INCIDENT.c.id, LINK.c.removed_at.is_(None))
_ITEMS = select(func.count()).select_from(LINK).where(_LINKED).correlate(INCIDENT).scalar_subquery()
_PEOPLE = (
    select(func.count(func.distinct(func.coalesce(ITEM.c.customer_id, -ITEM.c.id))))
    .select_from(LINK.join(ITEM, ITEM.c.id == LINK.c.item_id))
    .where(_LINKED)
    .correlate(INCIDENT)
    .scalar_subquery()
)
_ROWS = select(
    *(INCIDENT.c[name] for name in list(IncidentRow.__dataclass_fields__)[:-2]),
    _ITEMS.label("items"),
    _PEOPLE.label("people"),
)


def list_incidents(
    work: Work, *, states: Collection[str] | None = None, after: int | None = None, limit: int = 50
) -> Page[IncidentRow]:
    """The newest first; `after` is the id of the last one seen."""
    query = _ROWS.order_by(INCIDENT.c.id.desc()).limit(limit + 1)
    if states is not None:
        query = query.where(INCIDENT.c.status.in_(states))
    if after is not None:
        query = query.where(INCIDENT.c.id < after)
    rows = [IncidentRow(**row) for row in work.session.execute(query).mappings()]
    return Page(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


@dataclass(frozen=True)
class UpdateRow:
    """Something that was said, and to how many of those whom it was for."""

    id: int
    kind: str
    text: str
    author: str
    approved_at: datetime
    is_public: bool
    posted_url: str
    next_at: datetime | None
    people: int
    told: int
    waiting: int
    held_back: int


@dataclass(frozen=True)
class WorkaroundRow:
    """A way round that a customer found."""

    id: int
    item_id: int
    text: str
    status: str
    verdict: str
    found_by: str
    decided_by: str
    decided_at: datetime | None
    credited_name: str
    shared_in: int | None


@dataclass(frozen=True)
class EntryRow:
    """A line of the timeline."""

    at: datetime
    kind: str
    text: str
    who: str


@dataclass(frozen=True)
class HeldBack:
    """Somebody whom an update did not reach, and why."""

    item_id: int
    person: str
    why: str


@dataclass(frozen=True)
class IncidentDetail:
    """An incident with everything around it."""

    row: IncidentRow
    calmer_because: str
    calmer_at: datetime | None
    opened_by: str
    acknowledged_by: str
    ended_by: str
    watching_at: datetime | None
    updates: tuple[UpdateRow, ...]
    """The newest first."""
    workarounds: tuple[WorkaroundRow, ...]
    entries: tuple[EntryRow, ...]
    """The oldest first."""
    held_back: tuple[HeldBack, ...]
    latecomers: int
    """People who are linked and were told nothing."""

    @property
    def is_known(self) -> bool:
        return self.row.status in KNOWN_INCIDENTS

    @property
    def is_over(self) -> bool:
        return self.row.status in {IncidentStatus.RESOLVED, IncidentStatus.DISMISSED}


MOST_ENTRIES, MOST_HELD_BACK = 200, 200


def get_detail(work: Work, incident_id: int) -> IncidentDetail:
    """One incident; NotFoundError when there is none."""
    incident = get_incident(work, incident_id)
    row = IncidentRow(**work.session.execute(_ROWS.where(INCIDENT.c.id == incident_id)).mappings().one())
    names = _names(work, {incident.opened_by, incident.acknowledged_by, incident.ended_by})
    known = incident.status in KNOWN_INCIDENTS
    return IncidentDetail(
        row=row,
        calmer_because=incident.calmer_because,
        calmer_at=incident.calmer_at,
        opened_by=names.get(incident.opened_by or 0, ""),
        acknowledged_by=names.get(incident.acknowledged_by or 0, ""),
        ended_by=names.get(incident.ended_by or 0, ""),
        watching_at=incident.watching_at,
        updates=_updates(work, incident_id),
        workarounds=_workarounds(work, incident_id),
        entries=_entries(work, incident_id),
        held_back=_held_back(work, incident_id),
        latecomers=count_latecomers(work, incident_id) if known else 0,
    )


def _names(work: Work, ids: Collection[int | None]) -> dict[int, str]:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {row.id: row.display_name for row in work.session.execute(
        select(User.id, User.display_name).where(User.id.in_(wanted))
    )}  # fmt: skip


def _updates(work: Work, incident_id: int) -> tuple[UpdateRow, ...]:
    rows = work.session.execute(
        select(IncidentUpdate, User.display_name)
        .join(User, User.id == IncidentUpdate.author_user_id)
        .where(IncidentUpdate.incident_id == incident_id)
        .order_by(IncidentUpdate.id.desc())
    ).all()
    counted = count_told(work, [said.id for said, _name in rows])
    return tuple(
        UpdateRow(
            id=said.id, kind=said.kind, text=said.text, author=name, approved_at=said.approved_at,
            is_public=said.is_public, posted_url=said.posted_url, next_at=said.next_at, people=said.people,
            told=counted.get((said.id, ToldStatus.TOLD), 0), waiting=counted.get((said.id, ToldStatus.WAITING), 0),
            held_back=counted.get((said.id, ToldStatus.HELD_BACK), 0),
        )
        for said, name in rows
    )  # fmt: skip


def _workarounds(work: Work, incident_id: int) -> tuple[WorkaroundRow, ...]:
    rows = work.session.execute(
        select(Workaround, FeedbackItem.author_name, FeedbackItem.author_handle, User.display_name)
        .join(FeedbackItem, FeedbackItem.id == Workaround.item_id)
        .outerjoin(User, User.id == Workaround.decided_by)
        .where(Workaround.incident_id == incident_id)
        .order_by(Workaround.id)
    )
    return tuple(
        WorkaroundRow(
            id=found.id, item_id=found.item_id, text=found.text, status=found.status, verdict=found.verdict,
            found_by=name or handle, decided_by=by or "", decided_at=found.decided_at,
            credited_name=found.credited_name, shared_in=found.shared_in,
        )
        for found, name, handle, by in rows
    )  # fmt: skip


def _entries(work: Work, incident_id: int) -> tuple[EntryRow, ...]:
    rows = work.session.execute(
        select(IncidentEntry.at, IncidentEntry.kind, IncidentEntry.text, User.display_name)
        .outerjoin(User, User.id == IncidentEntry.user_id)
        .where(IncidentEntry.incident_id == incident_id)
        .order_by(IncidentEntry.at.desc(), IncidentEntry.id.desc())
        .limit(MOST_ENTRIES)
    ).all()
    return tuple(EntryRow(at, kind, text, name or "") for at, kind, text, name in reversed(rows))


def _held_back(work: Work, incident_id: int) -> tuple[HeldBack, ...]:
    rows = work.session.execute(
        select(TOLD.c.item_id, func.coalesce(CUSTOMER.c.name, ""), ITEM.c.author_name, TOLD.c.why)
        .join(UPDATE, UPDATE.c.id == TOLD.c.update_id)
        .join(ITEM, ITEM.c.id == TOLD.c.item_id)
        .outerjoin(CUSTOMER, CUSTOMER.c.id == ITEM.c.customer_id)
        .where(UPDATE.c.incident_id == incident_id, TOLD.c.status == ToldStatus.HELD_BACK)
        .order_by(TOLD.c.id.desc())
        .limit(MOST_HELD_BACK)
    )
    return tuple(HeldBack(item_id, name or author, why) for item_id, name, author, why in rows)
