"""What the search finds of this room: items, replies and customers, and who may open them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, exists, false, or_, select, true

from bpm.feedback.models import Classification, ContactPoint, Customer, FeedbackItem, Reply
from bpm.feedback.tones import is_negative, is_positive
from bpm.foundation.db import among
from bpm.foundation.work import Actor, Work
from bpm.identity import Permission, may
from bpm.identity.models import User
from bpm.identity.permissions import ScopeKind
from bpm.search import Document, Source
from bpm.search.words import mark

ITEM, CLAIM, CUSTOMER, REPLY, POINT, USER = (
    cast("Table", each.__table__) for each in (FeedbackItem, Classification, Customer, Reply, ContactPoint, User)
)
URGENT = 2
"""Urgency from which on `is:urgent` finds an item."""

_ITEMS = select(
    *(ITEM.c[name] for name in ("id", "text", "subject", "question", "author_name", "author_handle", "placed_at")),
    *(ITEM.c[name] for name in ("channel", "source", "decision", "answered_at", "distributed_to", "classified_at")),
    *(CLAIM.c[name] for name in ("kinds", "primary", "sentiment", "urgency", "topic")),
    CUSTOMER.c.name.label("customer"),
).select_from(
    ITEM.outerjoin(CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current)).outerjoin(
        CUSTOMER, CUSTOMER.c.id == ITEM.c.customer_id
    )
)


_CURRENT = (ITEM.c.current, ITEM.c.masked.is_not(None))
"""Items that were kept before words were masked are found once theirs are."""
_CURRENT_ITEMS = _ITEMS.where(among(ITEM.c.id, "ids"), *_CURRENT)
_THEMSELVES = (CUSTOMER.c.merged_into_id.is_(None), CUSTOMER.c.retired_at.is_(None))
"""Customers who are no one else by a person's word."""


def _items(work: Work, ids: Sequence[int]) -> Iterator[Document]:
    for row in work.session.execute(_CURRENT_ITEMS, {"ids": list(ids)}):
        is_address = "@" in row.author_handle[1:] or row.author_handle.replace(" ", "").lstrip("+").isdigit()
        names = dict.fromkeys((row.author_name, row.customer or "", "" if is_address else row.author_handle))
        yield Document(
            row.id, row.placed_at, row.subject, " ".join(names), f"{row.text}\n{row.question}",
            row.author_handle if is_address else "", frozenset(_marks(row)),
        )  # fmt: skip


def _marks(row: Any) -> Iterable[str]:
    yield mark("channel", row.channel)
    yield mark("source", row.source)
    for kind, sure in (row.kinds or {}).items():
        if sure >= 0.5 or kind == row.primary:
            yield mark("kind", kind)
    parts = (row.topic or "").split(" / ") if row.topic else []
    for end in range(1, len(parts) + 1):
        yield mark("topic", " / ".join(parts[:end]))
    states = {
        "open": row.decision is None,
        "decided": row.decision is not None,
        "answered": row.answered_at is not None,
        "unanswered": row.answered_at is None,
        "distributed": row.distributed_to is not None,
        "unread": row.classified_at is None,
        "urgent": (row.urgency or 0) >= URGENT,
        "negative": is_negative(row.sentiment),
        "positive": is_positive(row.sentiment),
    }
    for state, holds in states.items():
        if holds:
            yield mark("is", state)


def _replies(work: Work, ids: Sequence[int]) -> Iterator[Document]:
    query = select(
        REPLY.c.id, REPLY.c.text, REPLY.c.channel, REPLY.c.status, REPLY.c.approved_at, REPLY.c.sent_at,
        USER.c.display_name, USER.c.username,
    ).join(USER, USER.c.id == REPLY.c.author_user_id)  # fmt: skip
    for row in work.session.execute(query.where(REPLY.c.id.in_(ids))):
        marks = frozenset({mark("channel", row.channel), mark("is", str(row.status))})
        at = row.sent_at or row.approved_at
        yield Document(row.id, at, who=f"{row.display_name} {row.username}", body=row.text, marks=marks)


def _customers(work: Work, ids: Sequence[int]) -> Iterator[Document]:
    points: dict[int, list[str]] = {}
    told = select(POINT.c.customer_id, POINT.c.value).where(POINT.c.customer_id.in_(ids))
    for customer_id, value in work.session.execute(told):
        points.setdefault(customer_id, []).append(value)
    query = select(CUSTOMER.c.id, CUSTOMER.c.name, CUSTOMER.c.created_at).where(CUSTOMER.c.id.in_(ids), *_THEMSELVES)
    for row in work.session.execute(query):
        yield Document(row.id, row.created_at, row.name, row.name, kept_back=" ".join(points.get(row.id, ())))


def _seen_items(actor: Actor, item_id: ColumnElement[int]) -> ColumnElement[bool]:
    return _feedback(actor, lambda granted: exists().where(ITEM.c.id == item_id, granted))


def _seen_replies(actor: Actor, reply_id: ColumnElement[int]) -> ColumnElement[bool]:
    of_reply = REPLY.c.id == reply_id
    return _feedback(actor, lambda granted: exists().where(of_reply, ITEM.c.id == REPLY.c.item_id, granted))


def _seen_customers(actor: Actor, _customer_id: ColumnElement[int]) -> ColumnElement[bool]:
    return true() if may(actor, Permission.SEE_FEEDBACK) else false()


def _feedback(actor: Actor, within: Any) -> ColumnElement[bool]:
    """All for who reads feedback; else what was granted of it: inboxes by their channel, single conversations."""
    if may(actor, Permission.SEE_FEEDBACK):
        return true()
    granted = [(kind, key) for what, kind, key in actor.scoped if what == str(Permission.SEE_FEEDBACK)]
    channels = [key for kind, key in granted if kind == str(ScopeKind.INBOX)]
    talks = [int(key) for kind, key in granted if kind == str(ScopeKind.CONVERSATION) and key.isdecimal()]
    if not channels and not talks:
        return false()
    return cast("ColumnElement[bool]", within(or_(ITEM.c.channel.in_(channels), ITEM.c.conversation_id.in_(talks))))


def _may_see_addresses(actor: Actor) -> bool:
    return may(actor, Permission.ANSWER)


def item_of_replies(work: Work, reply_ids: Sequence[int]) -> dict[int, tuple[int, str, str]]:
    """Reply -> (its item, its text, its author's name)."""
    query = select(REPLY.c.id, REPLY.c.item_id, REPLY.c.text, USER.c.display_name)
    rows = work.session.execute(query.join(USER, USER.c.id == REPLY.c.author_user_id).where(REPLY.c.id.in_(reply_ids)))
    return {row.id: (row.item_id, row.text, row.display_name) for row in rows}


def names_of_customers(work: Work, customer_ids: Sequence[int]) -> dict[int, str]:
    """Customer -> their name."""
    rows = work.session.execute(select(CUSTOMER.c.id, CUSTOMER.c.name).where(CUSTOMER.c.id.in_(customer_ids)))
    return {row.id: row.name for row in rows}


SEARCHED = (
    Source("item", ITEM.c.id, _items, _seen_items, _may_see_addresses, where=_CURRENT),
    Source("reply", REPLY.c.id, _replies, _seen_replies, lambda _actor: False),
    Source("customer", CUSTOMER.c.id, _customers, _seen_customers, _may_see_addresses, where=_THEMSELVES),
)
"""What this room hands over to be found."""
