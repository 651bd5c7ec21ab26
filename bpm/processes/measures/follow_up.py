"""Whether an item is answered for: the one definition that inbox, insights, service tasks and measures ask."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, not_, select

from bpm.feedback.models import FeedbackItem
from bpm.feedback.queries import ItemFilter, ItemRow, Page, list_oldest, untouched
from bpm.foundation.db import at_most
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.processes.status import LinkKind

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
    """Whether the item of the row is linked to a process at all; what is only suggested is no link yet."""
    return exists().where(
        Attribution.item_id == FeedbackItem.id,
        Attribution.valid_to.is_(None),
        Attribution.kind != LinkKind.SUGGESTED,
    )


def followed_up() -> ColumnElement[bool]:
    """Tracked and followed up: decided, answered by a person, handed to a group, or worked on in a case."""
    return not_(and_(untouched(), ~in_a_case()))


def is_black_hole(now: datetime) -> ColumnElement[bool]:
    """Not followed up BLACK_HOLE_AFTER it was said; what asks for nothing is decided by a person, not skipped."""
    return _forgotten(now - BLACK_HOLE_AFTER)


def _forgotten(said_before: Any) -> ColumnElement[bool]:
    return and_(untouched(), FeedbackItem.placed_at < said_before, ~in_a_case())


def count_black_holes(work: Work, *, most: int | None = None) -> int:
    """How many there are now; `most`: where to stop counting."""
    return work.session.scalar(counting_black_holes(most), {"said_before": work.now() - BLACK_HOLE_AFTER}) or 0


# Built once for each limit: the inbox asks at every look, and building it costs many times what running it does.
@lru_cache(maxsize=8)
def counting_black_holes(most: int | None) -> Select[int]:
    """The statement of `count_black_holes` over `said_before`, for whoever asks more with it."""
    found = (
        select(FeedbackItem.id)
        .where(_forgotten(bindparam("said_before", type_=FeedbackItem.placed_at.type)))
        .limit(None if most is None else at_most(most))
    )
    return select(func.count()).select_from(found.subquery())


def list_black_holes(
    work: Work, *, limit: int = 50, after: int | None = None, wanted: ItemFilter | None = None
) -> Page[ItemRow]:
    """The longest forgotten first, narrowed by `wanted`; `after` is the id of the last item seen."""
    where = is_black_hole(work.now())
    return list_oldest(work, where=where, wanted=wanted or ItemFilter(), limit=limit, after=after)
