"""Visits: whoever showed by a code that an address is theirs; and the links that they tied to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select

from bpm.feedback.models import ContactPoint, Customer, PortalTie, PortalVisit
from bpm.feedback.portal.keys import hash_of
from bpm.foundation.errors import ForbiddenError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class Visitor:
    """Whoever proved an address: `home_id` is the customer whose it is by itself, `customer_id` who that is now."""

    visit_id: int
    point_id: int
    address: str
    home_id: int
    customer_id: int
    expires_at: datetime


def begin_visit(work: Work, point_id: int) -> str:
    """A visit of whoever proved that contact point; the word for its cookie, which is kept nowhere else."""
    word = token_urlsafe(24)
    row = PortalVisit(token_hash=hash_of(word), point_id=point_id, began_at=work.now(), expires_at=work.now() + LASTS)
    work.session.add(row)
    work.session.flush()
    return word


def find_visit(work: Work, word: str) -> Visitor:
    """The visit with that word; ForbiddenError when there is none that lasts."""
    found = work.session.execute(
        select(PortalVisit, ContactPoint)
        .join(ContactPoint, ContactPoint.id == PortalVisit.point_id)
        .join(Customer, Customer.id == ContactPoint.customer_id)
        .where(
            PortalVisit.token_hash == hash_of(word),
            PortalVisit.ended_at.is_(None),
            PortalVisit.expires_at > work.now(),
            ContactPoint.ended_at.is_(None),
            Customer.erased_at.is_(None),
        )
    ).one_or_none()
    if not word or found is None:
        raise ForbiddenError(_("Show first that the address is yours."), remedy=_("Ask for a code."))
    visit, point = found
    home = point.home_id or point.customer_id
    return Visitor(visit.id, point.id, point.value, home, point.customer_id, visit.expires_at)


def end_visit(work: Work, word: str) -> None:
    """Leave; nothing happens when it was over."""
    row = work.session.scalar(select(PortalVisit).where(PortalVisit.token_hash == hash_of(word)))
    if row is not None and row.ended_at is None:
        row.ended_at = work.now()


def tie(work: Work, visitor: Visitor, *, home_id: int, link_id: int) -> None:
    """Put what a private link shows into the list of whoever proved an address and holds the link, too."""
    known = select(PortalTie.id).where(PortalTie.point_id == visitor.point_id, PortalTie.home_id == home_id)
    if home_id != visitor.home_id and work.session.scalar(known) is None:
        work.session.add(PortalTie(point_id=visitor.point_id, home_id=home_id, link_id=link_id, at=work.now()))
