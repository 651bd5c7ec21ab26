"""The customer's own words beside the work that they set off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bpm.feedback.models import FeedbackItem
from bpm.processes.models import Attribution
from bpm.work import Work

FIRST = 160
"""Characters of the words shown in a list."""


@dataclass(frozen=True)
class Words:
    """What a customer said first about an instance."""

    item_id: int
    channel: str
    text: str
    said_at: datetime


def first_words(work: Work, instance_ids: Sequence[int]) -> dict[int, Words]:
    """Instance -> the first thing said that it is about; instances without are left out."""
    if not instance_ids:
        return {}
    first = (
        select(Attribution.instance_id, func.min(Attribution.item_id).label("item_id"))
        .where(Attribution.instance_id.in_(instance_ids), Attribution.valid_to.is_(None))
        .group_by(Attribution.instance_id)
        .subquery()
    )
    query = select(
        first.c.instance_id,
        FeedbackItem.id,
        FeedbackItem.channel,
        func.substr(FeedbackItem.text, 1, FIRST).label("text"),
        FeedbackItem.said_at,
    ).join(FeedbackItem, FeedbackItem.id == first.c.item_id)
    return {row.instance_id: Words(row.id, row.channel, row.text, row.said_at) for row in work.session.execute(query)}
