"""Whether what was heard is answered for: black holes, follow-up rate, time to the first human answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from bpm.feedback.models import FeedbackItem, Reply
from bpm.feedback.queries.item_rows import ITEM, ItemFilter, ItemRow, Page, listed
from bpm.feedback.queries.items import conditions_of
from bpm.foundation.work import Work

BLACK_HOLE_AFTER = timedelta(days=2)
"""An item that nobody owns, answered or decided on for so long is in a black hole."""
MOST_COUNTED = 250
"""Where a page stops counting: it must not cost more the more there is."""


def _untouched() -> ColumnElement[bool]:
    return and_(
        ITEM.c.current,
        ITEM.c.decision.is_(None),
        ITEM.c.answered_at.is_(None),
        ITEM.c.distributed_to.is_(None),
    )


def black_holes(
    work: Work, now: datetime, *, limit: int = 50, after: int | None = None, wanted: ItemFilter | None = None
) -> Page[ItemRow]:
    """Items without owner, answer and decision, said more than BLACK_HOLE_AFTER before `now`; the oldest first.

    `wanted` narrows them further.
    """
    conditions = [
        _untouched(),
        ITEM.c.said_at < now - BLACK_HOLE_AFTER,
        *(conditions_of(wanted) if wanted is not None else ()),
    ]
    if after is not None:
        last = select(ITEM.c.said_at, ITEM.c.id).where(ITEM.c.id == after)
        conditions.append(tuple_(ITEM.c.said_at, ITEM.c.id) > last.scalar_subquery())
    return listed(work, conditions, ITEM.c.said_at, ITEM.c.id, limit=limit)


_HOLES = select(ITEM.c.id).where(_untouched(), ITEM.c.said_at < bindparam("before"))
_COUNT_HOLES = select(func.count()).select_from(_HOLES.limit(MOST_COUNTED).subquery())


def count_black_holes(work: Work, now: datetime) -> int:
    """How many items `black_holes` would list in all; stops counting at `MOST_COUNTED`."""
    return work.session.scalar(_COUNT_HOLES, {"before": now - BLACK_HOLE_AFTER}) or 0


def follow_up_rate(work: Work, since: datetime, until: datetime) -> tuple[int, int]:
    """(tracked, total) of the items said in the period; tracked: decided on, answered or handed to a group."""
    tracked = or_(
        FeedbackItem.decision.is_not(None),
        FeedbackItem.answered_at.is_not(None),
        FeedbackItem.distributed_to.is_not(None),
    )
    row = work.session.execute(
        select(func.count(FeedbackItem.id).filter(tracked), func.count(FeedbackItem.id)).where(
            FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until
        )
    ).one()
    return row[0], row[1]


def first_human_answer_times(work: Work, item_ids: Sequence[int]) -> dict[int, datetime]:
    """Item id -> when a person first answered in its conversation after it was said; unanswered items are left out."""
    found: dict[int, datetime] = {}
    answered = aliased(FeedbackItem)
    for start in range(0, len(item_ids), 500):
        rows = work.session.execute(
            select(FeedbackItem.id, func.min(Reply.approved_at))
            .join(answered, answered.conversation_id == FeedbackItem.conversation_id)
            .join(Reply, and_(Reply.item_id == answered.id, Reply.approved_at >= FeedbackItem.said_at))
            .where(FeedbackItem.id.in_(item_ids[start : start + 500]))
            .group_by(FeedbackItem.id)
        )
        found.update({row[0]: row[1] for row in rows})
    return found
