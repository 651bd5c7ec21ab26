"""A conversation as one stream over channels, and the refresher on top of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from bpm.feedback.conversations.conversations import SILENCE
from bpm.feedback.models import (
    Classification,
    Conversation,
    ConversationLink,
    Decision,
    Distribution,
    FeedbackItem,
    Reply,
)
from bpm.feedback.queries.item_rows import ItemRow, rows_of, to_row
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work
from bpm.identity.models import User

LONGEST_STREAM = 200
"""Items of a conversation that its stream shows; the newest count."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened in a conversation.

    `kind` is item, reply, decision or distribution; `item_id` the item said, answered or decided on. `item` comes
    with items, `status` with replies (kept, sent), `note` says how surely an item belongs here.
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
class RefresherLine:
    """One line to remember by; it quotes its source and leads there."""

    label: str
    text: str
    at: datetime
    item_id: int
    reply_id: int | None = None


@dataclass(frozen=True)
class Refresher:
    """A conversation in a few lines, all taken from it word for word."""

    first_at: datetime
    items: int
    channels: tuple[str, ...]
    exchange: tuple[RefresherLine, ...]
    """Per channel: what the customer said last, and what we answered last."""
    open: tuple[RefresherLine, ...]
    """What nobody has decided on yet, the oldest first."""
    topics: tuple[RefresherLine, ...]
    people: tuple[RefresherLine, ...]
    """Colleagues who answered, with their last words."""


def conversation_of(work: Work, item_id: int) -> Stream:
    """The stream of the item's conversation, over all channels; NotFoundError when there is no such item."""
    talk_id = work.session.scalar(select(FeedbackItem.conversation_id).where(FeedbackItem.id == item_id))
    talk = work.session.get(Conversation, talk_id) if talk_id is not None else None
    if talk is None:
        raise NotFoundError(f"There is no conversation of item {item_id}.")
    here = and_(FeedbackItem.conversation_id == talk.id, FeedbackItem.current)
    total = work.session.scalar(select(func.count(FeedbackItem.id)).where(here)) or 0
    items = _items(work, talk.id)
    ids = [entry.item_id for entry in items]
    entries = [*items, *_replies(work, talk.id), *_decisions(work, ids), *_distributions(work, ids)]
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


def _distributions(work: Work, item_ids: list[int]) -> list[Entry]:
    found = work.session.execute(
        select(Distribution, User.display_name)
        .outerjoin(User, User.id == Distribution.user_id)
        .where(Distribution.item_id.in_(item_ids))
    )
    return [
        Entry("distribution", row.at, row.item_id, who or "a process", row.note, label=row.group_key)
        for row, who in found
    ]


def refresher(work: Work, conversation_id: int) -> Refresher:
    """The conversation in a few lines; NotFoundError when there is none."""
    talk = work.session.get(Conversation, conversation_id)
    if talk is None:
        raise NotFoundError(f"There is no conversation {conversation_id}.")
    here = and_(FeedbackItem.conversation_id == conversation_id, FeedbackItem.current)
    channels = {
        channel: (number, newest)
        for channel, number, newest in work.session.execute(
            select(FeedbackItem.channel, func.count(FeedbackItem.id), func.max(FeedbackItem.placed_at))
            .where(here)
            .group_by(FeedbackItem.channel)
        )
    }
    order = sorted(channels, key=lambda channel: channels[channel][1], reverse=True)
    answers = _last_answers(work, conversation_id)
    exchange: list[RefresherLine] = []
    for channel in order:
        newest = _newest(work, conversation_id, channel)
        exchange += [newest] if newest else []
        exchange += [line for line in answers if line.label == f"we, {channel}"]
    return Refresher(
        first_at=talk.started_at,
        items=sum(number for number, _ in channels.values()),
        channels=tuple(order),
        exchange=tuple(exchange),
        open=_open(work, conversation_id),
        topics=_topics(work, conversation_id),
        people=_people(work, conversation_id),
    )


def _newest(work: Work, talk_id: int, channel: str) -> RefresherLine | None:
    row = work.session.execute(
        select(FeedbackItem.text, FeedbackItem.placed_at, FeedbackItem.id)
        .where(FeedbackItem.conversation_id == talk_id, FeedbackItem.current, FeedbackItem.channel == channel)
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
        .limit(1)
    ).one_or_none()
    return RefresherLine(f"customer, {channel}", row[0], row[1], row[2]) if row else None


def _last_answers(work: Work, talk_id: int) -> list[RefresherLine]:
    newest = select(func.max(Reply.id)).where(Reply.item_id.in_(_said_in(talk_id))).group_by(Reply.channel)
    rows = work.session.scalars(select(Reply).where(Reply.id.in_(newest)))
    return [RefresherLine(f"we, {row.channel}", row.text, row.approved_at, row.item_id, row.id) for row in rows]


def _open(work: Work, talk_id: int) -> tuple[RefresherLine, ...]:
    rows = work.session.execute(
        select(FeedbackItem.channel, FeedbackItem.text, FeedbackItem.placed_at, FeedbackItem.id)
        .where(FeedbackItem.conversation_id == talk_id, FeedbackItem.current, FeedbackItem.decision.is_(None))
        .order_by(FeedbackItem.placed_at)
        .limit(3)
    )
    return tuple(RefresherLine(*row) for row in rows)


def _topics(work: Work, talk_id: int) -> tuple[RefresherLine, ...]:
    newest = (
        select(func.max(FeedbackItem.id))
        .join(Classification, and_(Classification.item_id == FeedbackItem.id, Classification.current))
        .where(FeedbackItem.conversation_id == talk_id, FeedbackItem.current, Classification.topic.is_not(None))
        .group_by(Classification.topic)
    )
    rows = work.session.execute(
        select(Classification.topic, FeedbackItem.text, FeedbackItem.placed_at, FeedbackItem.id)
        .join(Classification, and_(Classification.item_id == FeedbackItem.id, Classification.current))
        .where(FeedbackItem.id.in_(newest))
        .order_by(FeedbackItem.placed_at.desc())
        .limit(5)
    )
    return tuple(RefresherLine(row[0] or "", row[1], row[2], row[3]) for row in rows)


def _people(work: Work, talk_id: int) -> tuple[RefresherLine, ...]:
    newest = select(func.max(Reply.id)).where(Reply.item_id.in_(_said_in(talk_id))).group_by(Reply.author_user_id)
    rows = work.session.execute(
        select(User.display_name, Reply).join(User, User.id == Reply.author_user_id).where(Reply.id.in_(newest))
    )
    return tuple(RefresherLine(name, row.text, row.approved_at, row.item_id, row.id) for name, row in rows)
