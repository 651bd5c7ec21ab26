"""Where and when a customer likes to be talked to, in their own words."""

from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.feedback.models import ContactWish, Customer
from bpm.feedback.raw_item import CHANNELS
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work


@dataclass(frozen=True)
class Wish:
    """On which channel, between which hours of their own day (None: any), and what they add."""

    channel: str
    from_hour: int | None = None
    until_hour: int | None = None
    note: str = ""


def say_wish(work: Work, customer_id: int, wish: Wish) -> None:
    """Keep it in place of what was said before; the channel becomes the one that we prefer for them."""
    hours = (wish.from_hour, wish.until_hour)
    if wish.channel not in CHANNELS:
        raise InvalidInputError(
            _("Choose one of the list."), remedy=_("Choose one."), fields={"channel": _("Choose one of the list.")}
        )
    if any(each is not None and not 0 <= each <= 24 for each in hours):
        raise InvalidInputError(
            _("Hours go from 0 to 24."), remedy=_("Write them so."), fields={"hours": _("Hours go from 0 to 24.")}
        )
    row = work.session.scalar(select(ContactWish).where(ContactWish.customer_id == customer_id))
    customer = work.session.get_one(Customer, customer_id)
    before = {"channel": customer.preferred_channel}
    if row is None:
        row = ContactWish(customer_id=customer_id, channel=wish.channel, said_at=work.now())
        work.session.add(row)
    row.channel, row.note, row.said_at = wish.channel, wish.note.strip()[:400], work.now()
    row.from_hour, row.until_hour = hours
    customer.preferred_channel = wish.channel
    thing = audit.Thing("customer", customer_id, f"Customer {customer_id}")
    after = {"channel": wish.channel, "from": wish.from_hour, "until": wish.until_hour}
    audit.record(work, "portal.wish", thing, before=before, after=after)


def wish_of(work: Work, customer_id: int) -> Wish | None:
    """What they said last; None when they said nothing."""
    row = work.session.scalar(select(ContactWish).where(ContactWish.customer_id == customer_id))
    return Wish(row.channel, row.from_hour, row.until_hour, row.note) if row else None
