"""A chance to sell is followed only when what the customer came with is settled, and with their consent."""

from dataclasses import dataclass

from sqlalchemy import exists, select

from bpm.feedback import Taker
from bpm.feedback.items import get_current
from bpm.feedback.models import Classification, Consent, ContactPoint, Distribution, FeedbackItem
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.handing_over.handing_over import Order, hand_over
from bpm.processes.handing_over.open_work import open_below

OFFERS = "offers"
"""The purpose of consent that following one needs."""
TROUBLE = ("complaint", "outage_report", "cancellation")
"""Kinds that have to be settled first."""


@dataclass(frozen=True)
class Standing:
    """Whether a chance may be followed now; else why not."""

    is_open: bool
    why_not: str = ""


def may_follow(*, troubles_open: int, work_open: int, has_consent: bool) -> Standing:
    """First the matter, then the consent, then the sale. Pure."""
    if troubles_open:
        return Standing(is_open=False, why_not=_("A complaint of theirs in this conversation is not settled yet."))
    if work_open:
        return Standing(is_open=False, why_not=_("Work for them is still open."))
    if not has_consent:
        return Standing(is_open=False, why_not=_("They have not agreed to offers."))
    return Standing(is_open=True)


def standing_of(work: Work, item_id: int) -> Standing:
    """Whether a chance on this item may be followed now."""
    item = get_current(work, item_id)
    agreed = (
        exists()
        .where(Consent.contact_point_id == ContactPoint.id, ContactPoint.customer_id == item.customer_id)
        .where(Consent.purpose == OFFERS, Consent.withdrawn_at.is_(None))
    )
    has_consent = item.customer_id is not None and bool(work.session.scalar(select(agreed)))
    return may_follow(
        troubles_open=_open_troubles(work, item), work_open=len(open_below(work, item.id)), has_consent=has_consent
    )


def follow(work: Work, item_id: int, taker: Taker, *, what: str) -> Distribution:
    """Hand the chance to who sells (a process, group or person); ConflictError says why it is too early."""
    said = what.strip()
    if not said:
        say = _("Say what they could use.")
        raise InvalidInputError(_("Nothing was handed on."), remedy=say, fields={"what": say})
    standing = standing_of(work, item_id)
    if not standing.is_open:
        settle = _("Settle what they came with, then ask them whether they want it.")
        raise ConflictError(standing.why_not, remedy=settle)
    note = _("A chance, with their consent: %(what)s") % {"what": said}
    (row,) = hand_over(work, item_id, Order((taker,), note=note))
    return row


def _open_troubles(work: Work, item: FeedbackItem) -> int:
    """Items of trouble in the conversation on which nobody has decided; of one in none, the item itself."""
    here = (
        FeedbackItem.id == item.id
        if item.conversation_id is None
        else FeedbackItem.conversation_id == item.conversation_id
    )
    query = (
        select(FeedbackItem.id)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(here, FeedbackItem.current, FeedbackItem.decision.is_(None), Classification.primary.in_(TROUBLE))
    )
    return len(work.session.scalars(query.limit(5)).all())
