"""Timers: found by query when due, fired instance by instance; a storm or a broken one keeps nobody else waiting."""

from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.exc import OperationalError

from bpm.engine.instances.failure_rows import open_failure
from bpm.engine.instances.instances import advance
from bpm.engine.instances.loading import lock
from bpm.engine.instances.on_record import Cause
from bpm.engine.instances.waiting_rows import push_timers
from bpm.engine.models import EventSubscription
from bpm.engine.spiff.step import FireTimers
from bpm.engine.status import SubscriptionKind, SubscriptionStatus
from bpm.engine.timers.start_timers import LOOK_AGAIN, fire_start, put_off_start
from bpm.foundation.errors import ConflictError, EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions, Work

log = logger(__name__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)

BATCH = 200


def sweep_timers(unit_of_work: Transactions) -> int:
    """Fire what is due, oldest first, up to a batch; gives how many instances moved or began."""
    with unit_of_work.reading() as work:
        rows = work.session.execute(_due(work).order_by(SUBSCRIPTION.c.due_at, SUBSCRIPTION.c.id).limit(BATCH)).all()
    fired = 0
    seen: set[int] = set()
    for row in rows:
        if row.instance_id is None:
            fired += _guarded(unit_of_work, row, fire_start)
        elif row.instance_id not in seen:
            seen.add(row.instance_id)
            fired += _guarded(unit_of_work, row, _fire)
    return fired


def _due(work: Work) -> Any:
    return select(*SUBSCRIPTION.c).where(
        SUBSCRIPTION.c.kind == SubscriptionKind.TIMER,
        SUBSCRIPTION.c.status == SubscriptionStatus.OPEN,
        SUBSCRIPTION.c.due_at <= work.now(),
    )


def _guarded(unit_of_work: Transactions, row: Any, act: Any) -> int:
    try:
        with unit_of_work() as work:
            return int(act(work, row))
    except (ConflictError, OperationalError):
        return 0
    except Exception as error:
        log.exception("timer could not fire", subscription=row.id, instance=row.instance_id)
        with unit_of_work() as work:
            _set_aside(work, row, str(error) if isinstance(error, EarshotError) else f"{type(error).__name__}: {error}")
        return 0


def _fire(work: Work, row: Any) -> bool:
    loaded = lock(work, row.instance_id)
    if work.session.execute(_due(work).where(SUBSCRIPTION.c.instance_id == row.instance_id).limit(1)).first() is None:
        return False
    step = advance(work, loaded, FireTimers(), cause=Cause("timers"))
    if not (step.opened or step.closed or step.timers):
        push_timers(work, row.instance_id, until=work.now() + LOOK_AGAIN)
    return True


def _set_aside(work: Work, row: Any, message: str) -> None:
    """Nobody waits for a broken timer: it is looked at again later, and stands before the operators."""
    if row.instance_id is None:
        put_off_start(work, row, message)
        return
    push_timers(work, row.instance_id, until=work.now() + LOOK_AGAIN)
    open_failure(
        work, row.instance_id, version_id=row.version_id, uid=row.uid, element=row.element, cause="engine",
        message=message,
    )  # fmt: skip
