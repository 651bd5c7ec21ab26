"""What stands in numbers around the inbox."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from bpm.feedback.queries import counting_to_do
from bpm.foundation.work import Work
from bpm.processes.measures.follow_up import BLACK_HOLE_AFTER, MOST_COUNTED, counting_black_holes
from bpm.processes.queries.drafts import COUNT_DRAFTS


@dataclass(frozen=True)
class InboxCounts:
    """Items that nobody followed up, and items to be done, each up to one more than `MOST_COUNTED` at most; drafts."""

    black_holes: int
    to_do: int
    drafts: int
    """That wait for the person who asks."""


def count_inbox(work: Work) -> InboxCounts:
    """All three for the actor, in one statement."""
    values = {"said_before": work.now() - BLACK_HOLE_AFTER, "person": work.actor.user_id}
    return InboxCounts(*work.session.execute(_counting(), values).one())


@lru_cache(maxsize=1)
def _counting() -> Select[Any]:
    counts = counting_black_holes(MOST_COUNTED), counting_to_do(MOST_COUNTED + 1), COUNT_DRAFTS
    return select(*(each.scalar_subquery() for each in counts))
