"""A conversation as one stream over channels, and who takes part in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, and_, func, select

from bpm.feedback.conversations.board import SILENCE
from bpm.feedback.models import (
    Classification,
    Conversation,
    ConversationLink,
    ConversationPerson,
    Customer,
    Decision,
    Distribution,
    FeedbackItem,
    Reply,
)
from bpm.feedback.queries.item_rows import ItemRow, rows_of, to_row
from bpm.feedback.status import Role
from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User

LONGEST_STREAM = 200
"""Items of a conversation that its stream shows; the newest count."""
MOST_PEOPLE = 200


_BY, _TO, _ENDED = (cast("Table", User.__table__).alias(name) for name in ("by_whom", "to_whom", "ended_by"))


@dataclass(frozen=True)
class Entry:
    """One thing that happened in a conversation.

    `kind` is item, reply, decision, distribution or returned (what was handed over came back); `item_id` the item
    said, answered, decided on or handed over. `item` comes with items, `status` with replies and hand-overs, `label`
    names who got it.
    """

    kind: str
    at: datetime
    item_id: int
    who: str
    text: str
    channel: str = ""
    label: str = ""
    status: str = ""
    reply_id: int | None = None
    item: ItemRow | None = None
    extra: dict[str, Any] | None = None
    episode_id: int | None = None
    link_method: str = ""
    link_confidence: float = 1.0


@dataclass(frozen=True)
class Stream:
    """A conversation's entries, oldest first; `older` items are left out at its beginning."""

    conversation_id: int
    active: bool
    episodes: int
    older: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in a list."""

    id: int
    customer_id: int | None
    started_at: datetime
    last_at: datetime
    active: bool


def list_conversations(
    work: Work, *, customer_id: int | None = None, after: int | None = None, limit: int = 50
) -> Page[ConversationRow]:
    """Conversations, the one begun last first; those that went into another one stand there."""
    talk = Conversation
    query = select(talk).where(talk.merged_into_id.is_(None)).order_by(talk.id.desc()).limit(limit + 1)
    if customer_id is not None:
        query = query.where(talk.customer_id == customer_id)
    if after is not None:
        query = query.where(talk.id < after)
    rows = tuple(
        ConversationRow(each.id, each.customer_id, each.started_at, each.last_at, work.now() - each.last_at <= SILENCE)
        for each in work.session.scalars(query)
    )
    return Page(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def items_in(work: Work, conversation_id: int) -> tuple[int, ...]:
    """Ids of what was said in a conversation, as it is now: the newest ones."""
    here = (FeedbackItem.conversation_id == conversation_id, FeedbackItem.current)
    query = select(FeedbackItem.id).where(*here).order_by(FeedbackItem.id.desc()).limit(500)
    return tuple(work.session.scalars(query))


def conversation_of(work: Work, item_id: int) -> Stream:
    """The stream of the item's conversation, over all channels; NotFoundError when there is no such item."""
    talk_id = work.session.scalar(select(FeedbackItem.conversation_id).where(FeedbackItem.id == item_id))
    if talk_id is None:
        raise NotFoundError(f"There is no conversation of item {item_id}.")
    return stream_of(work, talk_id)


def stream_of(work: Work, conversation_id: int) -> Stream:
    """The stream of a conversation, over all channels; NotFoundError when there is none."""
    talk = work.session.get(Conversation, conversation_id)
    if talk is None:
        raise NotFoundError(_("There is no conversation %(id)s.") % {"id": conversation_id})
    here = and_(FeedbackItem.conversation_id == talk.id, FeedbackItem.current)
    total = work.session.scalar(select(func.count(FeedbackItem.id)).where(here)) or 0
    items = _items(work, talk.id)
    ids = [entry.item_id for entry in items]
    entries = [*items, *_replies(work, talk.id), *_decisions(work, ids), *_distributions(work, talk.id)]
    episodes = work.session.scalar(select(func.count(FeedbackItem.episode_id.distinct())).where(here)) or 0
    return Stream(
        conversation_id=talk.id,
        active=work.now() - talk.last_at <= SILENCE,
        episodes=episodes,
        older=max(0, total - len(items)),
        entries=tuple(sorted(entries, key=lambda entry: entry.at)),
    )


def _items(work: Work, talk_id: int) -> list[Entry]:
    link = and_(ConversationLink.item_id == FeedbackItem.id, ConversationLink.valid_to.is_(None))
    found = work.session.execute(
        rows_of([FeedbackItem.conversation_id == talk_id, FeedbackItem.current])
        .add_columns(ConversationLink.method, ConversationLink.confidence)
        .outerjoin(ConversationLink, link)
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
        .limit(LONGEST_STREAM)
    ).all()
    return [_entry(*each) for each in found]


def _entry(
    item: FeedbackItem, claim: Classification | None, customer: str | None, method: str | None, confidence: float | None
) -> Entry:
    row = to_row(item, claim, customer)
    return Entry(
        kind="item",
        at=item.placed_at,
        item_id=item.id,
        who=row.author,
        text=item.text,
        channel=item.channel,
        label=row.primary or "",
        item=row,
        extra=item.extra,
        episode_id=item.episode_id,
        link_method=method or "",
        link_confidence=1.0 if confidence is None else confidence,
    )


def _said_in(talk_id: int) -> Select[int]:
    """Every version of what was said in it: replies follow the item that they answer, wherever it is moved."""
    return select(FeedbackItem.id).where(FeedbackItem.conversation_id == talk_id)


def _replies(work: Work, talk_id: int) -> list[Entry]:
    found = work.session.execute(
        select(Reply, User.display_name)
        .join(User, User.id == Reply.author_user_id)
        .where(Reply.item_id.in_(_said_in(talk_id)))
        .order_by(Reply.id.desc())
        .limit(LONGEST_STREAM)
    )
    return [
        Entry("reply", row.approved_at, row.item_id, who, row.text, row.channel, status=row.status, reply_id=row.id)
        for row, who in found
    ]


def _decisions(work: Work, item_ids: list[int]) -> list[Entry]:
    found = work.session.execute(
        select(Decision, User.display_name)
        .outerjoin(User, User.id == Decision.user_id)
        .where(Decision.item_id.in_(item_ids))
    )
    return [
        Entry("decision", row.at, row.item_id, who or "a process", row.reason, label=row.decision) for row, who in found
    ]


def _distributions(work: Work, talk_id: int) -> list[Entry]:
    """Hand-overs, and what came back, each at its time."""
    found = work.session.execute(
        select(Distribution, _BY.c.display_name, _TO.c.display_name, _ENDED.c.display_name)
        .outerjoin(_BY, _BY.c.id == Distribution.user_id)
        .outerjoin(_TO, _TO.c.id == Distribution.to_user_id)
        .outerjoin(_ENDED, _ENDED.c.id == Distribution.ended_by)
        .where(Distribution.item_id.in_(_said_in(talk_id)))
        .order_by(Distribution.id.desc())
        .limit(LONGEST_STREAM)
    )
    entries = []
    for row, by, to, ended in found:
        name = to or row.group_key or row.process_key.replace("_", " ")
        told = {"due_at": row.due_at, "case_id": row.case_id, "id": row.id}
        entries.append(Entry("distribution", row.at, row.item_id, by or "a process", row.note, label=name,
                             status=row.status, extra=told))  # fmt: skip
        if row.ended_at is not None:
            entries.append(Entry("returned", row.ended_at, row.item_id, ended or "a process", row.result, label=name,
                                 status=row.status, extra=told | {"outcome": row.outcome}))  # fmt: skip
    return entries


@dataclass(frozen=True)
class PersonRow:
    """Somebody who takes part in a conversation; a customer or a colleague, by their foremost role."""

    name: str
    role: str
    first_at: datetime
    last_at: datetime
    customer_id: int | None = None


def people_of(work: Work, conversation_id: int) -> tuple[PersonRow, ...]:
    """Who takes part in a conversation and in those that were put together with it, who wrote first of all."""
    talks = select(Conversation.id).where(
        (Conversation.id == conversation_id) | (Conversation.merged_into_id == conversation_id)
    )
    rows = work.session.execute(
        select(ConversationPerson, Customer.name, User.display_name)
        .outerjoin(Customer, Customer.id == ConversationPerson.customer_id)
        .outerjoin(User, User.id == ConversationPerson.user_id)
        .where(ConversationPerson.conversation_id.in_(talks))
        .order_by(ConversationPerson.first_at, ConversationPerson.id)
        .limit(MOST_PEOPLE)
    )
    found: dict[tuple[int | None, int | None], PersonRow] = {}
    order = list(Role)
    for part, customer, colleague in rows:
        key = (part.customer_id, part.user_id)
        row = PersonRow(customer or colleague or "", part.role, part.first_at, part.last_at, part.customer_id)
        known = found.get(key)
        if known is None or order.index(part.role) < order.index(Role(known.role)):
            found[key] = row
    return tuple(sorted(found.values(), key=lambda row: (order.index(Role(row.role)), row.first_at)))
