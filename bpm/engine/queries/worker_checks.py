"""What is wrong with workers, their clocks and their leases: read from the rows they leave, for the doctor."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, func, select

from bpm.engine.jobs.jobs import LONGEST_LEASE
from bpm.engine.models import EventSubscription, Job
from bpm.engine.queries.monitoring import WorkerRow, list_workers
from bpm.engine.status import JobStatus, SubscriptionKind, SubscriptionStatus
from bpm.foundation.work import Work

JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)

FROZEN_AFTER = timedelta(minutes=1)
"""How long a worker that lives may be silent: six of its heartbeats."""
REMEMBERED = timedelta(days=1)
"""How long a worker that ended without a word is still told of."""
OVERDUE_BY = timedelta(minutes=5)
"""How long what is due may wait for a worker."""
SHOWN = 5


@dataclass(frozen=True)
class Silent:
    """A worker that has not been heard of for a while and did not say goodbye."""

    worker: WorkerRow
    since: timedelta
    lives: bool | None
    """Whether its process is there; None where that cannot be seen from here."""
    busy: bool
    """Whether it holds a job whose lease is kept: it then works, and is silent because of that."""


def clock_problems(work: Work, most: timedelta) -> list[str]:
    """Workers heard of lately whose clock is further off than `most`, or whose heartbeat lies ahead of now."""
    return list(_clock_problems(work, most))


def _clock_problems(work: Work, most: timedelta) -> Iterator[str]:
    now = work.now()
    for worker in list_workers(work):
        if worker.left_at is not None or now - worker.seen_at > REMEMBERED:
            continue
        skew = timedelta(milliseconds=worker.skew_ms or 0)
        if abs(skew) > most:
            way = "ahead of" if skew > timedelta(0) else "behind"
            yield f"the clock of worker {worker.name} is {abs(skew.total_seconds()):.0f} s {way} the database's"
        if worker.seen_at > now + most:
            yield f"worker {worker.name} was heard of in the future, at {worker.seen_at:%Y-%m-%d %H:%M:%S} UTC"


def silent_workers(work: Work, *, lives: Callable[[WorkerRow], bool | None] | None = None) -> list[Silent]:
    """Workers that neither said goodbye nor were heard of for FROZEN_AFTER, within the last day."""
    now = work.now()
    lives = lives or (lambda worker: process_lives(worker, silent_for=now - worker.seen_at))
    busy = select(JOB.c.lease_owner).where(JOB.c.status == JobStatus.LEASED, JOB.c.lease_until >= now)
    owners = [owner for owner in work.session.scalars(busy) if owner]
    return [
        Silent(each, now - each.seen_at, lives(each), any(owner.startswith(f"{each.name}:") for owner in owners))
        for each in list_workers(work)
        if each.left_at is None and FROZEN_AFTER < now - each.seen_at < REMEMBERED
    ]


def lease_problems(work: Work) -> list[str]:
    """Jobs whose lease is longer than any worker makes, or ran out long ago without being taken up."""
    now = work.now()
    wrong = (
        ("is leased until {until}, longer than any worker leases", JOB.c.lease_until > now + LONGEST_LEASE),
        ("lost its worker at {until} and nobody takes it up", JOB.c.lease_until < now - OVERDUE_BY),
    )
    found = []
    for says, condition in wrong:
        query = select(JOB.c.id, JOB.c.lease_owner, JOB.c.lease_until).where(
            JOB.c.status == JobStatus.LEASED, condition
        )
        for row in work.session.execute(query.order_by(JOB.c.id).limit(SHOWN)):
            until = f"{row.lease_until:%Y-%m-%d %H:%M:%S} UTC"
            found.append(f"job {row.id} of {row.lease_owner} {says.format(until=until)}")
    return found


def overdue_work(work: Work) -> list[str]:
    """Jobs and timers that fell due more than OVERDUE_BY ago: how many, and since when."""
    before = work.now() - OVERDUE_BY
    timers = (
        SUBSCRIPTION.c.kind == SubscriptionKind.TIMER,
        SUBSCRIPTION.c.status == SubscriptionStatus.OPEN,
        SUBSCRIPTION.c.due_at < before,
    )
    kinds: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
        ("jobs", JOB.c.run_at, (JOB.c.status == JobStatus.READY, JOB.c.run_at < before)),
        ("timers", SUBSCRIPTION.c.due_at, timers),
    )
    found = []
    for kind, column, conditions in kinds:
        row = work.session.execute(select(func.count(), func.min(column)).where(*conditions)).one()
        if row[0]:
            found.append(f"{row[0]} {kind} are due, the first since {row[1]:%Y-%m-%d %H:%M:%S} UTC")
    return found


def process_lives(worker: WorkerRow, *, silent_for: timedelta) -> bool | None:
    """Whether the worker's process is there, on this machine; None for a worker of another machine.

    A process that began after the worker was last heard of has only got the number of one that is gone.
    """
    host, _, number = worker.name.rpartition(":")
    if host != socket.gethostname() or not number.isdigit():
        return None
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        up = float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return False if Path("/proc/self/stat").exists() else None
    # Field 22 is the start in ticks since the machine began, 20 of those behind the name; a tick is 10 ms on Linux.
    age = timedelta(seconds=up - int(fields[19]) / 100)
    return age >= silent_for
