"""Failures: tried again, one or all of a cause, or completed by hand; always with a reason that stays on record."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm import audit
from bpm.engine.instances.instances import see
from bpm.engine.instances.loading import lock
from bpm.engine.jobs.jobs import complete_by_hand, make_ready
from bpm.engine.models import Failure
from bpm.engine.operations.modification import retry_visit, set_variables, skip_visit
from bpm.engine.rules.audit_names import about
from bpm.engine.rules.reasons import demand_reason
from bpm.engine.status import FailureStatus
from bpm.engine.timers.start_timers import retry_start, skip_start
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.work import Work, affected

FAILURE = cast("Table", Failure.__table__)


def retry(work: Work, failure_id: int, *, reason: str, variables: Mapping[str, Any] | None = None) -> None:
    """Try again what failed, with `variables` changed first. ConflictError when it is not open any more."""
    failure = _resolve(work, failure_id, reason)
    if failure.instance_id is None:
        retry_start(work, failure.version_id, failure.element)
        return
    if variables:
        set_variables(work, failure.instance_id, variables, reason=reason)
    if failure.job_id is None:
        retry_visit(work, failure.instance_id, failure.uid, reason=reason)
        return
    fresh = see(work, lock(work, failure.instance_id), failure.uid)
    if not make_ready(work, failure.job_id, now=work.now(), seen=fresh):
        raise ConflictError(f"Job {failure.job_id} is not failed any more.", remedy="Look again, then decide.")


def skip(work: Work, failure_id: int, variables: Mapping[str, Any] | None = None, *, reason: str) -> None:
    """Pass over what failed: its visit counts as completed, with `variables` instead of its results.

    Of a start that did not begin this occurrence is left out.
    """
    failure = _resolve(work, failure_id, reason)
    if failure.instance_id is None:
        skip_start(work, failure.version_id, failure.element)
        return
    skip_visit(work, failure.instance_id, failure.uid, variables, reason=reason)


def complete_failed_job(work: Work, failure_id: int, variables: Mapping[str, Any], *, reason: str) -> None:
    """Hand back the failed job as if a worker had done it, with `variables` as its result."""
    failure = _resolve(work, failure_id, reason)
    if failure.job_id is None:
        raise InvalidInputError("This failure is no job.", remedy="Change the variables, then retry.")
    complete_by_hand(work, failure.job_id, variables, reason=reason)


def _resolve(work: Work, failure_id: int, reason: str) -> Any:
    """Mark the failure resolved, its instance locked first as every command does. Gives what failed."""
    said = demand_reason(reason)
    columns = ("instance_id", "version_id", "element", "uid", "job_id")
    query = select(*(FAILURE.c[name] for name in columns)).where(FAILURE.c.id == failure_id)
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no failure {failure_id}.")
    if row.instance_id is not None:
        lock(work, row.instance_id, even_suspended=True)
    values = {
        "status": FailureStatus.RESOLVED,
        "resolved_at": work.now(),
        "resolved_by": work.actor.user_id,
        "reason": said,
    }
    here = (FAILURE.c.id == failure_id, FAILURE.c.status == FailureStatus.OPEN)
    if affected(work, update(FAILURE).where(*here).values(values)) != 1:
        raise ConflictError(f"Failure {failure_id} is resolved already.", remedy="Nothing was changed.")
    subject = about(row.instance_id) if row.instance_id is not None else ""
    thing = audit.Thing("failure", failure_id, f"Failure at {row.element}", subject)
    change = {"status": FailureStatus.OPEN}, {"status": FailureStatus.RESOLVED}
    audit.record(work, "failure.resolve", thing, before=change[0], after=change[1], reason=said)
    work.nudge("failures")
    return row
