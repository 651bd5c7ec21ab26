"""What waits from now on as rows: work items, jobs, timers and subscriptions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from bpm.engine.definitions.connectors import connector_of
from bpm.engine.events import WorkItemOpened
from bpm.engine.expressions.times.due import due_instant
from bpm.engine.instances.place import Place
from bpm.engine.instances.service_clock import set_targets
from bpm.engine.models import NORMAL_PRIORITY, EventSubscription, Job, WorkItem
from bpm.engine.rules.group_keys import group_key
from bpm.engine.rules.retry_policy import policy_of
from bpm.engine.spiff.step import NewJob, NewSubscription, NewTimer, NewWorkItem, Step
from bpm.engine.status import (
    JobKind,
    JobStatus,
    SubscriptionKind,
    SubscriptionStatus,
    WorkItemStatus,
)
from bpm.foundation.work import Work
from bpm.identity.groups import group_that_gets
from bpm.identity.models import User

ITEM = cast("Table", WorkItem.__table__)
JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
_ADD_ITEMS = (
    insert(ITEM)
    .values(group_key=group_that_gets(bindparam("offered_to")))
    .returning(ITEM.c.id, ITEM.c.group_key, sort_by_parameter_order=True)
)
"""A name that stands for a group is resolved where work is offered, in the same statement."""


def at_uids(table: Table, place: Place, uids: Sequence[str]) -> tuple[Any, ...]:
    uid = table.c.uid == uids[0] if len(uids) == 1 else table.c.uid.in_(uids)
    return (table.c.instance_id == place.instance_id, uid)


def offer(work: Work, place: Place, items: Iterable[NewWorkItem], *, shared: dict[str, Any]) -> None:
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


def queue(work: Work, place: Place, step: Step) -> None:
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


def subscribe(work: Work, place: Place, step: Step) -> None:
    """A condition that failed and is tried again waits under its old uid: its row is replaced, as a timer's is."""
    fresh = {opened.uid for opened in step.opened}
    again = [
        new.uid
        for new in step.subscriptions
        if SubscriptionKind(new.kind) == SubscriptionKind.CONDITIONAL and new.uid not in fresh
    ]
    if again:
        work.session.execute(delete(SUBSCRIPTION).where(*at_uids(SUBSCRIPTION, place, again)))
    work.session.execute(insert(SUBSCRIPTION), [_subscription(place, new) for new in step.subscriptions])


def arm(work: Work, place: Place, step: Step) -> None:
    fresh = {opened.uid for opened in step.opened}
    again = [timer.uid for timer in step.timers if timer.uid not in fresh]
    if again:
        condition = (*at_uids(SUBSCRIPTION, place, again), SUBSCRIPTION.c.kind == SubscriptionKind.TIMER)
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
