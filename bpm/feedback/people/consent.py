"""What people agreed to have an address used for, and when they took it back."""

from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.feedback.models import Consent, ContactPoint
from bpm.feedback.raw_item import CHANNELS
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

PURPOSES = ("service", "survey", "offers", "research", "public quote")
"""What an address may be used for beyond an answer to what was asked."""


def give_consent(
    work: Work, point_id: int, *, purpose: str, channel: str, given_by: str, given_at: datetime | None = None
) -> int:
    """Write down that somebody agreed: for what, on which channel, from what it is known, since when (now).

    InvalidInputError for another purpose or channel, or without from what it is known; ConflictError when it stands.
    """
    demand(work.actor, Permission.ANSWER)
    point = work.session.get(ContactPoint, point_id)
    if point is None:
        raise NotFoundError(_("There is no address %(point_id)s.") % {"point_id": point_id})
    _check(purpose, channel, given_by)
    if _standing(work, point_id, purpose, channel) is not None:
        raise ConflictError(_("This is agreed already."), remedy=_("Withdraw it first to write it down anew."))
    row = Consent(
        contact_point_id=point.id, purpose=purpose, channel=channel, given_by=given_by.strip()[:2000],
        given_at=given_at or work.now(), noted_by=work.actor.user_id,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    after = {"purpose": purpose, "channel": channel, "from": row.given_by}
    thing = audit.Thing("customer", point.customer_id, f"Customer {point.customer_id}")
    audit.record(work, "consent.give", thing, after=after)
    return row.id


def _check(purpose: str, channel: str, given_by: str) -> None:
    if purpose not in PURPOSES:
        raise InvalidInputError(
            _("%(purpose)r is no purpose.") % {"purpose": purpose},
            place="purpose",
            remedy=_("Use one of %(known)s.") % {"known": ", ".join(PURPOSES)},
        )
    if channel not in CHANNELS:
        raise InvalidInputError(
            _("%(channel)r is no channel.") % {"channel": channel},
            place="channel",
            remedy=_("Use one of %(known)s.") % {"known": ", ".join(CHANNELS)},
        )
    if not given_by.strip():
        raise InvalidInputError(
            _("From what is it known?"), place="given_by", remedy=_("Name the form, call or letter.")
        )


def withdraw_consent(work: Work, consent_id: int) -> Consent:
    """Write down that somebody took it back now; ConflictError when they had."""
    demand(work.actor, Permission.ANSWER)
    row = work.session.get(Consent, consent_id)
    if row is None:
        raise NotFoundError(_("There is no consent %(consent_id)s.") % {"consent_id": consent_id})
    if row.withdrawn_at is not None:
        raise ConflictError(_("This was withdrawn already."), remedy=_("Look at the customer again."))
    row.withdrawn_at = work.now()
    point = work.session.get_one(ContactPoint, row.contact_point_id)
    thing = audit.Thing("customer", point.customer_id, f"Customer {point.customer_id}")
    audit.record(work, "consent.withdraw", thing, before={"purpose": row.purpose, "channel": row.channel})
    return row


def is_agreed(work: Work, point_id: int, *, purpose: str, channel: str) -> bool:
    """Whether an address may be used for that now."""
    return _standing(work, point_id, purpose, channel) is not None


def _standing(work: Work, point_id: int, purpose: str, channel: str) -> int | None:
    return work.session.scalar(
        select(Consent.id).where(
            Consent.contact_point_id == point_id,
            Consent.purpose == purpose,
            Consent.channel == channel,
            Consent.withdrawn_at.is_(None),
        )
    )
