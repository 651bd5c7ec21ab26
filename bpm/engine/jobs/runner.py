"""The worker's round over the jobs: take each, run it, hand it back (see `jobs` for how races are decided)."""

import os
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from time import perf_counter
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import InterfaceError, OperationalError

from bpm.engine.expressions.scripts import run_script
from bpm.engine.instances.correlation import correlate, deliver_to, pass_on
from bpm.engine.instances.instances import advance, see
from bpm.engine.instances.loading import SuspendedError, lock, look
from bpm.engine.instances.on_record import Cause
from bpm.engine.jobs.candidates import Candidate, candidates, candidates_in
from bpm.engine.jobs.jobs import BpmnError, Leased, Outside, ServiceTask, end, give_up, lease, try_again
from bpm.engine.jobs.lease_renewal import kept
from bpm.engine.rules.variables import admit
from bpm.engine.spiff.step import JobDone, JobError
from bpm.engine.status import JobKind
from bpm.foundation.errors import ConflictError, EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions, Work

log = logger(__name__)

BORN = uuid4().hex[:6]
"""Tells this process from earlier ones that had its number."""
SLOW = 1.0
"""Seconds that a job may take before the rest of its topic waits for the next round."""
SOURCE = "__script__"
SCRIPT_ROUNDS = 5
"""How often a script runs anew because its instance moved on under it, before it waits for its next turn."""


class _UnknownTopicError(Exception):
    """Nobody here does jobs of that topic: trying again would not help."""


def sweep_jobs(
    unit_of_work: Transactions,
    service_tasks: Mapping[str, ServiceTask],
    *,
    owner: str | None = None,
    instance_id: int | None = None,
    overdue_by: timedelta = timedelta(0),
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Take and run up to a batch of jobs, each in transactions of its own; gives how many were taken.

    `instance_id`: only those of that instance. `overdue_by`: only those that fell due so long ago. Once `stopping`
    says so, the job under way is the last.
    """
    owner = owner or f"{socket.gethostname()}:{os.getpid()}:{BORN}:{threading.get_ident()}"[-80:]
    if instance_id is None:
        with unit_of_work.reading() as work:
            found, ahead = candidates(work, overdue_by=overdue_by, owner=owner), dict[int, Leased | None]()
    elif stopping():
        return 0
    else:
        found, ahead = _look_and_lease(unit_of_work, instance_id, owner=owner)
    taken, slow = 0, set[str]()
    for each in found:
        if stopping() and each.id not in ahead:
            break
        if each.topic in slow:
            continue
        began = perf_counter()
        if each.id in ahead:
            leased = ahead[each.id]
        else:
            with unit_of_work() as work:
                leased = lease(work, each.id, each.status, owner=owner)
        if leased is not None:
            taken += 1
            _run(unit_of_work, leased, service_tasks)
        if perf_counter() - began > SLOW:
            slow.add(each.topic)
    return taken


def _look_and_lease(
    unit_of_work: Transactions, instance_id: int, *, owner: str
) -> tuple[list[Candidate], dict[int, Leased | None]]:
    """Jobs of an instance that could be taken, and the lease of the first, in one transaction: most have just one."""
    with unit_of_work() as work:
        found = candidates_in(work, instance_id, owner=owner)
        return found, {each.id: lease(work, each.id, each.status, owner=owner) for each in found[:1]}


def _run(unit_of_work: Transactions, leased: Leased, service_tasks: Mapping[str, ServiceTask]) -> None:
    try:
        if leased.kind == JobKind.SCRIPT:
            _run_script(unit_of_work, leased)
            return
        if leased.kind == JobKind.DELIVER:
            with unit_of_work() as work:
                _pass_on(work, leased)
            return
        task = _task(leased, service_tasks)
        with kept(unit_of_work, leased):
            _do(unit_of_work, leased, task)
    except BpmnError as error:
        _throw(unit_of_work, leased, error)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a service task raises, it becomes a retry or a Failure
        _fail(unit_of_work, leased, error)


def _do(unit_of_work: Transactions, leased: Leased, task: ServiceTask) -> None:
    if isinstance(task, Outside):
        values = task.run(leased.call)
        with unit_of_work() as work:
            _hand_back(work, leased, values)
        return
    with unit_of_work() as work:
        _hand_back(work, leased, task(work, leased.call))


def _run_script(unit_of_work: Transactions, leased: Leased) -> None:
    """Run a script on what it sees now, outside any transaction, and hand back what it changed.

    If the instance moved on in the meantime, the script may have read what is no longer so: it runs again.
    """
    for _ in range(SCRIPT_ROUNDS):
        with unit_of_work.reading() as work:
            seen = look(work, leased.call.instance_id)
            visible = see(work, seen, leased.uid)
        left = run_script(leased.call.payload[SOURCE], visible)
        with unit_of_work() as work:
            if lock(work, leased.call.instance_id).revision == seen.revision:
                _hand_back(work, leased, left.changed, deleted=left.deleted)
                return
    raise ConflictError("The instance moved on each time while the script ran.", remedy="It is tried again later.")


def _task(leased: Leased, service_tasks: Mapping[str, ServiceTask]) -> ServiceTask:
    found = service_tasks.get(leased.call.topic)
    if found is None:
        what = "decision" if leased.kind == JobKind.DECISION else "topic"
        raise _UnknownTopicError(
            f"Nobody here does jobs of the {what} {leased.call.topic!r}. "
            "Register a service task for it and retry, or complete the job by hand."
        )
    return found


def _hand_back(work: Work, leased: Leased, values: Mapping[str, Any], *, deleted: frozenset[str] = frozenset()) -> None:
    loaded = lock(work, leased.call.instance_id)
    end(work, leased)
    advance(work, loaded, JobDone(leased.uid, admit(values or {}), deleted), cause=Cause("job", settled=True))


def _pass_on(work: Work, leased: Leased) -> None:
    """Deliver what an earlier transaction left to the worker."""
    order, event = leased.call.payload, leased.call.topic
    if order["do"] in ("correlate", "broadcast"):
        pass_on(work, event, order, sender=leased.call.instance_id)
    else:
        _deliver(work, leased, order)
    end(work, leased)


def _deliver(work: Work, leased: Leased, order: Mapping[str, Any]) -> None:
    """Give it to whom it was meant for; a message that comes too late there is looked at as if it came now."""
    try:
        deliver_to(work, leased.call.instance_id, leased.uid, order["payload"])
    except SuspendedError:
        raise
    except ConflictError:
        if order.get("kind") == "message":
            correlate(work, order["event"], key=order["key"], payload=order["payload"])
        else:
            log.info("nobody waits for it any more", job=leased.call.job_id, instance=leased.call.instance_id)


def _throw(unit_of_work: Transactions, leased: Leased, error: BpmnError) -> None:
    try:
        brought = admit(error.variables)
        command = JobError(leased.uid, error.code, error.message, escalation=error.escalation, variables=brought)
        with unit_of_work() as work:
            loaded = lock(work, leased.call.instance_id)
            end(work, leased)
            advance(work, loaded, command, cause=Cause("job_error", reason=error.code))
    except Exception as failure:  # noqa: BLE001 - as above
        _fail(unit_of_work, leased, failure)


def _fail(unit_of_work: Transactions, leased: Leased, error: BaseException) -> None:
    """Try again later, or put a Failure before the operators. Says nothing if the job is no longer ours.

    A lost race and trouble of the database are no fault of the job: those attempts do not count.
    """
    message = str(error) if isinstance(error, EarshotError | _UnknownTopicError) else f"{type(error).__name__}: {error}"
    log.warning("job failed", job=leased.call.job_id, topic=leased.call.topic, error=message)
    with unit_of_work() as work:
        if isinstance(error, _UnknownTopicError):
            give_up(work, leased, cause="unknown_topic", message=message)
        elif isinstance(error, ConflictError | OperationalError | InterfaceError):
            try_again(work, leased, message, retries=leased.retries + 1)
        elif leased.call.attempt >= leased.retries:
            cause = "script" if leased.kind == JobKind.SCRIPT else "job"
            give_up(work, leased, cause=cause, message=message)
        else:
            try_again(work, leased, message, retries=leased.retries)
