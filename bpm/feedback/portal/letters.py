"""What may be shown to whom: the items of a private link, and those of whoever proved an address.

A link shows what its person said in its conversation, and nobody else's words, also when conversations or customers
were put together by somebody's judgement. A proven address shows items that came from it, items tied to the same
person by an explicit id or account that the source told together with it, and those of links that were tied to it by
whoever holds both; never those that a phone line, a name or a likelihood joined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from bpm.feedback.models import CustomerLink, FeedbackItem, PortalTie
from bpm.feedback.portal.links import OpenLink
from bpm.feedback.portal.visits import Visitor
from bpm.foundation.work import Work

MOST_READ = 500
"""Items of one person that are looked at, the newest."""
EXPLICIT = ("id", "handle")
"""Contact points that a source gives to one account alone."""


@dataclass(frozen=True)
class Said:
    """Something that the reader said."""

    item_id: int
    first_id: int
    text: str
    subject: str
    channel: str
    said_at: datetime | None
    placed_at: datetime
    conversation_id: int | None
    wish: str
    """What it was written for on a private page (see `writing.Asked`); empty for all else."""


def items_of_link(work: Work, link: OpenLink) -> list[Said]:
    """What a link shows, the oldest first."""
    if link.home_id is None:
        whose: ColumnElement[bool] = or_(FeedbackItem.id == link.item_id, FeedbackItem.first_id == link.item_id)
    else:
        whose = CustomerLink.customer_id == link.home_id
    rows = _rows(work, and_(FeedbackItem.conversation_id == link.conversation_id, whose))
    return [said for said, _evidence in rows]


def items_of_visit(work: Work, visitor: Visitor) -> list[Said]:
    """What whoever proved an address may read, the oldest first."""
    tied = set(work.session.scalars(select(PortalTie.home_id).where(PortalTie.point_id == visitor.point_id)))
    rows = _rows(work, CustomerLink.customer_id.in_({visitor.home_id, *tied}))
    return [
        said
        for said, (home_id, evidence) in rows
        if home_id in tied or (home_id == visitor.home_id and is_theirs(evidence, visitor.address))
    ]


def is_theirs(evidence: dict[str, Any], address: str) -> bool:
    """Whether the evidence of a link to a customer is the proven address, or an id that only one account has."""
    if evidence.get("also_points_to"):
        return False
    told: Sequence[Sequence[str]] = evidence.get("told") or [[evidence.get("kind", ""), evidence.get("value", "")]]
    if any(kind == "email" for kind, _value in told):
        return any(kind == "email" and value == address for kind, value in told)
    return evidence.get("kind") in EXPLICIT


def _rows(work: Work, whose: ColumnElement[bool]) -> list[tuple[Said, tuple[int | None, dict[str, Any]]]]:
    found = work.session.execute(
        select(FeedbackItem, CustomerLink.customer_id, CustomerLink.evidence)
        .outerjoin(CustomerLink, and_(CustomerLink.item_id == FeedbackItem.id, CustomerLink.valid_to.is_(None)))
        .where(whose, FeedbackItem.current, FeedbackItem.erased_at.is_(None))
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
        .limit(MOST_READ)
    )
    rows: dict[int, tuple[Said, tuple[int | None, dict[str, Any]]]] = {}
    for item, home_id, evidence in found:
        rows.setdefault(item.id, (_said(item), (home_id, evidence or {})))
    return list(rows.values())[::-1]


def _said(item: FeedbackItem) -> Said:
    return Said(
        item_id=item.id,
        first_id=item.first_id or item.id,
        text=item.text,
        subject=item.subject,
        channel=item.channel,
        said_at=item.said_at,
        placed_at=item.placed_at,
        conversation_id=item.conversation_id,
        wish=str((item.extra.get("portal") or {}).get("wish", "")),
    )
