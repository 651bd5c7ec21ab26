"""Where the customer of an item can be answered: where it was said, at their own addresses, or by hand."""

from dataclasses import asdict

from sqlalchemy import select

from bpm.feedback import connectors
from bpm.feedback.connectors import Way
from bpm.feedback.models import ContactPoint, Customer, FeedbackItem
from bpm.feedback.outbound.wish import BY_HAND, MAIL, Place, Places
from bpm.feedback.status import Channel, ContactKind
from bpm.foundation.texts import _
from bpm.foundation.work import Work

PUBLIC = frozenset({Channel.SOCIAL, Channel.REVIEW})
"""Channels where everybody reads along, unless a message there says that it is private."""
PRIVATE = frozenset({"direct", "private"})
"""What a post says of itself that only those named in it can read."""
MOST_ADDRESSES = 20


def places_of(work: Work, item: FeedbackItem) -> Places:
    """The places, the best first: on the channel that the customer wants, else where it was said.

    One by hand is always there, at the end.
    """
    found = [*_where_it_was_said(work, item), *_mail_addresses(work, item)]
    wanted = preferred_channel(work, item)
    found.sort(key=lambda each: (each.channel != wanted, not each.was_said_there))
    seen: dict[tuple[str, str], Place] = {}
    for each in found:
        seen.setdefault((each.way, each.to), each)
    return Places((*seen.values(), _by_hand(item)))


def preferred_channel(work: Work, item: FeedbackItem) -> str:
    """Where the customer wants to be spoken to; empty when nobody said."""
    if item.customer_id is None:
        return ""
    customer = work.session.get(Customer, item.customer_id)
    return (customer.preferred_channel or "") if customer is not None else ""


def is_public(item: FeedbackItem) -> bool:
    """Whether an answer beside it can be read by everybody."""
    return item.channel in PUBLIC and item.extra.get("visibility") not in PRIVATE


def _where_it_was_said(work: Work, item: FeedbackItem) -> list[Place]:
    way = connectors.find_way(work, item.id)
    if way is None or not way.target.to:
        return []
    label = _("%(name)s, to %(to)s") % {"name": way.name, "to": way.target.shown or way.target.to}
    return [_place(way, key="here", label=label, public=way.target.public, was_said_there=True)]


def _mail_addresses(work: Work, item: FeedbackItem) -> list[Place]:
    if item.customer_id is None or connectors.mail_way(work, to="") is None:
        return []
    query = (
        select(ContactPoint.id, ContactPoint.value)
        .where(
            ContactPoint.customer_id == item.customer_id,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.ended_at.is_(None),
        )
        .order_by(ContactPoint.confidence.desc(), ContactPoint.id)
        .limit(MOST_ADDRESSES)
    )
    return [
        Place(
            f"mail {row.id}", _("Mail to %(address)s") % {"address": row.value}, Channel.EMAIL, MAIL, row.value,
            contact_point_id=row.id,
        )
        for row in work.session.execute(query)
    ]  # fmt: skip


def _place(way: Way, *, key: str, label: str, public: bool, was_said_there: bool) -> Place:
    return Place(
        key, label, way.channel, way.kind, way.target.to, connector_id=way.connector_id, public=public,
        longest=way.way_out.longest, measure=way.way_out.measure, takes_files=way.way_out.takes_files,
        was_said_there=was_said_there,
        subject=way.target.subject, answers=asdict(way.target.answers),
    )  # fmt: skip


def _by_hand(item: FeedbackItem) -> Place:
    to = item.author_handle or item.author_name
    label = _("By hand: copy it, say it there, then mark it as sent")
    return Place(BY_HAND, label, item.channel, BY_HAND, to, public=is_public(item), was_said_there=True)
