"""What an operator reads: failures by cause, timers due, the age of the queue, workers last heard of."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, update

from bpm.engine.models import (
    EventSubscription,
    Failure,
    Job,
    ProcessDefinition,
    ProcessVersion,
    WorkerHeartbeat,
)
from bpm.engine.status import FailureStatus, JobStatus, SubscriptionKind, SubscriptionStatus
from bpm.foundation.work import Transactions, Work, affected

FAILURE = cast("Table", Failure.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
JOB = cast("Table", Job.__table__)
BEAT = cast("Table", WorkerHeartbeat.__table__)

BEAT_EVERY = timedelta(seconds=10)
MOST_TOLD = timedelta(days=24)
"""A skew of more is told as so much: it has to fit into milliseconds of 32 bits."""


@dataclass(frozen=True)
class FailureGroup:
    """Open failures of one cause at one element of one version."""

    cause: str
    element: str
    version_id: int
    key: str
    name: str
    """Of the process."""
    number: int
    count: int
    first_at: datetime
    last_at: datetime
    sample_id: int
    sample: str


@dataclass(frozen=True)
class FailureRow:
    """`instance_id` is None for a timer that could not start its process."""

    id: int
    instance_id: int | None
    job_id: int | None
    element: str
    cause: str
    message: str
    status: FailureStatus
    count: int
    created_at: datetime
    resolved_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class TimerRow:
    instance_id: int | None
    version_id: int
    element: str
    due_at: datetime


@dataclass(frozen=True)
class QueueState:
    """`oldest_at`: since when the longest waiting job is due; None when nothing is."""

    due: int
    leased: int
    failed: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class WorkerRow:
    name: str
    started_at: datetime
    seen_at: datetime
    done: int
    skew_ms: int | None = None
    """Milliseconds by which its own clock is ahead of the database's; None where it did not measure."""
    left_at: datetime | None = None
    """When it said goodbye."""


def list_failure_groups(work: Work) -> list[FailureGroup]:
    """Open failures grouped by cause, element and version; most frequent first."""
    number = func.count()
    query = (
        select(
            FAILURE.c.cause, FAILURE.c.element, FAILURE.c.version_id, ProcessDefinition.key, ProcessDefinition.name,
            ProcessVersion.number, number.label("count"), func.min(FAILURE.c.created_at).label("first_at"),
            func.max(FAILURE.c.created_at).label("last_at"),
            func.max(FAILURE.c.id).label("sample_id"),
        )
        .join(ProcessVersion, ProcessVersion.id == FAILURE.c.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(FAILURE.c.status == FailureStatus.OPEN)
        .group_by(
            FAILURE.c.cause, FAILURE.c.element, FAILURE.c.version_id, ProcessDefinition.key, ProcessDefinition.name,
            ProcessVersion.number,
        )
        .order_by(number.desc(), FAILURE.c.cause, FAILURE.c.element)
    )  # fmt: skip
    rows = work.session.execute(query).all()
    samples = select(FAILURE.c.id, FAILURE.c.message).where(FAILURE.c.id.in_([row.sample_id for row in rows]))
    messages = {row.id: row.message for row in work.session.execute(samples)}
    return [FailureGroup(**row._asdict(), sample=messages[row.sample_id]) for row in rows]


def list_failures(
    work: Work,
    *,
    status: FailureStatus = FailureStatus.OPEN,
    cause: str | None = None,
    element: str | None = None,
    version_id: int | None = None,
    instance_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[FailureRow]:
    """Failures, newest first; `after` is the id of the last row seen."""
    wanted: dict[str, Any] = {
        "cause": cause,
        "element": element,
        "version_id": version_id,
        "instance_id": instance_id,
    }
    query = select(FAILURE, FAILURE.c.count.label("times")).where(
        FAILURE.c.status == status, *(FAILURE.c[name] == value for name, value in wanted.items() if value is not None)
    )
    if after is not None:
        query = query.where(FAILURE.c.id < after)
    return [
        FailureRow(
            id=r.id, instance_id=r.instance_id, job_id=r.job_id, element=r.element, cause=r.cause, message=r.message,
            status=r.status, count=r.times, created_at=r.created_at, resolved_at=r.resolved_at, reason=r.reason,
        )
        for r in work.session.execute(query.order_by(FAILURE.c.id.desc()).limit(limit))
    ]  # fmt: skip


@dataclass(frozen=True)
class Beginning:
    """An element that a token may be moved to, if its scope is open; `name` as drawn, perhaps empty."""

    id: str
    name: str
    type: str


_NEVER_BEGUN = ("boundaryEvent", "sequenceFlow")


def list_beginnings(work: Work, version_id: int) -> list[Beginning]:
    """The elements of a version that a token may be moved to, in document order."""
    elements = work.session.scalar(select(ProcessVersion.elements).where(ProcessVersion.id == version_id)) or []
    return [Beginning(e["id"], e["name"], e["type"]) for e in elements if e["type"] not in _NEVER_BEGUN]


def list_timers_due(work: Work, *, until: datetime | None = None, limit: int = 50) -> list[TimerRow]:
    """The next timers, soonest first; with `until` only those due by then."""
    query = select(
        SUBSCRIPTION.c.instance_id, SUBSCRIPTION.c.version_id, SUBSCRIPTION.c.element, SUBSCRIPTION.c.due_at
    ).where(SUBSCRIPTION.c.kind == SubscriptionKind.TIMER, SUBSCRIPTION.c.status == SubscriptionStatus.OPEN)
    if until is not None:
        query = query.where(SUBSCRIPTION.c.due_at <= until)
    return [TimerRow(*row) for row in work.session.execute(query.order_by(SUBSCRIPTION.c.due_at).limit(limit))]


def queue_state(work: Work) -> QueueState:
    """How much waits for the worker, and for how long."""
    due = (JOB.c.status == JobStatus.READY, JOB.c.run_at <= work.now())
    oldest = work.session.scalar(select(JOB.c.run_at).where(*due).order_by(JOB.c.run_at).limit(1))
    return QueueState(
        due=_count(work, *due),
        leased=_count(work, JOB.c.status == JobStatus.LEASED),
        failed=_count(work, JOB.c.status == JobStatus.FAILED),
        oldest_at=oldest,
    )


def _count(work: Work, *conditions: Any) -> int:
    some = select(JOB.c.id).where(*conditions).limit(10_000).subquery()
    return work.session.scalar(select(func.count()).select_from(some)) or 0


def list_workers(work: Work) -> list[WorkerRow]:
    """Workers by when they were last heard of."""
    query = select(
        BEAT.c.name, BEAT.c.started_at, BEAT.c.seen_at, BEAT.c.done, BEAT.c.skew_ms, BEAT.c.left_at
    ).order_by(BEAT.c.seen_at.desc())
    return [WorkerRow(*row) for row in work.session.execute(query.limit(100))]


def beat(
    unit_of_work: Transactions,
    *,
    name: str | None = None,
    done: int = 0,
    skew: timedelta | None = None,
    leaving: bool = False,
) -> int:
    """Say that this worker lives, or that it leaves; writes at most every ten seconds. Gives 0: it is no work.

    `skew`: how far its own clock is ahead of the database's.
    """
    name = name or f"{socket.gethostname()}:{os.getpid()}"
    skew_ms = None if skew is None else round(max(-MOST_TOLD, min(MOST_TOLD, skew)) / timedelta(milliseconds=1))
    with unit_of_work.reading() as work:
        seen = work.session.scalar(select(BEAT.c.seen_at).where(BEAT.c.name == name))
        # A beat from the future was made by a wrong clock: it does not keep this one from being heard.
        if seen is not None and timedelta(0) <= work.now() - seen < BEAT_EVERY and not (done or leaving):
            return 0
    with unit_of_work() as work:
        now = work.now()
        said = {"seen_at": now, "skew_ms": skew_ms, "left_at": now if leaving else None}
        alive = update(BEAT).where(BEAT.c.name == name).values(done=BEAT.c.done + done, **said)
        if not affected(work, alive):
            work.session.execute(insert(BEAT).values(name=name, started_at=now, done=done, **said))
    return 0
