"""Messages that go out, as screens show them: how far each is, and those that need a person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from bpm.feedback.models import FeedbackItem, OutboundMessage, OutboundStep
from bpm.feedback.status import MessageState
from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User


@dataclass(frozen=True)
class MessageRow:
    """One message in a list or beside its reply."""

    id: int
    kind: str
    state: MessageState
    held_for: str
    channel: str
    way: str
    to: str
    author: str
    text: str
    item_id: int | None
    reply_id: int | None
    next_at: datetime | None
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    url: str
    public: bool
    copies: tuple[str, ...]
    to_whom: str = ""
    """Name of who said the item."""
    approved_by: str = ""
    """Who approved it, where its author learned."""


@dataclass(frozen=True)
class StepRow:
    """One state that a message came to."""

    at: datetime
    state: MessageState
    why: str
    who: str


def deliveries_of(work: Work, reply_ids: Collection[int]) -> dict[int, MessageRow]:
    """Reply -> the message that carries it."""
    found: dict[int, MessageRow] = {}
    ids = sorted(reply_ids)
    for start in range(0, len(ids), 500):
        rows = _rows(work, OutboundMessage.reply_id.in_(ids[start : start + 500]))
        found |= {row.reply_id: row for row in rows if row.reply_id is not None}
    return found


def list_messages(
    work: Work,
    *,
    states: Collection[MessageState] = (),
    author_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[MessageRow]:
    """Messages, the newest first; of some states, of one author, or all."""
    where: list[ColumnElement[bool]] = [OutboundMessage.state.in_(states)] if states else []
    if author_id is not None:
        where.append(OutboundMessage.author_user_id == author_id)
    if after is not None:
        where.append(OutboundMessage.id < after)
    rows = _rows(work, *where, limit=limit + 1)
    return Page(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def get_message_row(work: Work, message_id: int) -> MessageRow:
    """One message, or NotFoundError."""
    found = _rows(work, OutboundMessage.id == message_id, limit=1)
    if not found:
        raise NotFoundError(_("There is no message %(id)s.") % {"id": message_id})
    return found[0]


def count_messages(work: Work) -> dict[MessageState, int]:
    """State -> how many messages are in it."""
    query = select(OutboundMessage.state, func.count()).group_by(OutboundMessage.state)
    return {row[0]: row[1] for row in work.session.execute(query)}


def steps_of(work: Work, message_id: int) -> tuple[StepRow, ...]:
    """What became of a message, the oldest first."""
    rows = work.session.execute(
        select(OutboundStep.at, OutboundStep.state, OutboundStep.why, User.display_name)
        .outerjoin(User, User.id == OutboundStep.user_id)
        .where(OutboundStep.message_id == message_id)
        .order_by(OutboundStep.id)
    )
    return tuple(StepRow(row.at, row.state, row.why, row.display_name or "") for row in rows)


def _rows(work: Work, *where: ColumnElement[bool], limit: int = 500) -> Sequence[MessageRow]:
    approver = aliased(User)
    query = (
        select(OutboundMessage, User.display_name, FeedbackItem.author_name, approver.display_name)
        .outerjoin(User, User.id == OutboundMessage.author_user_id)
        .outerjoin(FeedbackItem, FeedbackItem.id == OutboundMessage.item_id)
        .outerjoin(approver, approver.id == OutboundMessage.approved_by)
        .where(*where)
        .order_by(OutboundMessage.id.desc())
        .limit(limit)
    )
    return [
        MessageRow(
            row.id, row.kind, row.state, row.held_for, row.channel, row.way, row.to_address, author or "", row.text,
            row.item_id, row.reply_id, row.next_at, row.last_error, row.created_at, row.sent_at, row.url, row.public,
            tuple(row.copies), said_by or "", approver_name or "",
        )
        for row, author, said_by, approver_name in work.session.execute(query)
    ]  # fmt: skip
