"""Reads of words that were prepared for a named person to send or drop. Frozen rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.models import ReplyDraft
from bpm.processes.status import DraftStatus


@dataclass(frozen=True)
class DraftRow:
    """Words prepared for a named person to send or drop."""

    id: int
    item_id: int
    instance_id: int
    said: str
    customer: str
    channel: str
    text: str
    for_whom: str
    created_at: datetime


COUNT_DRAFTS = select(func.count(ReplyDraft.id)).where(
    ReplyDraft.status == DraftStatus.WAITING, ReplyDraft.user_id == bindparam("person")
)
"""How many drafts wait for that person."""


def list_drafts(
    work: Work, *, user_id: int | None = None, item_id: int | None = None, limit: int = 100
) -> list[DraftRow]:
    """Drafts that wait, of one person or about one item, oldest first."""
    query = (
        select(ReplyDraft, FeedbackItem, User.display_name)
        .join(FeedbackItem, FeedbackItem.id == ReplyDraft.item_id)
        .join(User, User.id == ReplyDraft.user_id)
        .where(ReplyDraft.status == DraftStatus.WAITING)
        .order_by(ReplyDraft.id)
        .limit(limit)
    )
    if user_id is not None:
        query = query.where(ReplyDraft.user_id == user_id)
    if item_id is not None:
        query = query.where(ReplyDraft.item_id == item_id)
    return [
        DraftRow(
            draft.id,
            draft.item_id,
            draft.instance_id,
            said=item.text[:200],
            customer=item.author_name or item.author_handle,
            channel=item.channel,
            text=draft.text,
            for_whom=name,
            created_at=draft.created_at,
        )
        for draft, item, name in work.session.execute(query)
    ]
