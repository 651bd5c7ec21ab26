"""Customers as lists and pages show them: addresses, conversations, changes, and their years with us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from bpm.feedback.customers import BY_NAME
from bpm.feedback.models import (
    Consent,
    ContactPoint,
    Conversation,
    ConversationPerson,
    Customer,
    CustomerChange,
    Decision,
    FeedbackItem,
    Reply,
)
from bpm.foundation.db import Page, at_most
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User

UNKNOWN = "unknown"
MOST_CONVERSATIONS, MOST_CHANGES = 50, 50


@dataclass(frozen=True)
class CustomerRow:
    """One customer in a list."""

    id: int
    name: str
    voice: str
    stage: str | None
    items: int
    last_at: datetime | None
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class ConsentRow:
    id: int
    purpose: str
    channel: str
    given_by: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class PointRow:
    """An address of a customer's, with what they agreed to have it used for."""

    id: int
    kind: str
    scope: str
    value: str
    source: str
    created_at: datetime
    ended_at: datetime | None
    shared: bool
    consents: tuple[ConsentRow, ...]


@dataclass(frozen=True)
class ChangeRow:
    """Something that colleagues changed about a customer."""

    id: int
    verb: str
    other_id: int | None
    other: str
    reason: str
    by: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True)
class ConversationRow:
    """A conversation that a customer takes part in."""

    id: int
    role: str
    first_at: datetime
    last_at: datetime
    people: int
    item_id: int | None
    text: str
    channel: str


@dataclass(frozen=True)
class CustomerDetail:
    """A customer with everything but what was said."""

    id: int
    name: str
    voice: str
    preferred_channel: str | None
    stage: str | None
    created_at: datetime
    part_of: int | None
    """The customer whom they are one with, by a person's word."""
    points: tuple[PointRow, ...]
    changes: tuple[ChangeRow, ...]
    conversations: tuple[ConversationRow, ...]


@dataclass(frozen=True)
class YearsEntry:
    """One thing between a customer and us: kind is item, reply or decision."""

    kind: str
    at: datetime
    item_id: int
    text: str
    channel: str
    who: str
    label: str = ""


def list_customers(
    work: Work, *, text: str = "", voice: str = "", stage: str = "", after: int | None = None, limit: int = 50
) -> Page[CustomerRow]:
    """Customers, the newest first, whose name holds the words or whose address begins so."""
    conditions: list[ColumnElement[bool]] = [Customer.merged_into_id.is_(None), Customer.retired_at.is_(None)]
    if words := text.strip().lower():
        has_address = select(ContactPoint.customer_id).where(
            ContactPoint.value.startswith(words.lstrip("@"), autoescape=True)
        )
        named = func.lower(Customer.name).contains(words, autoescape=True)
        conditions.append(or_(named, Customer.id.in_(has_address)))
    if voice:
        conditions.append(Customer.voice == voice)
    if stage:
        conditions.append(Customer.stage.is_(None) if stage == UNKNOWN else Customer.stage == stage)
    if after is not None:
        conditions.append(Customer.id < after)
    found = work.session.execute(
        select(Customer.id, Customer.name, Customer.voice, Customer.stage)
        .where(*conditions)
        .order_by(Customer.id.desc())
        .limit(at_most(limit + 1))
    ).all()
    ids = [row.id for row in found[:limit]]
    said, addresses = _said(work, ids), _addresses(work, ids)
    rows = []
    for row in found[:limit]:
        items, last_at = said.get(row.id, (0, None))
        told = addresses.get(row.id, ())
        rows.append(CustomerRow(row.id, row.name, row.voice, row.stage, items, last_at, told))
    return Page(tuple(rows), rows[-1].id if len(found) > limit else None)


def _said(work: Work, ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    rows = work.session.execute(
        select(FeedbackItem.customer_id, func.count(FeedbackItem.id), func.max(FeedbackItem.placed_at))
        .where(FeedbackItem.customer_id.in_(ids), FeedbackItem.current)
        .group_by(FeedbackItem.customer_id)
    )
    return {row[0] or 0: (row[1], row[2]) for row in rows}


def _addresses(work: Work, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = work.session.execute(
        select(ContactPoint.customer_id, ContactPoint.value)
        .where(ContactPoint.customer_id.in_(ids), ContactPoint.ended_at.is_(None))
        .order_by(ContactPoint.id)
    )
    for customer_id, value in rows:
        found[customer_id] = (*found.get(customer_id, ()), value)[:3]
    return found


def count_stages(work: Work) -> dict[str, int]:
    """Customers by their stage in buying; nobody has to have one: those without count as unknown."""
    rows = work.session.execute(
        select(Customer.stage, func.count())
        .where(Customer.merged_into_id.is_(None), Customer.retired_at.is_(None))
        .group_by(Customer.stage)
    )
    return {stage or UNKNOWN: count for stage, count in rows}


def get_customer_detail(work: Work, customer_id: int) -> CustomerDetail:
    """One customer; NotFoundError when there is none."""
    row = work.session.get(Customer, customer_id)
    if row is None or row.retired_at is not None:
        raise NotFoundError(_("There is no customer %(customer_id)s.") % {"customer_id": customer_id})
    return CustomerDetail(
        row.id, row.name, row.voice, row.preferred_channel, row.stage, row.created_at, row.merged_into_id,
        _points(work, row.id), _changes(work, row.id), conversations_of(work, row.id),
    )  # fmt: skip


def _is_by_name(point: ContactPoint) -> bool:
    return point.scope.startswith(BY_NAME)


def _points(work: Work, customer_id: int) -> tuple[PointRow, ...]:
    points = work.session.scalars(
        select(ContactPoint).where(ContactPoint.customer_id == customer_id).order_by(ContactPoint.id).limit(200)
    ).all()
    consents: dict[int, list[ConsentRow]] = {}
    for row in work.session.scalars(
        select(Consent)
        .where(Consent.contact_point_id.in_([point.id for point in points]))
        .order_by(Consent.given_at.desc())
    ):
        told = ConsentRow(row.id, row.purpose, row.channel, row.given_by, row.given_at, row.withdrawn_at)
        consents.setdefault(row.contact_point_id, []).append(told)
    return tuple(
        PointRow(
            point.id, point.kind, "" if point.ended_at or _is_by_name(point) else point.scope, point.value,
            point.source, point.created_at, point.ended_at,
            _is_by_name(point) or bool(point.evidence.get("shared_with")), tuple(consents.get(point.id, ())),
        )
        for point in points
    )  # fmt: skip


def _changes(work: Work, customer_id: int) -> tuple[ChangeRow, ...]:
    rows = work.session.execute(
        select(CustomerChange, User.display_name, Customer.name)
        .outerjoin(User, User.id == CustomerChange.user_id)
        .outerjoin(Customer, Customer.id == CustomerChange.other_id)
        .where(or_(CustomerChange.customer_id == customer_id, CustomerChange.other_id == customer_id))
        .order_by(CustomerChange.id.desc())
        .limit(MOST_CHANGES)
    )
    return tuple(
        ChangeRow(row.id, row.verb, row.other_id, other or "", row.reason, by or "a process", row.at, row.undone_at)
        for row, by, other in rows
    )


def conversations_of(work: Work, customer_id: int) -> tuple[ConversationRow, ...]:
    """The conversations that a customer takes part in, the newest first, each once; with their newest words."""
    talk = func.coalesce(Conversation.merged_into_id, Conversation.id)
    rows = work.session.execute(
        select(
            talk, func.min(ConversationPerson.role), func.min(ConversationPerson.first_at),
            func.max(ConversationPerson.last_at),
        )
        .join(Conversation, Conversation.id == ConversationPerson.conversation_id)
        .where(ConversationPerson.customer_id == customer_id)
        .group_by(talk)
        .order_by(func.max(ConversationPerson.last_at).desc())
        .limit(MOST_CONVERSATIONS)
    ).all()  # fmt: skip
    ids = [row[0] for row in rows]
    counted = work.session.execute(
        select(
            ConversationPerson.conversation_id,
            func.count(ConversationPerson.customer_id.distinct()) + func.count(ConversationPerson.user_id.distinct()),
        )
        .where(ConversationPerson.conversation_id.in_(ids))
        .group_by(ConversationPerson.conversation_id)
    )
    people = {row[0]: row[1] for row in counted}
    newest = select(func.max(FeedbackItem.id)).where(FeedbackItem.conversation_id.in_(ids), FeedbackItem.current)
    words = {
        row.conversation_id: (row.id, row.text, row.channel)
        for row in work.session.execute(
            select(
                FeedbackItem.conversation_id, FeedbackItem.id, func.substr(FeedbackItem.text, 1, 200).label("text"),
                FeedbackItem.channel,
            ).where(FeedbackItem.id.in_(newest.group_by(FeedbackItem.conversation_id)))
        )
    }  # fmt: skip
    return tuple(
        ConversationRow(row[0], row[1], row[2], row[3], people.get(row[0], 1), *words.get(row[0], (None, "", "")))
        for row in rows
    )


def years_of(
    work: Work, customer_id: int, *, kind: str = "", channel: str = "", before: datetime | None = None, limit: int = 50
) -> tuple[tuple[YearsEntry, ...], datetime | None]:
    """What was between a customer and us, the newest first, and where the next page begins (None at the end).

    What happened at the same instant as the last entry comes with it, so that no page cuts through an instant.
    """
    reads = {"item": _items, "reply": _replies, "decision": _decisions}
    entries: list[YearsEntry] = []
    for name, read in reads.items():
        if kind in ("", name):
            entries += read(work, customer_id, channel, before, limit)
    entries.sort(key=lambda entry: entry.at, reverse=True)
    if len(entries) <= limit:
        return tuple(entries), None
    last = entries[limit - 1].at
    return tuple(entry for entry in entries if entry.at >= last), last


def _items(work: Work, customer_id: int, channel: str, before: datetime | None, limit: int) -> list[YearsEntry]:
    query = select(
        FeedbackItem.placed_at, FeedbackItem.id, FeedbackItem.text, FeedbackItem.channel, FeedbackItem.author_name,
        FeedbackItem.subject,
    ).where(FeedbackItem.customer_id == customer_id, FeedbackItem.current)  # fmt: skip
    query = query.where(FeedbackItem.channel == channel) if channel else query
    query = query.where(FeedbackItem.placed_at < before) if before else query
    rows = work.session.execute(query.order_by(FeedbackItem.placed_at.desc()).limit(at_most(limit + 1)))
    return [YearsEntry("item", *row) for row in rows]


def _replies(work: Work, customer_id: int, channel: str, before: datetime | None, limit: int) -> list[YearsEntry]:
    query = _of(select(Reply.approved_at, Reply.item_id, Reply.text, Reply.channel, User.display_name, Reply.status)
        .join(FeedbackItem, FeedbackItem.id == Reply.item_id)
        .join(User, User.id == Reply.author_user_id), customer_id, Reply.approved_at, before)  # fmt: skip
    query = query.where(Reply.channel == channel) if channel else query
    rows = work.session.execute(query.order_by(Reply.approved_at.desc()).limit(at_most(limit + 1)))
    return [YearsEntry("reply", *row) for row in rows]


def _decisions(work: Work, customer_id: int, channel: str, before: datetime | None, limit: int) -> list[YearsEntry]:
    query = _of(select(Decision.at, Decision.item_id, Decision.reason, FeedbackItem.channel, User.display_name,
        Decision.decision)
        .join(FeedbackItem, FeedbackItem.id == Decision.item_id)
        .outerjoin(User, User.id == Decision.user_id), customer_id, Decision.at, before)  # fmt: skip
    query = query.where(FeedbackItem.channel == channel) if channel else query
    rows = work.session.execute(query.order_by(Decision.at.desc()).limit(at_most(limit + 1)))
    return [YearsEntry("decision", row[0], row[1], row[2], row[3], row[4] or "a process", row[5]) for row in rows]


def _of(query: Any, customer_id: int, at: Any, before: datetime | None) -> Any:
    query = query.where(FeedbackItem.customer_id == customer_id)
    return query.where(at < before) if before else query
