"""The only writer of visits, work items, jobs, subscriptions and failures: a Step becomes rows, set by set."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update

from bpm.engine.instances.failure_rows import open_failure
from bpm.engine.instances.place import Place
from bpm.engine.instances.waiting_rows import arm, offer, queue, subscribe
from bpm.engine.models import ActivityInstance, EventSubscription, Failure, Job, WorkItem
from bpm.engine.spiff.step import Opened, Step
from bpm.engine.status import (
    UNDONE_JOBS,
    WAITING_SUBSCRIPTIONS,
    ActivityStatus,
    FailureStatus,
    JobKind,
    JobStatus,
    SubscriptionStatus,
    WorkItemStatus,
)
from bpm.foundation.db import among
from bpm.foundation.work import Work

ACTIVITY = cast("Table", ActivityInstance.__table__)
ITEM = cast("Table", WorkItem.__table__)
JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
FAILURE = cast("Table", Failure.__table__)


# The statements of every step, built once: building them costs more than running them.
_END_VISITS = (
    update(ACTIVITY)
    .where(ACTIVITY.c.instance_id == bindparam("instance"), among(ACTIVITY.c.uid, "uids"))
    .values(status=bindparam("outcome"), closed_at=bindparam("at"), actor_id=bindparam("actor"))
)
_ADD_VISITS = insert(ACTIVITY)


def _withdrawing(table: Table, statuses: frozenset[Any], *conditions: Any, **values: Any) -> Any:
    under = (table.c.instance_id == bindparam("instance"), among(table.c.uid, "uids"))
    return update(table).where(*under, table.c.status.in_(statuses), *conditions).values(**values)


_WITHDRAW = (
    _withdrawing(ITEM, frozenset({WorkItemStatus.OPEN}), status=WorkItemStatus.CANCELLED, completed_at=bindparam("at")),
    # A message on its way was accepted: it finds out itself that nobody waits here any more.
    _withdrawing(
        JOB, UNDONE_JOBS, JOB.c.kind != JobKind.DELIVER,
        status=JobStatus.CANCELLED, lease_owner=None, lease_until=None,
    ),
    _withdrawing(SUBSCRIPTION, WAITING_SUBSCRIPTIONS, status=SubscriptionStatus.CLOSED),
    _withdrawing(
        FAILURE, frozenset({FailureStatus.OPEN}),
        status=FailureStatus.RESOLVED, resolved_at=bindparam("at"), reason="The visit ended.",
    ),
)  # fmt: skip


def project(work: Work, place: Place, step: Step) -> None:
    """Write what `step` opened, closed and waits for. First endings, then beginnings: a uid may wait anew."""
    now = work.now()
    _close(work, place, step, now=now)
    _open_visits(work, place, step, now=now)
    if step.work_items:
        offer(work, place, step.work_items, shared=step.variables)
    if step.jobs:
        queue(work, place, step)
    if step.timers:
        arm(work, place, step)
    if step.subscriptions:
        subscribe(work, place, step)
    for failure in step.failures:
        open_failure(
            work, place.instance_id, version_id=place.version_id, uid=failure.uid, element=failure.element,
            cause=failure.cause, message=failure.message,
        )  # fmt: skip


def _close(work: Work, place: Place, step: Step, *, now: datetime) -> None:
    fresh = {opened.uid for opened in step.opened}
    endings: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for closed in step.closed:
        if closed.uid not in fresh:
            endings[closed.outcome, closed.uid == place.acted].append(closed.uid)
    for (outcome, acted), uids in endings.items():
        actor = work.actor.user_id if acted else None
        ending = {"instance": place.instance_id, "uids": uids, "outcome": outcome, "at": now, "actor": actor}
        work.session.execute(_END_VISITS, ending)
    gone = [uid for uids in endings.values() for uid in uids if not (place.settled and uid == place.acted)]
    if gone:
        _withdraw(work, place, gone, now=now)


def _withdraw(work: Work, place: Place, uids: Sequence[str], *, now: datetime) -> None:
    """Whatever waits under visits that ended waits no more."""
    for statement in _WITHDRAW:
        work.session.execute(statement, {"instance": place.instance_id, "uids": uids, "at": now})


def _open_visits(work: Work, place: Place, step: Step, *, now: datetime) -> None:
    outcomes = {closed.uid: closed.outcome for closed in step.closed}
    rows = [_visit(place, opened, outcome=outcomes.get(opened.uid), now=now) for opened in step.opened]
    if rows:
        work.session.execute(_ADD_VISITS, rows)


def _visit(place: Place, opened: Opened, *, outcome: str | None, now: datetime) -> dict[str, Any]:
    return {
        "instance_id": place.instance_id,
        "version_id": place.called.get(opened.process, place.version_id),
        "uid": opened.uid,
        "element": opened.element,
        "name": opened.name,
        "type": opened.type,
        "parent": opened.parent,
        "process": opened.process if opened.process not in ("", place.process_id) else None,
        "status": outcome or ActivityStatus.OPEN,
        "opened_at": now,
        "closed_at": now if outcome else None,
    }
