"""Jobs: leased by one worker at a time, run, handed back under a fence; what keeps failing becomes a Failure.

How two workers never do the same job twice
1. Candidates come from two queries, ready-and-due and expired-lease: one query with OR would use neither index.
2. A job is taken by a conditional UPDATE that raises `attempts`. If not exactly one row changed, another worker got it.
3. The job runs. A service task's own writes, the job's end and the instance's next step are one transaction.
4. Rows are locked in one order, instance before job, as all commands do: nobody waits in a circle.
   The end is written `WHERE lease_owner = ? AND attempts = ?`: who lost the lease in the meantime changes nothing.
5. An error rolls all that back; the job waits (back-off with jitter) and is tried again, `retries` times in all.
   Then it is a Failure, which blocks no other job.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm.engine.instances import Cause, advance, lock
from bpm.engine.models import Job
from bpm.engine.projection import Place, affected, open_failure
from bpm.engine.spiff.step import JobDone
from bpm.engine.variables import admit
from bpm.errors import ConflictError
from bpm.work import Work

JOB = cast("Table", Job.__table__)

JOBS_AT_ONCE = 20
LEASE_FOR = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class JobCall:
    """What a service task is told. `payload`: the variables it may read."""

    job_id: int
    instance_id: int
    version_id: int
    element: str
    topic: str
    payload: dict[str, Any]
    idempotency_key: str
    """The same at every attempt: hand it to the outside, which may see a call more than once."""
    attempt: int


ServiceTask = Callable[[Work, JobCall], Mapping[str, Any]]
"""Does the work of one topic inside the job's transaction; gives the variables it found out."""


class BpmnError(Exception):
    """A service task ends in an error (or escalation) of that code, which the model may catch."""

    def __init__(self, code: str, message: str = "", *, escalation: bool = False) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.escalation = escalation


@dataclass(frozen=True)
class Leased:
    """A job in our hands."""

    call: JobCall
    uid: str
    kind: str
    retries: int
    owner: str


def candidates(
    work: Work, *, instance_id: int | None = None, overdue_by: timedelta = timedelta(0)
) -> list[tuple[int, str]]:
    """(id, status) of jobs that could be taken now: due ones, then those whose lease ran out.

    Only those of one instance, and only what fell due so long ago, where that is asked for.
    """
    now = work.now()
    where = () if instance_id is None else (JOB.c.instance_id == instance_id,)
    ready = (
        select(JOB.c.id, JOB.c.status)
        .where(JOB.c.status == "ready", JOB.c.run_at <= now - overdue_by, *where)
        .order_by(JOB.c.run_at, JOB.c.id)
        .limit(JOBS_AT_ONCE)
    )
    expired = (
        select(JOB.c.id, JOB.c.status)
        .where(JOB.c.status == "leased", JOB.c.lease_until < now, *where)
        .order_by(JOB.c.lease_until, JOB.c.id)
        .limit(JOBS_AT_ONCE)
    )
    return [(row.id, row.status) for query in (ready, expired) for row in work.session.execute(query)]


def lease(work: Work, job_id: int, status: str, *, owner: str) -> Leased | None:
    """Take the job, or None: another worker was faster, or it was lost so often that it is now a Failure."""
    now = work.now()
    free = JOB.c.run_at <= now if status == "ready" else JOB.c.lease_until < now
    taking = (
        update(JOB)
        .where(JOB.c.id == job_id, JOB.c.status == status, free)
        .values(status="leased", attempts=JOB.c.attempts + 1, lease_owner=owner, lease_until=now + LEASE_FOR)
        .returning(*JOB.c)
    )
    row = work.session.execute(taking).first()
    if row is None:
        return None
    leased = Leased(_call(row), row.uid, row.kind, row.retries, owner)
    if row.attempts > row.retries:
        lost = f"Its worker was lost {row.attempts - 1} times while doing it. Last error: {row.last_error or 'none'}."
        give_up(work, leased, cause="lease_lost", message=lost)
        return None
    return leased


def _call(row: Any) -> JobCall:
    return JobCall(
        job_id=row.id,
        instance_id=row.instance_id,
        version_id=row.version_id,
        element=row.element,
        topic=row.topic,
        payload=row.payload,
        idempotency_key=f"{row.instance_id}:{row.uid}:{row.id}",
        attempt=row.attempts,
    )


def end(work: Work, leased: Leased) -> None:
    """Write the job's end under its fence."""
    ended: dict[str, Any] = {
        "status": "done",
        "payload": {},
        "lease_owner": None,
        "lease_until": None,
        "last_error": None,
    }
    if affected(work, update(JOB).where(*_fence(leased)).values(ended)) != 1:
        raise ConflictError(f"Job {leased.call.job_id} was taken over or withdrawn.", remedy="Nothing was changed.")


def _fence(leased: Leased) -> tuple[Any, ...]:
    return (
        JOB.c.id == leased.call.job_id,
        JOB.c.status == "leased",
        JOB.c.lease_owner == leased.owner,
        JOB.c.attempts == leased.call.attempt,
    )


def try_again(work: Work, leased: Leased, message: str, *, retries: int) -> None:
    """Give the job back, to be taken anew after its wait."""
    waiting = {
        "status": "ready",
        "run_at": work.now() + back_off(leased.call.job_id, leased.call.attempt),
        "retries": retries,
        "lease_owner": None,
        "lease_until": None,
        "last_error": message,
    }
    work.session.execute(update(JOB).where(*_fence(leased)).values(waiting))


def give_up(work: Work, leased: Leased, *, cause: str, message: str) -> None:
    """Put the job before the operators; nothing if it is no longer ours."""
    failed = {"status": "failed", "lease_owner": None, "lease_until": None, "last_error": message}
    if affected(work, update(JOB).where(*_fence(leased)).values(failed)) != 1:
        return
    call = leased.call
    place = Place(call.instance_id, call.version_id, "")
    open_failure(
        work, place, uid=leased.uid, element=call.element, cause=cause, message=message, job_id=call.job_id
    )  # fmt: skip


def back_off(job_id: int, attempt: int) -> timedelta:
    """Wait before the next attempt: doubling, bounded, spread by a fifth either way so that herds disperse."""
    wait = min(FIRST_WAIT * 2 ** min(attempt - 1, 20), LONGEST_WAIT)
    spread = zlib.crc32(f"{job_id}:{attempt}".encode()) / 2**32
    return timedelta(seconds=wait.total_seconds() * (0.8 + 0.4 * spread))


def make_ready(work: Work, job_id: int, *, now: datetime, seen: Mapping[str, Any]) -> bool:
    """Let a failed job be tried afresh on the variables it sees now; False when it is not failed any more."""
    failed = (JOB.c.id == job_id, JOB.c.status == "failed")
    payload = work.session.scalar(select(JOB.c.payload).where(*failed))
    if payload is None:
        return False
    ours = {name: value for name, value in payload.items() if name.startswith("__")}
    fresh = {"status": "ready", "attempts": 0, "run_at": now, "last_error": None, "payload": {**seen, **ours}}
    work.nudge("jobs")
    return affected(work, update(JOB).where(*failed).values(fresh)) == 1


def complete_by_hand(work: Work, job_id: int, variables: Mapping[str, Any], *, reason: str) -> None:
    """Hand back a job that failed, as if a worker had done it, for a reason that stays on record."""
    row = work.session.execute(select(JOB.c.instance_id, JOB.c.uid).where(JOB.c.id == job_id)).one()
    loaded, done = lock(work, row.instance_id), {"status": "done", "payload": {}}
    if affected(work, update(JOB).where(JOB.c.id == job_id, JOB.c.status == "failed").values(done)) != 1:
        raise ConflictError(f"Job {job_id} is not failed (any more).", remedy="Look again, then decide.")
    advance(work, loaded, JobDone(row.uid, admit(variables)), cause=Cause("job", reason=reason))
