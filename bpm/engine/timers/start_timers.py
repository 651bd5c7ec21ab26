"""Timers that start a process: each begins one instance; one that cannot stands before the operators until it can."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm.engine.definitions.version_cache import get_version_runnable
from bpm.engine.expressions.times.due import remaining
from bpm.engine.instances.failure_rows import open_failure
from bpm.engine.instances.starting import begin
from bpm.engine.models import EventSubscription, Failure
from bpm.engine.status import FailureStatus, SubscriptionKind, SubscriptionStatus
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Work, affected

SUBSCRIPTION = cast("Table", EventSubscription.__table__)
FAILURE = cast("Table", Failure.__table__)

LOOK_AGAIN = timedelta(minutes=5)
"""When a timer that could not fire is looked at again."""


def fire_start(work: Work, row: Any) -> bool:
    """Begin an instance, once however many workers see the timer: the row is moved on by a conditional UPDATE."""
    if not _move_on(work, row):
        return False
    begin(work, get_version_runnable(work, row.version_id), {}, process_id=row.process_id, element=row.element)
    _settle(work, row.version_id, row.element, reason="It started.")
    return True


def put_off_start(work: Work, row: Any, message: str) -> None:
    """Look at it again later; the instant that it was meant for is kept, so that its cycle does not shift."""
    later = {"due_at": work.now() + LOOK_AGAIN, "key": row.key or row.due_at.isoformat()}
    work.session.execute(update(SUBSCRIPTION).where(SUBSCRIPTION.c.id == row.id).values(later))
    open_failure(
        work, None, version_id=row.version_id, uid=row.uid, element=row.element, cause="start", message=message
    )


def retry_start(work: Work, version_id: int, element: str) -> None:
    """Let it be tried at once. ConflictError when its version is no longer live."""
    if affected(work, update(SUBSCRIPTION).where(*_open(version_id, element)).values(due_at=work.now())) == 0:
        raise _gone()
    work.nudge("timers")


def skip_start(work: Work, version_id: int, element: str) -> None:
    """Leave this occurrence out: the timer waits for its next one, if there is any."""
    row = work.session.execute(select(*SUBSCRIPTION.c).where(*_open(version_id, element))).first()
    if row is None or not _move_on(work, row):
        raise _gone()


def _move_on(work: Work, row: Any) -> bool:
    meant_for = datetime.fromisoformat(row.key) if row.key else row.due_at
    rest = remaining(row.event, fired=meant_for, now=work.now())
    after = {"status": SubscriptionStatus.CLOSED} if rest is None else {"event": rest[0], "due_at": rest[1]}
    mine = (
        SUBSCRIPTION.c.id == row.id,
        SUBSCRIPTION.c.status == SubscriptionStatus.OPEN,
        SUBSCRIPTION.c.due_at == row.due_at,
    )
    return affected(work, update(SUBSCRIPTION).where(*mine).values(**after, key=None)) == 1


def _settle(work: Work, version_id: int, element: str, *, reason: str) -> None:
    here = (FAILURE.c.instance_id.is_(None), FAILURE.c.version_id == version_id, FAILURE.c.element == element)
    resolved = {"status": FailureStatus.RESOLVED, "resolved_at": work.now(), "reason": reason}
    if affected(work, update(FAILURE).where(*here, FAILURE.c.status == FailureStatus.OPEN).values(resolved)):
        work.nudge("failures")


def _open(version_id: int, element: str) -> tuple[Any, ...]:
    return (
        SUBSCRIPTION.c.instance_id.is_(None),
        SUBSCRIPTION.c.version_id == version_id,
        SUBSCRIPTION.c.element == element,
        SUBSCRIPTION.c.kind == SubscriptionKind.TIMER,
        SUBSCRIPTION.c.status == SubscriptionStatus.OPEN,
    )


def _gone() -> ConflictError:
    return ConflictError("This timer starts nothing any more.", remedy="Another version is live, or its cycle is over.")
