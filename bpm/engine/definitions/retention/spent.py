"""Which instances are over and done with, and which of their rows go when they are erased."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, exists

from bpm.engine.models import EventSubscription, Failure, Job, ProcessInstance, StepRecord, WorkItem
from bpm.engine.status import WAITING_JOBS, JobStatus
from bpm.engine.task_models import CaseWatch, HandOver, TaskComment

INSTANCE = cast("Table", ProcessInstance.__table__)
JOB = cast("Table", Job.__table__)

GOES = tuple(
    cast("Table", model.__table__)
    for model in (
        TaskComment, HandOver, CaseWatch, WorkItem, Failure, Job, EventSubscription, StepRecord,
    )
)  # fmt: skip
"""In this order: a comment points at its task, a failure at its job."""


def is_over(version_id: int, until: datetime) -> tuple[Any, ...]:
    """Ended before `until`, not erased yet, and with nothing of theirs on its way any more."""
    sent = exists().where(JOB.c.instance_id == INSTANCE.c.id, JOB.c.status.in_(WAITING_JOBS | {JobStatus.HELD}))
    return (
        INSTANCE.c.version_id == version_id,
        INSTANCE.c.ended_at.is_not(None),
        INSTANCE.c.ended_at < until,
        INSTANCE.c.erased_at.is_(None),
        ~sent,
    )
