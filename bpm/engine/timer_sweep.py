"""Timers: found by query when due, fired instance by instance; a storm or a broken one keeps nobody else waiting."""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm.engine.due import remaining
from bpm.engine.instances import Cause, advance, begin, lock
from bpm.engine.models import EventSubscription
from bpm.engine.projection import Place, affected, open_failure, push_timers
from bpm.engine.runnables import get_version_runnable
from bpm.engine.spiff.step import FireTimers
from bpm.errors import ConflictError
from bpm.telemetry import logger
from bpm.work import Work

log = logger(__name__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)

BATCH = 200
LOOK_AGAIN = timedelta(minutes=5)
"""When timers that could not fire are looked at again."""


def sweep_timers(unit_of_work: Any) -> int:
    """Fire what is due, oldest first, up to a batch; gives how many instances moved or began."""
    with unit_of_work.reading() as work:
        rows = work.session.execute(_due(work).order_by(SUBSCRIPTION.c.due_at, SUBSCRIPTION.c.id).limit(BATCH)).all()
    fired = 0
    seen: set[int] = set()
    for row in rows:
        if row.instance_id is None:
            fired += _guarded(unit_of_work, row, _start)
        elif row.instance_id not in seen:
            seen.add(row.instance_id)
            fired += _guarded(unit_of_work, row, _fire)
    return fired


def _due(work: Work) -> Any:
    return select(*SUBSCRIPTION.c).where(
        SUBSCRIPTION.c.kind == "timer", SUBSCRIPTION.c.status == "open", SUBSCRIPTION.c.due_at <= work.now()
    )


def _guarded(unit_of_work: Any, row: Any, act: Any) -> int:
    try:
        with unit_of_work() as work:
            return int(act(work, row))
    except ConflictError:
        return 0
    except Exception as error:
        log.exception("timer could not fire", subscription=row.id, instance=row.instance_id)
        with unit_of_work() as work:
            _set_aside(work, row, f"{type(error).__name__}: {error}")
        return 0


def _fire(work: Work, row: Any) -> bool:
    loaded = lock(work, row.instance_id)
    if work.session.execute(_due(work).where(SUBSCRIPTION.c.instance_id == row.instance_id).limit(1)).first() is None:
        return False
    step = advance(work, loaded, FireTimers(), cause=Cause("timers"))
    if not (step.opened or step.closed or step.timers):
        push_timers(work, row.instance_id, until=work.now() + LOOK_AGAIN)
    return True


def _start(work: Work, row: Any) -> bool:
    """Start an instance, once however many workers see the timer: the row is moved on by a conditional UPDATE."""
    rest = remaining(row.event, fired=row.due_at, now=work.now())
    after = {"status": "closed"} if rest is None else {"event": rest[0], "due_at": rest[1]}
    mine = (SUBSCRIPTION.c.id == row.id, SUBSCRIPTION.c.status == "open", SUBSCRIPTION.c.due_at == row.due_at)
    if affected(work, update(SUBSCRIPTION).where(*mine).values(after)) != 1:
        return False
    begin(work, get_version_runnable(work, row.version_id), {}, process_id=row.process_id, element=row.element)
    return True


def _set_aside(work: Work, row: Any, message: str) -> None:
    """Nobody waits for a broken timer: it is looked at again later, and stands before the operators."""
    if row.instance_id is None:
        later = work.now() + LOOK_AGAIN
        work.session.execute(update(SUBSCRIPTION).where(SUBSCRIPTION.c.id == row.id).values(due_at=later))
        return
    push_timers(work, row.instance_id, until=work.now() + LOOK_AGAIN)
    place = Place(row.instance_id, row.version_id, "")
    open_failure(work, place, uid=row.uid, element=row.element, cause="engine", message=message)
