"""Whether an item is answered for: the one definition that inbox, insights, service tasks and measures ask."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, not_, select

from bpm.feedback.models import FeedbackItem
from bpm.feedback.queries import ItemFilter, ItemRow, Page, list_oldest, untouched
from bpm.foundation.work import Work
from bpm.processes.models import Attribution

BLACK_HOLE_AFTER = timedelta(days=2)
"""An item that nobody owns, answered or decided on for so long is in a black hole."""
MOST_COUNTED = 250
"""Where a page that people keep open stops counting: it must not cost more the more there is."""


def in_a_case() -> ColumnElement[bool]:
    """Whether the item of the row is linked to an instance, so that somebody works on it."""
    return exists().where(
        Attribution.item_id == FeedbackItem.id, Attribution.valid_to.is_(None), Attribution.instance_id.is_not(None)
    )


def placed() -> ColumnElement[bool]:
    """Whether the item of the row is linked to a process at all."""
    return exists().where(Attribution.item_id == FeedbackItem.id, Attribution.valid_to.is_(None))


def followed_up() -> ColumnElement[bool]:
    """Tracked and followed up: decided, answered by a person, handed to a group, or worked on in a case."""
    return not_(and_(untouched(), ~in_a_case()))


def is_black_hole(now: datetime) -> ColumnElement[bool]:
    """Not followed up BLACK_HOLE_AFTER it was said; what asks for nothing is decided by a person, not skipped."""
    return and_(untouched(), FeedbackItem.said_at < now - BLACK_HOLE_AFTER, ~in_a_case())


def count_black_holes(work: Work, *, most: int | None = None) -> int:
    """How many there are now; `most`: where to stop counting."""
    found = select(FeedbackItem.id).where(is_black_hole(work.now())).limit(most)
    return work.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def list_black_holes(
    work: Work, *, limit: int = 50, after: int | None = None, wanted: ItemFilter | None = None
) -> Page[ItemRow]:
    """The longest forgotten first, narrowed by `wanted`; `after` is the id of the last item seen."""
    where = is_black_hole(work.now())
    return list_oldest(work, where=where, wanted=wanted or ItemFilter(), limit=limit, after=after)
