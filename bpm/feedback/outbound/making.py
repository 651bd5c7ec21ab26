"""Makes the message of a wish that came through the gate, with the reply that stands in the conversation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from bpm import audit, mail
from bpm.feedback.conversations.participants import Part, note_parts
from bpm.feedback.events import ReplySent
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import FeedbackItem, OutboundMessage, Reply, ReplyInWriting, ReplyTemplate
from bpm.feedback.outbound.gate import Verdict, edit_distance, judge
from bpm.feedback.outbound.gate.errors import GateError
from bpm.feedback.outbound.gathering import gather
from bpm.feedback.outbound.kinds import message_kinds
from bpm.feedback.outbound.places import places_of
from bpm.feedback.outbound.states import come_to
from bpm.feedback.outbound.wish import BY_HAND, Place, Places, Wish, subject_of, words_of
from bpm.feedback.status import Channel, MessageState, ReplyStatus, Role
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Work
from bpm.identity import Permission, Scope, demand, list_groups
from bpm.search import Changed

UNDO = timedelta(seconds=10)
"""How long a message can be taken back before it leaves."""


@dataclass(frozen=True)
class Look:
    """Where it can go, where it would go, and what the gate says of it."""

    places: Places
    place: Place
    verdict: Verdict


def look(work: Work, wish: Wish, *, on: Scope | None = None) -> Look:
    """What would become of a wish; nothing is written. `on`: what the right to answer may be limited to."""
    item = get_current(work, wish.item_id)
    places = places_of(work, item)
    place = places.get(wish.place) or places.all[0]
    return Look(places, place, judge(gather(work, wish, item, place, on=on)))


def send(work: Work, wish: Wish, *, on: Scope | None = None) -> OutboundMessage:
    """Send what a person wants to say to the customer of an item, in that person's name.

    It is held for some seconds, then the worker sends it; where no channel sends, it waits to be said by hand.
    ForbiddenError unless a person with the right to answer acts, everywhere or `on` that thing: no process, token or
    machine speaks to customers.
    GateError when the gate refuses it, or warns of something that is not in `confirmed`.
    """
    if message_kinds()[wish.kind].automatic:
        raise InvalidInputError(_("An automatic message has no author."), remedy=_("Use send_automatic for it."))
    if work.actor.user_id is None:
        raise ForbiddenError(
            _("Only a named person can answer a customer."), remedy=_("Draft it and let a person send it.")
        )
    demand(work.actor, Permission.ANSWER, on=on)
    return _known(work, wish) or _once(work, wish, lambda: _send(work, wish, work.actor, on=on))


def send_approved(work: Work, wish: Wish, author: Actor) -> OutboundMessage:
    """Send what a learner wrote, in their name and with the approval of who acts: their mentor, who has the right."""
    demand(work.actor, Permission.ANSWER)
    return _known(work, wish) or _once(work, wish, lambda: _send(work, wish, author, approved_by=work.actor.user_id))


def check(work: Work, wish: Wish) -> Verdict:
    """What the gate says of words that only a mentor's approval keeps back; GateError for all else that it refuses."""
    item = get_current(work, wish.item_id)
    verdict = judge(gather(work, replace(wish, text=words_of(wish.text)), item, _place(work, item, wish)))
    if not verdict.waits_for_mentor or verdict.unconfirmed(wish.confirmed):
        raise GateError(verdict, wish.confirmed)
    return verdict


def _send(
    work: Work, wish: Wish, author: Actor, *, approved_by: int | None = None, on: Scope | None = None
) -> OutboundMessage:
    text = words_of(wish.text)
    item = get_current(work, wish.item_id)
    if item.conversation_id is None:
        raise ConflictError(_("The item is in no conversation yet."), remedy=_("Try again in a moment."))
    place = _place(work, item, wish)
    told = author if approved_by is not None else None
    verdict = judge(gather(work, replace(wish, text=text), item, place, author=told, on=on))
    if verdict.refusals or verdict.unconfirmed(wish.confirmed):
        raise GateError(verdict, wish.confirmed)
    return _make(work, wish, item, place, verdict, author, approved_by)


def _known(work: Work, wish: Wish) -> OutboundMessage | None:
    """The message of that key; ConflictError where it is about something else."""
    row = work.session.scalar(select(OutboundMessage).where(OutboundMessage.key == wish.key)) if wish.key else None
    if row is not None and row.item_id != wish.item_id:
        raise ConflictError(_("This key stands for another message."), remedy=_("Send it under a key of its own."))
    return row


def _once(work: Work, wish: Wish, make: Callable[[], OutboundMessage]) -> OutboundMessage:
    """What is made under a key; where another process was first at the same instant, its message."""
    if not wish.key:
        return make()
    try:
        with work.session.begin_nested():
            return make()
    except IntegrityError:
        known = _known(work, wish)
        if known is None:
            raise
        return known


def _place(work: Work, item: FeedbackItem, wish: Wish) -> Place:
    place = places_of(work, item).get(wish.place)
    if place is None:
        raise InvalidInputError(
            _("This address is not the customer's any more."),
            remedy=_("Choose where to answer."),
            fields={"place": _("Choose where to answer.")},
        )
    return place


def _make(
    work: Work, wish: Wish, item: FeedbackItem, place: Place, verdict: Verdict, author: Actor, approved_by: int | None
) -> OutboundMessage:
    assert item.conversation_id is not None  # noqa: S101 (whoever calls has looked)
    now, drafted, begun = work.now(), _drafted(work, wish), _begun(work, wish, place, verdict)
    reply = Reply(
        item_id=item.id,
        conversation_id=item.conversation_id,
        author_user_id=author.user_id,
        approved_at=now,
        text=verdict.text,
        channel=place.channel,
        status=ReplyStatus.KEPT,
    )
    work.session.add(reply)
    work.session.flush()
    row = OutboundMessage(
        key=wish.key or f"reply {reply.id} {uuid4().hex}",
        kind=wish.kind,
        author_user_id=author.user_id,
        approved_at=now,
        approved_by=approved_by,
        item_id=item.id,
        conversation_id=item.conversation_id,
        customer_id=item.customer_id,
        reply_id=reply.id,
        channel=place.channel,
        connector_id=place.connector_id,
        way=place.way,
        contact_point_id=place.contact_point_id,
        to_address=place.to[:320],
        copies=list(wish.copies),
        public=place.public,
        from_name=author.display_name,
        from_address=_identity(work, wish, place, author),
        subject=subject_of(wish, place),
        text=verdict.text,
        answers=dict(place.answers),
        files=list(wish.files),
        provenance=wish.provenance,
        template_id=wish.template_id,
        drafted=drafted,
        edit_distance=edit_distance(drafted, verdict.text) if drafted else None,
        canned=verdict.canned,
        warned=sorted(each.code for each in verdict.warnings),
        state=begun.state,
        created_at=now,
        **begun.values,
    )
    work.session.add(row)
    work.session.flush()
    come_to(work, row, begun.state, begun.why, **begun.values)
    _forget_written(work, item, author)
    _note(work, row, reply, item)
    return row


def _drafted(work: Work, wish: Wish) -> str:
    template = work.session.get(ReplyTemplate, wish.template_id) if wish.template_id is not None else None
    return template.text if template is not None else wish.drafted


def _identity(work: Work, wish: Wish, place: Place, author: Actor) -> str:
    """The address that a mail is sent as: one that the author may use."""
    if place.channel != Channel.EMAIL or not place.leaves:
        return ""
    known = [each.address for each in work.once(identities_of, author)]
    if wish.identity and wish.identity not in known:
        remedy = _("Choose one of your teams' addresses.")
        raise InvalidInputError(_("You may not write as %(address)s.") % {"address": wish.identity}, remedy=remedy)
    return wish.identity or next(iter(known), "")


def identities_of(work: Work, author: Actor | None = None) -> list[mail.Sender]:
    """The addresses that the author (else who acts) may write as, their teams' first."""
    groups = (author or work.actor).groups
    mine = {group.id for group in list_groups(work) if group.key in groups}
    return mail.senders_for(work, mine)


@dataclass(frozen=True)
class _Begun:
    """The first state of a message, why, and what is set with it."""

    state: MessageState
    why: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def _begun(work: Work, wish: Wish, place: Place, verdict: Verdict) -> _Begun:
    """By hand, held for a while, or at once."""
    now = work.now()
    if place.way == BY_HAND:
        return _Begun(MessageState.BY_HAND)
    if verdict.hold_until is not None and verdict.hold_because is not None:
        values = {"held_for": verdict.hold_because.code, "next_at": verdict.hold_until}
        return _Begun(MessageState.HELD, verdict.hold_because.text, values)
    if wish.send_at is not None and wish.send_at > now:
        return _Begun(MessageState.HELD, values={"held_for": "later", "next_at": wish.send_at})
    if wish.at_once:
        return _Begun(MessageState.CREATED, values={"next_at": now})
    return _Begun(MessageState.HELD, values={"held_for": "undo", "next_at": now + UNDO})


def _forget_written(work: Work, item: FeedbackItem, author: Actor) -> None:
    mine = (ReplyInWriting.item_id == item.id, ReplyInWriting.user_id == author.user_id)
    work.session.execute(delete(ReplyInWriting).where(*mine))


def _note(work: Work, row: OutboundMessage, reply: Reply, item: FeedbackItem) -> None:
    note_parts(work, [Part(reply.conversation_id, Role.AGENT, work.now(), user_id=row.author_user_id)])
    after = {
        "reply": reply.id, "message": row.id, "channel": row.channel, "state": row.state,
        "characters": len(row.text), "warned": row.warned,
    }  # fmt: skip
    if row.approved_by is not None:
        after |= {"author": row.from_name, "approved_by": work.actor.display_name}
    audit.record(work, "feedback.reply", feedback_item(item.id), before={"reply": None}, after=after)
    work.publish(ReplySent(item.id, reply.id))
    work.publish(Changed("item", (item.id,)))
    work.publish(Changed("reply", (reply.id,)))
    work.nudge("feedback")
