"""What a person does with a message that is under way: take it back, send it again, say what became of it."""

from typing import Any

from sqlalchemy import select, update

from bpm import audit
from bpm.feedback.models import OutboundMessage, Reply, ReplyInWriting
from bpm.feedback.outbound.states import come_to
from bpm.feedback.promises import drop_promises_of
from bpm.feedback.status import FAILED, GOES_BY_ITSELF, MessageState
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.identity import Permission, demand
from bpm.identity.models import User
from bpm.search import Changed

NEEDS_A_PERSON = frozenset({*FAILED, MessageState.PERHAPS_SENT})


def get_message(work: Work, message_id: int) -> OutboundMessage:
    """The message, or NotFoundError."""
    row = work.session.get(OutboundMessage, message_id)
    if row is None:
        raise NotFoundError(_("There is no message %(id)s.") % {"id": message_id})
    return row


def message_of(work: Work, reply_id: int) -> OutboundMessage:
    """The message that carries a reply, or NotFoundError."""
    row = work.session.scalar(select(OutboundMessage).where(OutboundMessage.reply_id == reply_id))
    if row is None:
        raise NotFoundError(_("There is no reply %(id)s.") % {"id": reply_id})
    return row


def withdraw(work: Work, message_id: int) -> OutboundMessage:
    """Take a message back that has not left; its words are the author's draft again. ConflictError when it has.

    Whoever wrote it may, and whoever may answer customers: they get the words of an author who is switched off.
    """
    row = get_message(work, message_id)
    if row.author_user_id is None or row.author_user_id != work.actor.user_id:
        demand(work.actor, Permission.ANSWER)
    _turn(work, row, GOES_BY_ITSELF | FAILED | {MessageState.BY_HAND}, "outbound.withdraw", MessageState.WITHDRAWN,
          next_at=None, ended_at=work.now())  # fmt: skip
    reply = work.session.get(Reply, row.reply_id) if row.reply_id is not None else None
    if reply is not None:
        row.reply_id = None
        drop_promises_of(work, reply.id)
        work.session.flush()
        work.session.delete(reply)
        work.publish(Changed("reply", (reply.id,)))
        work.publish(Changed("item", (reply.item_id,)))
    _write_back(work, row)
    work.session.flush()
    return row


def _write_back(work: Work, row: OutboundMessage) -> None:
    if row.item_id is None or row.author_user_id is None:
        return
    author = work.session.get_one(User, row.author_user_id)
    writer = author.id if author.active or work.actor.user_id is None else work.actor.user_id
    kept = work.session.scalar(
        select(ReplyInWriting).where(ReplyInWriting.item_id == row.item_id, ReplyInWriting.user_id == writer)
    )
    if kept is None:
        written = {"text": row.text, "subject": row.subject}
        work.session.add(ReplyInWriting(item_id=row.item_id, user_id=writer, written=written, at=work.now()))


def send_again(work: Work, message_id: int) -> OutboundMessage:
    """Send now what failed, waits or perhaps went; ConflictError for any other."""
    demand(work.actor, Permission.ANSWER)
    row = get_message(work, message_id)
    _turn(work, row, GOES_BY_ITSELF | NEEDS_A_PERSON, "outbound.send_again", MessageState.CREATED,
          next_at=work.now(), attempts=0, held_for="", ended_at=None, sent_at=None)  # fmt: skip
    return row


def say_it_was_said(work: Work, message_id: int) -> OutboundMessage:
    """Write down that it was said by hand, or that it arrived although nobody could tell; twice changes nothing."""
    demand(work.actor, Permission.ANSWER)
    row = get_message(work, message_id)
    if row.state == MessageState.SAID_BY_HAND:
        return row
    _turn(work, row, NEEDS_A_PERSON | {MessageState.BY_HAND}, "outbound.said_by_hand", MessageState.SAID_BY_HAND,
          next_at=None, ended_at=work.now())  # fmt: skip
    return row


def _turn(
    work: Work, row: OutboundMessage, among: frozenset[MessageState], verb: str, to: MessageState, **values: Any
) -> None:
    """From one of these states to another; of two who want it, and of a person and the worker, one is first."""
    before = row.state
    first = update(OutboundMessage).where(OutboundMessage.id == row.id, OutboundMessage.state.in_(among))
    if affected(work, first.values(state=to)) != 1:
        raise ConflictError(
            _("This message is %(state)s.") % {"state": str(before).replace("_", " ")},
            remedy=_("Nothing was changed. Look at it again."),
        )
    work.session.refresh(row)
    come_to(work, row, to, **values)
    thing = audit.Thing("message", row.id, f"Message {row.id}", f"feedback {row.item_id}" if row.item_id else "")
    audit.record(work, verb, thing, before={"state": before}, after={"state": to})
