"""What is late, by its clocks: where few are, a list must not look through all that are open."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, exists, or_, select, union_all

from bpm.feedback.models import ItemClock
from bpm.foundation.db import at_most
from bpm.foundation.work import Work

CLOCK = cast("Table", ItemClock.__table__)
_OWN_CLOCK = CLOCK.alias("own_clock")
FEW = 2_000
"""Up to so many late items are named one by one; where there are more, every few open ones is late."""


def few_late(work: Work, at: datetime) -> tuple[int, ...] | None:
    """The ids of all that is late at an instant, in order; None where there are more than `FEW`."""
    found = set(work.session.scalars(_late_ids(at)))
    return tuple(sorted(found)) if len(found) <= FEW else None


def _late_ids(at: datetime) -> Select[Any]:
    """Two walks along an index that stop; literally as their indices say it."""
    unanswered = (CLOCK.c.answered_at.is_(None), CLOCK.c.answer_due_at < at)
    parts = [
        select(CLOCK.c.item_id).where(CLOCK.c.resolved_at.is_(None), *each).limit(at_most(FEW + 1)).subquery()
        for each in (unanswered, (CLOCK.c.resolve_due_at < at,))
    ]
    return select(union_all(*(select(part.c.item_id) for part in parts)).subquery())


def is_late(item_id: ColumnElement[int], at: datetime) -> ColumnElement[bool]:
    """Whether the clock of that item says that a time has gone by."""
    unanswered = and_(_OWN_CLOCK.c.answered_at.is_(None), _OWN_CLOCK.c.answer_due_at < at)
    late = or_(unanswered, _OWN_CLOCK.c.resolve_due_at < at)
    return exists().where(_OWN_CLOCK.c.item_id == item_id, _OWN_CLOCK.c.resolved_at.is_(None), late)
