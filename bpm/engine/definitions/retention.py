"""How long what ended is kept: after that an instance is erased in bounded chunks, and its bare facts stay.

What goes: variables, business key, who started it, bindings, work items with drafts and results, jobs, subscriptions,
failures, the steps on record, and who did what. What stays, because measures and attributions read it: the visits with
element and instants (when a person claimed it included), and the instance's version, status and instants.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, exists, func, select, update

from bpm.engine.models import (
    ActivityInstance,
    EventSubscription,
    Failure,
    Job,
    ProcessInstance,
    ProcessVersion,
    StepRecord,
    WorkItem,
)
from bpm.engine.status import WAITING_JOBS, JobStatus
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Transactions, Work, affected
from bpm.identity import Permission, demand

INSTANCE = cast("Table", ProcessInstance.__table__)
ACTIVITY = cast("Table", ActivityInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
ITEM = cast("Table", WorkItem.__table__)
JOB = cast("Table", Job.__table__)

CHUNK = 200
"""Instances erased in one transaction."""
CHUNKS = 5
"""Transactions in one sweep: other work is not kept waiting."""
MOST_DAYS = 36_500
"""Days: a hundred years."""

_GOES = tuple(cast("Table", model.__table__) for model in (WorkItem, Failure, Job, EventSubscription, StepRecord))
"""In this order: a failure points at its job."""


def set_retention(work: Work, version_id: int, days: int | None) -> None:
    """Keep ended instances of the version for that many days, or with None for ever."""
    demand(work.actor, Permission.DEPLOY)
    if days is not None and not 1 <= days <= MOST_DAYS:
        say = f"Give whole days from 1 to {MOST_DAYS}, or nothing to keep them for ever."
        raise InvalidInputError(f"Instances cannot be kept for {days} days.", remedy=say, fields={"days": say})
    changed = update(VERSION).where(VERSION.c.id == version_id).values(keep_for_days=days)
    if not affected(work, changed):
        raise NotFoundError(f"There is no process version {version_id}.")
    work.nudge("definitions")


def sweep_retention(unit_of_work: Transactions) -> int:
    """Erase a bounded number of instances whose time is over; gives how many."""
    with unit_of_work.reading() as work:
        rows = work.session.execute(
            select(VERSION.c.id, VERSION.c.keep_for_days).where(VERSION.c.keep_for_days.is_not(None))
        ).all()
        limits = {row.id: work.now() - timedelta(days=row.keep_for_days) for row in rows}
        due = [version_id for version_id, until in limits.items() if _first(work, version_id, until)]
    erased = chunks = 0
    while due and chunks < CHUNKS:
        with unit_of_work() as work:
            taken = _erase_chunk(work, due[0], limits[due[0]])
        erased, chunks = erased + taken, chunks + 1
        if taken < CHUNK:
            due.pop(0)
    return erased


def _over(version_id: int, until: datetime) -> tuple[Any, ...]:
    """Ended before `until`, not erased yet, and with nothing of theirs on its way any more."""
    sent = exists().where(JOB.c.instance_id == INSTANCE.c.id, JOB.c.status.in_(WAITING_JOBS | {JobStatus.HELD}))
    return (
        INSTANCE.c.version_id == version_id,
        INSTANCE.c.ended_at.is_not(None),
        INSTANCE.c.ended_at < until,
        INSTANCE.c.erased_at.is_(None),
        ~sent,
    )


def _first(work: Work, version_id: int, until: datetime) -> int | None:
    return work.session.scalar(select(INSTANCE.c.id).where(*_over(version_id, until)).limit(1))


def _erase_chunk(work: Work, version_id: int, until: datetime) -> int:
    chosen = select(INSTANCE.c.id).where(*_over(version_id, until)).order_by(INSTANCE.c.ended_at).limit(CHUNK)
    ids = list(work.session.scalars(chosen.with_for_update(skip_locked=True, of=INSTANCE)))
    if not ids:
        return 0
    claimed = (
        select(func.max(ITEM.c.claimed_at))
        .where(ITEM.c.instance_id == ACTIVITY.c.instance_id, ITEM.c.uid == ACTIVITY.c.uid)
        .scalar_subquery()
    )
    here = ACTIVITY.c.instance_id.in_(ids)
    work.session.execute(update(ACTIVITY).where(here).values(claimed_at=claimed, actor_id=None))
    for table in _GOES:
        work.session.execute(delete(table).where(table.c.instance_id.in_(ids)))
    bare = {
        "erased_at": work.now(),
        "variables": {},
        "business_key": None,
        "bindings": None,
        "started_by": None,
        "state": None,
    }
    work.session.execute(update(INSTANCE).where(INSTANCE.c.id.in_(ids)).values(bare))
    return len(ids)
