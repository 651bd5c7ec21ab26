"""Automatic messages: of a closed list of kinds, labelled as such, by the same gate and outbox, without an author."""

from dataclasses import replace

from sqlalchemy import select

from bpm import audit
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import OutboundMessage
from bpm.feedback.outbound.gate import judge
from bpm.feedback.outbound.gate.errors import GateError
from bpm.feedback.outbound.gathering import gather
from bpm.feedback.outbound.kinds import labelled, message_kinds
from bpm.feedback.outbound.places import places_of
from bpm.feedback.outbound.states import come_to
from bpm.feedback.outbound.wish import Wish, subject_of, words_of
from bpm.feedback.status import Channel, MessageKind, MessageState
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work


def send_automatic(work: Work, item_id: int, kind: str, text: str, *, key: str, subject: str = "") -> OutboundMessage:
    """Tell the customer of an item something of an automatic kind, in private; one `key` is one message.

    ForbiddenError for a conversation, InvalidInputError for a kind that is none of the list or where nothing sends to
    them in private, GateError when the gate refuses it.
    """
    known = message_kinds().get(kind)
    if known is None:
        kinds = ", ".join(name for name, each in message_kinds().items() if each.automatic)
        remedy = _("Use one of %(kinds)s.") % {"kinds": kinds}
        raise InvalidInputError(_("%(kind)s is no kind of message.") % {"kind": repr(kind)}, remedy=remedy)
    if not known.automatic:
        raise ForbiddenError(
            _("Only a named person can answer a customer."), remedy=_("Draft it and let a person send it.")
        )
    there = work.session.scalar(select(OutboundMessage).where(OutboundMessage.key == key))
    if there is not None:
        return there
    item = get_current(work, item_id)
    place = next((each for each in places_of(work, item).all if each.leaves and not each.public), None)
    if place is None:
        raise InvalidInputError(
            _("Nothing sends to this person in private."), remedy=_("Note an address of theirs, or tell them by hand.")
        )
    wish = Wish(item_id, words_of(text), subject=subject, kind=MessageKind(kind))
    verdict = judge(gather(work, wish, item, place))
    refusals = [each for each in verdict.refusals if each.code != "no_right"]
    if refusals:
        raise GateError(replace(verdict, refusals=tuple(refusals)))
    row = OutboundMessage(
        key=key, kind=MessageKind(kind), item_id=item.id, conversation_id=item.conversation_id,
        customer_id=item.customer_id, channel=place.channel, connector_id=place.connector_id, way=place.way,
        contact_point_id=place.contact_point_id, to_address=place.to[:320], copies=[], public=False, from_name="",
        subject=subject_of(wish, place) if subject or place.channel == Channel.EMAIL else "",
        text=labelled(kind, verdict.text), files=[], answers=dict(place.answers), warned=[],
        state=MessageState.CREATED, created_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    if verdict.hold_until is not None and verdict.hold_because is not None:
        come_to(work, row, MessageState.HELD, verdict.hold_because.text,
                held_for=verdict.hold_because.code, next_at=verdict.hold_until)  # fmt: skip
    else:
        come_to(work, row, MessageState.CREATED, next_at=work.now())
    after = {"message": row.id, "kind": kind, "channel": row.channel, "characters": len(row.text)}
    audit.record(work, "outbound.automatic", feedback_item(item.id), after=after)
    return row
