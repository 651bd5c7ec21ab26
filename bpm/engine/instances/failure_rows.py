"""Failures put before the operators."""

from typing import cast

from sqlalchemy import Table, insert, update

from bpm.engine.events import FailureOpened
from bpm.engine.models import Failure
from bpm.engine.status import (
    FailureStatus,
)
from bpm.foundation.work import Work, affected

FAILURE = cast("Table", Failure.__table__)


def open_failure(
    work: Work,
    instance_id: int | None,
    *,
    version_id: int,
    uid: str,
    element: str,
    cause: str,
    message: str,
    job_id: int | None = None,
) -> None:
    """Put a failure before the operators; the same one again raises its count. Without instance: a failed start."""
    here = (FAILURE.c.instance_id == instance_id, FAILURE.c.uid == uid, FAILURE.c.element == element)
    raised = {"count": FAILURE.c.count + 1, "message": message, "cause": cause, "job_id": job_id}
    if affected(work, update(FAILURE).where(*here, FAILURE.c.status == FailureStatus.OPEN).values(raised)):
        return
    adding = (
        insert(FAILURE)
        .values(
            instance_id=instance_id, version_id=version_id, job_id=job_id, uid=uid, element=element,
            cause=cause, message=message, status=FailureStatus.OPEN, count=1, created_at=work.now(),
        )
        .returning(FAILURE.c.id)
    )  # fmt: skip
    work.publish(FailureOpened(work.session.execute(adding).scalar_one()))
    work.nudge("failures")
