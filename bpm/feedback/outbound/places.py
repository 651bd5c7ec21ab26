"""Where the customer of an item can be answered: where it was said, at their own addresses, or by hand."""

from sqlalchemy import select

from bpm import mail
from bpm.feedback.connectors import KINDS
from bpm.feedback.models import Connector, ContactPoint, FeedbackItem
from bpm.feedback.outbound.wish import BY_HAND, CONNECTOR, MAIL, Place, Places
from bpm.feedback.status import Channel, ContactKind
from bpm.foundation.texts import _
from bpm.foundation.work import Work

PUBLIC = frozenset({Channel.SOCIAL, Channel.REVIEW})
"""Channels where everybody reads along, unless a message there says that it is private."""
PRIVATE = frozenset({"direct", "private"})
"""What a post says of itself that only those named in it can read."""
MOST_ADDRESSES = 20


def places_of(work: Work, item: FeedbackItem) -> Places:
    """The places, the best first; one without a way out is there at the end, for whoever says it by hand."""
    found = [*_where_it_was_said(work, item), *_mail_addresses(work, item)]
    found.sort(key=lambda each: not each.was_said_there)
    return Places((*found, _by_hand(item)))


def is_public(item: FeedbackItem) -> bool:
    """Whether an answer beside it can be read by everybody."""
    return item.channel in PUBLIC and item.extra.get("visibility") not in PRIVATE


def _where_it_was_said(work: Work, item: FeedbackItem) -> list[Place]:
    query = select(Connector).where(Connector.source == item.source).order_by(Connector.id)
    found = []
    for row in work.session.scalars(query):
        kind = KINDS.get(row.kind)
        if kind is None or kind.way_out is None:
            continue
        found.append(
            Place(
                f"connector {row.id}", row.name, item.channel, CONNECTOR, item.author_handle or item.author_name,
                connector_id=row.id, public=kind.way_out.public and is_public(item), longest=kind.way_out.longest,
                was_said_there=True,
            )
        )  # fmt: skip
    return found


def _mail_addresses(work: Work, item: FeedbackItem) -> list[Place]:
    if not mail.is_set_up(work.settings) or item.customer_id is None:
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
    here = item.channel == Channel.EMAIL
    return [
        Place(f"mail {row.id}", _("Mail to %(address)s") % {"address": row.value}, Channel.EMAIL, MAIL, row.value,
              contact_point_id=row.id, was_said_there=here)
        for row in work.session.execute(query)
    ]  # fmt: skip


def _by_hand(item: FeedbackItem) -> Place:
    to = item.author_handle or item.author_name
    label = _("By hand: copy it, say it there, mark it as sent")
    return Place(BY_HAND, label, item.channel, BY_HAND, to, public=is_public(item), was_said_there=True)
