"""Getting hold of one item."""

from bpm.audit import Thing
from bpm.feedback.models import FeedbackItem
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


def feedback_item(item_id: int) -> Thing:
    """An item as the audit trail names it."""
    return Thing("feedback", item_id, f"Feedback {item_id}", f"feedback {item_id}")
