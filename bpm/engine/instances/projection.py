"""The only writer of visits, work items, jobs, subscriptions and failures: a Step becomes rows, set by set."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from bpm.engine.definitions.connectors import connector_of
from bpm.engine.events import FailureOpened, WorkItemOpened
from bpm.engine.expressions.times.due import due_instant
from bpm.engine.instances.service_clock import set_targets
from bpm.engine.models import NORMAL_PRIORITY, ActivityInstance, EventSubscription, Failure, Job, WorkItem
from bpm.engine.rules.group_keys import group_key
from bpm.engine.rules.retry_policy import policy_of
from bpm.engine.spiff.step import NewJob, NewSubscription, NewTimer, NewWorkItem, Opened, Step
from bpm.engine.status import (
    UNDONE_JOBS,
    WAITING_SUBSCRIPTIONS,
    ActivityStatus,
    FailureStatus,
    JobKind,
    JobStatus,
    SubscriptionKind,
    SubscriptionStatus,
    WorkItemStatus,
)
from bpm.foundation.work import Work, affected
from bpm.identity.groups import group_that_gets
from bpm.identity.models import User

ACTIVITY = cast("Table", ActivityInstance.__table__)
ITEM = cast("Table", WorkItem.__table__)
JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
FAILURE = cast("Table", Failure.__table__)


# The statements of every step, built once: building them costs more than running them.
_END_VISITS = (
    update(ACTIVITY)
    .where(ACTIVITY.c.instance_id == bindparam("instance"), ACTIVITY.c.uid.in_(bindparam("uids", expanding=True)))
    .values(status=bindparam("outcome"), closed_at=bindparam("at"), actor_id=bindparam("actor"))
)
_ADD_VISITS = insert(ACTIVITY)


def _withdrawing(table: Table, statuses: frozenset[Any], *conditions: Any, **values: Any) -> Any:
    under = (table.c.instance_id == bindparam("instance"), table.c.uid.in_(bindparam("uids", expanding=True)))
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
_ADD_ITEMS = (
    insert(ITEM)
    .values(group_key=group_that_gets(bindparam("offered_to")))
    .returning(ITEM.c.id, ITEM.c.group_key, sort_by_parameter_order=True)
)
"""A name that stands for a group is resolved where work is offered, in the same statement."""


@dataclass(frozen=True)
class Place:
    """Whose rows are written, on whose behalf."""

    instance_id: int
    version_id: int
    process_id: str
    called: Mapping[str, int] = field(default_factory=dict)
    """{process id: version id} of called processes that other definitions brought."""
    targets: Mapping[str, str] | None = None
    """Service targets of the process, empty for none; None where nobody read them with the instance."""
    acted: str | None = None
    """uid of the visit that the command acted on; its closing is the actor's doing."""
    settled: bool = False
    """The command has written the waiting row of `acted` itself: nothing else can wait under that uid."""


def project(work: Work, place: Place, step: Step) -> None:
    """Write what `step` opened, closed and waits for. First endings, then beginnings: a uid may wait anew."""
    now = work.now()
    _close(work, place, step, now=now)
    _open_visits(work, place, step, now=now)
    if step.work_items:
        _offer(work, place, step.work_items, shared=step.variables)
    if step.jobs:
        _queue(work, place, step)
    if step.timers:
        _arm(work, place, step)
    if step.subscriptions:
        _subscribe(work, place, step)
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


def _at(table: Table, place: Place, uids: Sequence[str]) -> tuple[Any, ...]:
    uid = table.c.uid == uids[0] if len(uids) == 1 else table.c.uid.in_(uids)
    return (table.c.instance_id == place.instance_id, uid)


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


def _offer(work: Work, place: Place, items: Iterable[NewWorkItem], *, shared: dict[str, Any]) -> None:
    items = list(items)
    people = _people(work, {item.assignee for item in items if item.assignee})
    rows = [_work_item(work, place, item, people=people, shared=shared) for item in items]
    set_targets(work, place.version_id, rows, targets=place.targets)
    offered = work.session.execute(_ADD_ITEMS, rows).all()
    for (item_id, group), row in zip(offered, rows, strict=True):
        work.publish(WorkItemOpened(item_id, place.instance_id, group, row["assignee_id"], row["element"]))
    work.nudge("work_items")


def _people(work: Work, usernames: set[str]) -> dict[str, int]:
    if not usernames:
        return {}
    query = select(User.username, User.id).where(User.username.in_(usernames))
    return {row.username: row.id for row in work.session.execute(query)}


def _work_item(
    work: Work, place: Place, item: NewWorkItem, *, people: dict[str, int], shared: dict[str, Any]
) -> dict[str, Any]:
    offered_to = item.group or item.lane
    local = {name: value for name, value in item.variables.items() if name not in shared or shared[name] != value}
    person = people.get(item.assignee) if item.assignee else None
    return {
        "instance_id": place.instance_id,
        "version_id": place.version_id,
        "uid": item.uid,
        "element": item.element,
        "name": item.name or item.element,
        "offered_to": group_key(offered_to) if offered_to else None,
        "assignee_id": person,
        "meant_for": item.assignee if item.assignee and person is None else None,
        "status": WorkItemStatus.OPEN,
        "form": item.form,
        "called_version_id": place.called.get(item.process) if item.process != place.process_id else None,
        "local": local or None,
        "created_at": work.now(),
        "claimed_at": work.now() if person else None,
        "due_at": due_instant(item.due_in, now=work.now()) if item.due_in else None,
        "follow_up_at": due_instant(item.follow_up_in, now=work.now()) if item.follow_up_in else None,
        "priority": NORMAL_PRIORITY if item.priority is None else item.priority,
        "rank": -(NORMAL_PRIORITY if item.priority is None else item.priority),
        "target_seconds": None,
    }


def _queue(work: Work, place: Place, step: Step) -> None:
    work.session.execute(insert(JOB), [job_row(work, place, job) for job in step.jobs])
    work.nudge("jobs", place.instance_id)


def job_row(work: Work, place: Place, job: NewJob) -> dict[str, Any]:
    """The row of a job that waits from now on."""
    said = connector_of(work, place.version_id, job.element)
    topic = said.topic or job.topic
    retries, retry_in = said.retries or job.retries, said.retry_in or job.retry_in
    policy = policy_of(topic, work.settings.job_retries, retries=retries, retry_in=retry_in)
    return {
        "instance_id": place.instance_id,
        "version_id": place.version_id,
        "uid": job.uid,
        "element": job.element,
        "name": job.name,
        "kind": job.kind,
        "topic": topic,
        "payload": job.payload,
        "status": JobStatus.READY,
        "retries": policy.tries,
        "retry_in": policy.waits,
        "attempts": 0,
        "run_at": work.now(),
        "created_at": work.now(),
    }


def queue_delivery(
    work: Work, place: Place, *, uid: str, event: str, payload: dict[str, Any], status: JobStatus = JobStatus.READY
) -> None:
    """Leave a message or signal to the worker: `payload` says what is to be done with it (see `jobs`)."""
    now = work.now()
    row = {
        "instance_id": place.instance_id, "version_id": place.version_id, "uid": uid, "element": "", "name": event,
        "kind": JobKind.DELIVER, "topic": event, "payload": payload, "status": status, "retries": 5, "attempts": 0,
        "run_at": now, "created_at": now,
    }  # fmt: skip
    work.session.execute(insert(JOB), [row])
    work.nudge("jobs", place.instance_id)


def _subscribe(work: Work, place: Place, step: Step) -> None:
    """A condition that failed and is tried again waits under its old uid: its row is replaced, as a timer's is."""
    fresh = {opened.uid for opened in step.opened}
    again = [
        new.uid
        for new in step.subscriptions
        if SubscriptionKind(new.kind) == SubscriptionKind.CONDITIONAL and new.uid not in fresh
    ]
    if again:
        work.session.execute(delete(SUBSCRIPTION).where(*_at(SUBSCRIPTION, place, again)))
    work.session.execute(insert(SUBSCRIPTION), [_subscription(place, new) for new in step.subscriptions])


def _arm(work: Work, place: Place, step: Step) -> None:
    fresh = {opened.uid for opened in step.opened}
    again = [timer.uid for timer in step.timers if timer.uid not in fresh]
    if again:
        condition = (*_at(SUBSCRIPTION, place, again), SUBSCRIPTION.c.kind == SubscriptionKind.TIMER)
        work.session.execute(delete(SUBSCRIPTION).where(*condition))
    work.session.execute(insert(SUBSCRIPTION), [_timer(place, timer) for timer in step.timers])
    work.nudge("timers")


def _timer(place: Place, timer: NewTimer) -> dict[str, Any]:
    return {
        **_waits(place, timer.uid, timer.element),
        "kind": SubscriptionKind.TIMER,
        "event": timer.name[:300],
        "key": None,
        "due_at": timer.due_at,
    }


def _subscription(place: Place, new: NewSubscription) -> dict[str, Any]:
    return {**_waits(place, new.uid, new.element), "kind": new.kind, "event": new.event, "key": new.key, "due_at": None}


def _waits(place: Place, uid: str, element: str) -> dict[str, Any]:
    return {
        "instance_id": place.instance_id,
        "version_id": place.version_id,
        "uid": uid,
        "element": element,
        "status": SubscriptionStatus.OPEN,
    }


def open_failure(
    work: Work,
    instance_id: int | None,
    *,
    version_id: int,
    uid: str,
    element: str,
    cause: str,
    message: str,
    job_id: int | None = None,
) -> None:
    """Put a failure before the operators; the same one again raises its count. Without instance: a failed start."""
    here = (FAILURE.c.instance_id == instance_id, FAILURE.c.uid == uid, FAILURE.c.element == element)
    raised = {"count": FAILURE.c.count + 1, "message": message, "cause": cause, "job_id": job_id}
    if affected(work, update(FAILURE).where(*here, FAILURE.c.status == FailureStatus.OPEN).values(raised)):
        return
    adding = (
        insert(FAILURE)
        .values(
            instance_id=instance_id, version_id=version_id, job_id=job_id, uid=uid, element=element,
            cause=cause, message=message, status=FailureStatus.OPEN, count=1, created_at=work.now(),
        )
        .returning(FAILURE.c.id)
    )  # fmt: skip
    work.publish(FailureOpened(work.session.execute(adding).scalar_one()))
    work.nudge("failures")


def push_timers(work: Work, instance_id: int, *, until: datetime) -> None:
    """Look at the due timers of an instance again at `until`: what cannot fire now must not be tried all day."""
    due = (
        SUBSCRIPTION.c.instance_id == instance_id,
        SUBSCRIPTION.c.kind == SubscriptionKind.TIMER,
        SUBSCRIPTION.c.status == SubscriptionStatus.OPEN,
    )
    work.session.execute(
        update(SUBSCRIPTION).where(*due, SUBSCRIPTION.c.due_at <= work.now()).values(due_at=bindparam("until")),
        {"until": until},
    )
