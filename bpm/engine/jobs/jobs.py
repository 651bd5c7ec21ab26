"""Jobs: leased by one worker at a time, run, handed back under a fence; what keeps failing becomes a Failure.

How two workers never do the same job twice
1. Candidates are found by query (see `waiting_jobs`).
2. A job is taken by a conditional UPDATE that raises `attempts`. If not exactly one row changed, another worker got it.
3. The job runs. A service task's own writes, the job's end and the instance's next step are one transaction.
4. Rows are locked in one order, instance before job, as all commands do: nobody waits in a circle.
   The end is written `WHERE lease_owner = ? AND attempts = ?`: who lost the lease in the meantime changes nothing.
5. While a job runs, a thread renews its lease; whose worker is gone loses it. Who is known to live takes back at once
   what it still holds: a worker runs one job at a time, so it has lost sight of that one.
6. An error rolls all that back; the job waits (back-off with jitter) and is tried again, `retries` times in all.
   Then it is a Failure, which blocks no other job.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, or_, select, update

from bpm.engine.instances.failure_rows import open_failure
from bpm.engine.instances.instances import advance
from bpm.engine.instances.loading import lock
from bpm.engine.instances.on_record import Cause
from bpm.engine.models import Job
from bpm.engine.rules.retry_policy import wait_before
from bpm.engine.rules.variables import admit
from bpm.engine.spiff.step import JobDone
from bpm.engine.status import JobKind, JobStatus
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Work, affected

JOB = cast("Table", Job.__table__)

LEASE_FOR = timedelta(minutes=5)
LONGEST_LEASE = timedelta(minutes=15)
"""A lease that ends later than this was made by a clock that is wrong: it holds nothing."""


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


@dataclass(frozen=True)
class Outside:
    """A service task that calls the outside and may take minutes: it runs outside any transaction.

    `run` gives the variables it found out; they are handed back in a transaction of their own. It may be called more
    than once for one job: hand the call's idempotency key on.
    """

    run: Callable[[JobCall], Mapping[str, Any]]


ServiceTask = Callable[[Work, JobCall], Mapping[str, Any]] | Outside
"""Does the work of one topic inside the job's transaction (or outside any); gives the variables it found out."""


class BpmnError(Exception):
    """A service task ends in an error (or escalation) of that code, which the model may catch.

    `variables` go to who catches it.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        escalation: bool = False,
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message or code)
        self.variables = dict(variables or {})
        self.code = code
        self.message = message
        self.escalation = escalation


@dataclass(frozen=True)
class Leased:
    """A job in our hands."""

    call: JobCall
    uid: str
    kind: JobKind
    retries: int
    waits: str | None
    """How long to wait between attempts (see `retrying`)."""
    owner: str


def _taking(*free: ColumnElement[bool]) -> Any:
    taken = {"status": JobStatus.LEASED, "attempts": JOB.c.attempts + 1}
    return (
        update(JOB)
        .where(JOB.c.id == bindparam("job"), *free)
        .values(**taken, lease_owner=bindparam("owner"), lease_until=bindparam("until"))
        .returning(*JOB.c)
    )


# Built once: building them costs more than running them.
_TAKE_READY = _taking(JOB.c.status == JobStatus.READY, JOB.c.run_at <= bindparam("now"))
_TAKE_LOST = _taking(
    JOB.c.status == JobStatus.LEASED,
    or_(
        JOB.c.lease_until < bindparam("now"),
        JOB.c.lease_until > bindparam("beyond"),
        JOB.c.lease_owner == bindparam("owner"),
    ),
)
_END = (
    update(JOB)
    .where(
        JOB.c.id == bindparam("job"),
        JOB.c.status == JobStatus.LEASED,
        JOB.c.lease_owner == bindparam("owner"),
        JOB.c.attempts == bindparam("attempt"),
    )
    .values(status=JobStatus.DONE, payload={}, lease_owner=None, lease_until=None, last_error=None)
)


def lease(work: Work, job_id: int, status: JobStatus, *, owner: str) -> Leased | None:
    """Take the job, or None: another worker was faster, or it was lost so often that it is now a Failure."""
    taking = _TAKE_READY if status == JobStatus.READY else _TAKE_LOST
    now = work.now()
    times = {"now": now, "until": now + LEASE_FOR}
    if status != JobStatus.READY:
        times["beyond"] = now + LONGEST_LEASE
    row = work.session.execute(taking, {"job": job_id, "owner": owner, **times}).first()
    if row is None:
        return None
    leased = Leased(_call(row), row.uid, row.kind, row.retries, row.retry_in, owner)
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
    fence = {"job": leased.call.job_id, "owner": leased.owner, "attempt": leased.call.attempt}
    if affected(work, _END, fence) != 1:
        raise ConflictError(f"Job {leased.call.job_id} was taken over or withdrawn.", remedy="Nothing was changed.")


def _fence(leased: Leased) -> tuple[Any, ...]:
    return (
        JOB.c.id == leased.call.job_id,
        JOB.c.status == JobStatus.LEASED,
        JOB.c.lease_owner == leased.owner,
        JOB.c.attempts == leased.call.attempt,
    )


def renew(work: Work, leased: Leased) -> bool:
    """Hold the job for another while; False when it is no longer ours."""
    return affected(work, update(JOB).where(*_fence(leased)).values(lease_until=work.now() + LEASE_FOR)) == 1


def try_again(work: Work, leased: Leased, message: str, *, retries: int) -> None:
    """Give the job back, to be taken anew after its wait."""
    waiting = {
        "status": JobStatus.READY,
        "run_at": work.now()
        + wait_before(leased.call.attempt, leased.waits, job_id=leased.call.job_id, now=work.now()),
        "retries": retries,
        "lease_owner": None,
        "lease_until": None,
        "last_error": message,
    }
    work.session.execute(update(JOB).where(*_fence(leased)).values(waiting))


def give_up(work: Work, leased: Leased, *, cause: str, message: str) -> None:
    """Put the job before the operators; nothing if it is no longer ours."""
    failed = {"status": JobStatus.FAILED, "lease_owner": None, "lease_until": None, "last_error": message}
    if affected(work, update(JOB).where(*_fence(leased)).values(failed)) != 1:
        return
    call = leased.call
    open_failure(
        work, call.instance_id, version_id=call.version_id, uid=leased.uid, element=call.element, cause=cause,
        message=message, job_id=call.job_id,
    )  # fmt: skip


def make_ready(work: Work, job_id: int, *, now: datetime, seen: Mapping[str, Any]) -> bool:
    """Let a failed job be tried afresh on the variables it sees now; False when it is not failed any more."""
    failed = (JOB.c.id == job_id, JOB.c.status == JobStatus.FAILED)
    payload = work.session.scalar(select(JOB.c.payload).where(*failed))
    if payload is None:
        return False
    ours = {name: value for name, value in payload.items() if name.startswith("__")}
    fresh = {"status": JobStatus.READY, "attempts": 0, "run_at": now, "last_error": None, "payload": {**seen, **ours}}
    work.nudge("jobs")
    return affected(work, update(JOB).where(*failed).values(fresh)) == 1


def complete_by_hand(work: Work, job_id: int, variables: Mapping[str, Any], *, reason: str) -> None:
    """Hand back a job that failed, as if a worker had done it, for a reason that stays on record."""
    row = work.session.execute(select(JOB.c.instance_id, JOB.c.uid).where(JOB.c.id == job_id)).one()
    loaded, done = lock(work, row.instance_id), {"status": JobStatus.DONE, "payload": {}}
    if affected(work, update(JOB).where(JOB.c.id == job_id, JOB.c.status == JobStatus.FAILED).values(done)) != 1:
        raise ConflictError(f"Job {job_id} is not failed (any more).", remedy="Look again, then decide.")
    advance(work, loaded, JobDone(row.uid, admit(variables)), cause=Cause("job", reason=reason))
