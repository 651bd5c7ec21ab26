"""How a message comes from one state to another: each change is written down with its reason, and the reply follows."""

from datetime import datetime
from typing import Any

from bpm.feedback.conversations.answered import note_answers
from bpm.feedback.conversations.threads import name_thread
from bpm.feedback.events import ReplyLeft
from bpm.feedback.models import FeedbackItem, OutboundMessage, OutboundStep, Reply
from bpm.feedback.outbound.telling import tell_author
from bpm.feedback.status import LEFT, Channel, MessageState, ReplyStatus
from bpm.foundation.work import Work
from bpm.search import Changed


def come_to(work: Work, row: OutboundMessage, state: MessageState, why: str = "", **values: Any) -> None:
    """Set the state and what else changes with it; whoever calls has made sure that the message is still theirs."""
    was_in_trouble = bool(row.last_error)
    row.state = state
    for name, value in values.items():
        setattr(row, name, value)
    if state in LEFT:
        row.sent_at = row.sent_at or work.now()
    step = OutboundStep(
        message_id=row.id, at=work.now(), state=state, why=why[:2000], user_id=work.actor.user_id
    )  # fmt: skip
    work.session.add(step)
    work.session.flush()
    item = work.session.get(FeedbackItem, row.item_id) if state in LEFT and row.item_id is not None else None
    if state != MessageState.SENDING:  # on its way it is what it was before
        follow(work, row)
    tell_author(work, row, was_in_trouble=was_in_trouble)
    _name(work, row, item)
    work.nudge("outbound")
    work.nudge("feedback")


def _name(work: Work, row: OutboundMessage, item: FeedbackItem | None) -> None:
    """What answers a message that left belongs to its conversation; a Message-ID holds over all sources."""
    if row.remote_id and item is not None and item.conversation_id is not None:
        is_there = row.connector_id is not None or item.channel == Channel.EMAIL
        name_thread(work, item.conversation_id, source=item.source if is_there else "mail", key=row.remote_id)


def follow(work: Work, row: OutboundMessage) -> None:
    """The reply that the message carries is sent when the customer can have it, and only then."""
    reply = work.session.get(Reply, row.reply_id) if row.reply_id is not None else None
    if reply is None:
        return
    left: datetime | None = row.sent_at if row.state in LEFT else None
    if (reply.sent_at, reply.status) == (left, ReplyStatus.SENT if left else ReplyStatus.KEPT):
        return
    reply.sent_at, reply.status = left, ReplyStatus.SENT if left else ReplyStatus.KEPT
    note_answers(work, [reply.item_id])
    work.publish(Changed("reply", (reply.id,)))
    if left is not None:
        work.publish(ReplyLeft(reply.item_id, reply.id))
