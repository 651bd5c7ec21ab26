"""What of the answering for an item the feedback room knows by itself; whether it is in a case, only processes know."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import aliased

from bpm.feedback.models import FeedbackItem, Reply
from bpm.feedback.queries.item_rows import ITEM, ItemFilter, ItemRow, listed
from bpm.feedback.queries.items import conditions_of
from bpm.foundation.db import Page
from bpm.foundation.work import Work


def untouched() -> ColumnElement[bool]:
    """Nobody decided on the item of the row, answered it or was handed it: literally as in its index."""
    return and_(
        ITEM.c.current,
        ITEM.c.decision.is_(None),
        ITEM.c.answered_at.is_(None),
        ITEM.c.distributed_to.is_(None),
    )


def list_oldest(
    work: Work, *, where: ColumnElement[bool], wanted: ItemFilter, limit: int, after: int | None = None
) -> Page[ItemRow]:
    """Items under the condition `where`, narrowed by `wanted`, the one said first before all others."""
    conditions = [where, *conditions_of(wanted)]
    if after is not None:
        last = select(ITEM.c.placed_at, ITEM.c.id).where(ITEM.c.id == after)
        conditions.append(tuple_(ITEM.c.placed_at, ITEM.c.id) > last.scalar_subquery())
    return listed(work, conditions, ITEM.c.placed_at, ITEM.c.id, limit=limit)


def list_oldest_untouched(
    work: Work, *, where: Sequence[ColumnElement[bool]], since: datetime, limit: int
) -> tuple[ItemRow, ...]:
    """Items that are read and that nobody has touched, under the conditions `where`, the one said first before all."""
    conditions = [untouched(), ITEM.c.placed_at >= since, ITEM.c.classified_at.is_not(None), *where]
    return listed(work, conditions, ITEM.c.placed_at, ITEM.c.id, limit=limit).rows


def first_human_answer_times(work: Work, item_ids: Sequence[int]) -> dict[int, datetime]:
    """Item id -> when the first answer of a person left in its conversation after it was said; others are left out."""
    found: dict[int, datetime] = {}
    answered = aliased(FeedbackItem)
    for start in range(0, len(item_ids), 500):
        rows = work.session.execute(
            select(FeedbackItem.id, func.min(Reply.sent_at))
            .join(answered, answered.conversation_id == FeedbackItem.conversation_id)
            .join(Reply, and_(Reply.item_id == answered.id, Reply.sent_at >= FeedbackItem.placed_at))
            .where(FeedbackItem.id.in_(item_ids[start : start + 500]))
            .group_by(FeedbackItem.id)
        )
        found.update({row[0]: row[1] for row in rows if row[1] is not None})
    return found
