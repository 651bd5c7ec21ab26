"""Getting hold of items."""

from collections.abc import Collection

from sqlalchemy import select

from bpm.audit import Thing
from bpm.feedback.models import Customer, FeedbackItem
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work


def get_current(work: Work, item_id: int) -> FeedbackItem:
    """The item, for acting on it; NotFoundError when there is none.

    A version that was superseded can still be acted on: somebody may have read it just before the edit came.
    """
    item = work.session.get(FeedbackItem, item_id)
    if item is None:
        raise NotFoundError(f"There is no item {item_id}.")
    return item


def at_hand(work: Work, item_ids: Collection[int]) -> tuple[FeedbackItem | Customer, ...]:
    """These items and their customers by two statements: while they are held, the database is asked for none again."""
    items = work.session.scalars(select(FeedbackItem).where(FeedbackItem.id.in_(item_ids))).all()
    theirs = {item.customer_id for item in items if item.customer_id is not None}
    return (*items, *work.session.scalars(select(Customer).where(Customer.id.in_(theirs))))


def feedback_item(item_id: int) -> Thing:
    """An item as the audit trail names it."""
    return Thing("feedback", item_id, f"Feedback {item_id}", f"feedback {item_id}")
