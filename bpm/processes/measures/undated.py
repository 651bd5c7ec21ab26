"""Items that nobody knows when they were said: counted apart by when they came in, and in no figure over time."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.measures.heard_items import HeardItem, list_heard


def came_in_undated(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Current items without a date that came in between the two instants (an item's place in time is that, then)."""
    undated = FeedbackItem.said_at.is_(None)
    return and_(FeedbackItem.current, undated, FeedbackItem.placed_at >= since, FeedbackItem.placed_at < until)


def count_undated(work: Work, *, since: datetime, until: datetime) -> int:
    """How many there are."""
    return work.session.scalar(select(func.count()).select_from(FeedbackItem).where(came_in_undated(since, until))) or 0


def list_undated(work: Work, *, since: datetime, until: datetime, limit: int = 50) -> list[HeardItem]:
    """They themselves, the newest first."""
    return list_heard(work, [came_in_undated(since, until)], limit=limit)
