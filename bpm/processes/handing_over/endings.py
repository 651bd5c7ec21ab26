"""In which of the two every item of an advocate ends: engaged with, or distributed.

Whoever handed it over and has it back speaks with the customer: it stays distributed. Who answered, or decided without
another's help, engaged. What was taken back before anything came of it counts as if it had never been handed over.
"""

from enum import StrEnum

from sqlalchemy import exists, select

from bpm.feedback.models import Distribution, FeedbackItem
from bpm.feedback.status import DistributionStatus
from bpm.feedback.triage.distribution import versions_of
from bpm.foundation.work import Work


class Ending(StrEnum):
    """Of an item that an advocate has dealt with."""

    ENGAGED = "engaged"
    DISTRIBUTED = "distributed"


def ending(*, is_answered: bool, is_decided: bool, is_distributed: bool) -> Ending | None:
    """Exactly one of the two for an item that was dealt with; None for one that is open. Pure."""
    if is_distributed:
        return Ending.DISTRIBUTED
    return Ending.ENGAGED if is_answered or is_decided else None


def ending_of(work: Work, item_id: int) -> Ending | None:
    """In which of the two the item ended so far."""
    handed = exists().where(
        Distribution.item_id.in_(versions_of(item_id)), Distribution.status != DistributionStatus.WITHDRAWN
    )
    row = work.session.execute(
        select(FeedbackItem.answered_at, FeedbackItem.decision, handed).where(FeedbackItem.id == item_id)
    ).one()
    return ending(is_answered=row[0] is not None, is_decided=row[1] is not None, is_distributed=row[2])
