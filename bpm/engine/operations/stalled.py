"""Instances that nobody moves: stuck ones, which nothing can move, and quiet ones, which nothing has moved for long.

A state is never read for it: what an instance waits for stands in rows. Each finding says what an operator can do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, and_, exists, func, select

from bpm.engine.models import (
    EventSubscription,
    Failure,
    Job,
    ProcessDefinition,
    ProcessInstance,
    ProcessVersion,
    StepRecord,
    WorkerHeartbeat,
    WorkItem,
)
from bpm.engine.status import (
    GOES_ON,
    WAITING_JOBS,
    FailureStatus,
    InstanceStatus,
    JobStatus,
    SubscriptionKind,
    SubscriptionStatus,
    WorkItemStatus,
)
from bpm.engine.task_models import Absence
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import Group, Membership, User

INSTANCE = cast("Table", ProcessInstance.__table__)
ITEM = cast("Table", WorkItem.__table__)
JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
TIMER = SUBSCRIPTION.alias("timer")
FAILURE = cast("Table", Failure.__table__)

WAITS: dict[str, tuple[Table, frozenset[Any]]] = {
    "work item": (ITEM, frozenset({WorkItemStatus.OPEN})),
    "job": (JOB, WAITING_JOBS),
    "subscription": (SUBSCRIPTION, frozenset({SubscriptionStatus.OPEN})),
    "failure": (FAILURE, frozenset({FailureStatus.OPEN})),
}
"""Name -> (table, statuses that mean: something waits here)."""

LONG_DUE = timedelta(minutes=15)
"""A job that is due for so long although a worker lives is in nobody's hands."""
ALIVE = timedelta(minutes=1)
"""A worker not heard of for so long is presumed gone."""
SHOWN = 20
"""Findings of each kind."""


@dataclass(frozen=True)
class Stalled:
    """Something that does not move. `count`: how many of the kind it stands for, the oldest of which is named."""

    kind: str
    """stuck | quiet | overdue | unstaffed | suspended"""
    instance_id: int
    key: str
    name: str
    """Of the process."""
    number: int
    element: str
    since: datetime
    what: str
    remedy: str
    count: int = 1


def list_stalled(work: Work) -> list[Stalled]:
    """What does not move, the gravest kind first, at most `SHOWN` of each."""
    looks: tuple[Callable[[Work], Iterator[Stalled]], ...] = (_stuck, _overdue, _unstaffed, _quiet, _suspended)
    return [found for look in looks for found in look(work)]


def waits_for_nothing() -> list[Any]:
    """The condition under which an instance that goes on is stuck: who waits for nothing waits for ever."""
    nothing = [
        ~exists().where(table.c.instance_id == INSTANCE.c.id, table.c.status.in_(statuses))
        for table, statuses in WAITS.values()
    ]
    return [INSTANCE.c.status.in_(GOES_ON), *nothing]


def _stuck(work: Work) -> Iterator[Stalled]:
    for row in work.session.execute(_instances(_LAST_STEP).where(*waits_for_nothing()).limit(SHOWN)):
        yield Stalled(
            "stuck", row.id, row.key, row.name, row.number, "", row.since,
            "It is active, but nothing of it waits for anybody.",
            "Move a token of it, or cancel it; and report it: this is a mistake of the engine.",
        )  # fmt: skip


def _quiet(work: Work) -> Iterator[Stalled]:
    """Waiting for an event alone, for days: for a message that nobody sends, a condition that nothing makes true."""
    before = work.now() - timedelta(days=work.settings.quiet_days)
    events = (SUBSCRIPTION.c.kind != SubscriptionKind.TIMER, SUBSCRIPTION.c.status == SubscriptionStatus.OPEN)
    others = (
        exists().where(ITEM.c.instance_id == INSTANCE.c.id, ITEM.c.status == WorkItemStatus.OPEN),
        exists().where(JOB.c.instance_id == INSTANCE.c.id, JOB.c.status.in_(WAITING_JOBS)),
        exists().where(FAILURE.c.instance_id == INSTANCE.c.id, FAILURE.c.status == FailureStatus.OPEN),
        exists().where(
            TIMER.c.instance_id == INSTANCE.c.id,
            TIMER.c.status == SubscriptionStatus.OPEN,
            TIMER.c.kind == SubscriptionKind.TIMER,
        ),
    )
    query = (
        _instances(_LAST_STEP, func.min(SUBSCRIPTION.c.element).label("element"), func.min(SUBSCRIPTION.c.event))
        .join(SUBSCRIPTION, SUBSCRIPTION.c.instance_id == INSTANCE.c.id)
        .where(
            INSTANCE.c.status == InstanceStatus.ACTIVE,
            INSTANCE.c.started_at < before,
            *events,
            *(~other for other in others),
        )
        .where(_LAST_STEP.element < before)
        .group_by(INSTANCE.c.id, ProcessDefinition.key, ProcessDefinition.name, ProcessVersion.number)
        .limit(SHOWN)
    )
    for instance_id, key, name, number, since, element, event in work.session.execute(query):
        yield Stalled(
            "quiet", instance_id, key, name, number, element, since,
            f"It waits for {event!r} alone, and nothing happened since.",
            "Send the message or set the variable, skip the event, or cancel the instance.",
        )  # fmt: skip


def _overdue(work: Work) -> Iterator[Stalled]:
    lives = select(WorkerHeartbeat.name).where(WorkerHeartbeat.seen_at > work.now() - ALIVE).limit(1)
    if work.session.scalar(lives) is None:
        return
    query = (
        _instances(JOB.c.run_at.label("since"), JOB.c.element, JOB.c.topic)
        .join(JOB, JOB.c.instance_id == INSTANCE.c.id)
        .where(JOB.c.status == JobStatus.READY, JOB.c.run_at < work.now() - LONG_DUE)
        .order_by(JOB.c.run_at)
        .limit(SHOWN)
    )
    for row in work.session.execute(query):
        yield Stalled(
            "overdue", row.id, row.key, row.name, row.number, row.element, row.since,
            f"Its job of the topic {row.topic!r} is due, and no worker takes it.",
            "Start more workers, or look at what the ones that live are doing.",
        )  # fmt: skip


def _unstaffed(work: Work) -> Iterator[Stalled]:
    """Work offered to a group in which nobody is who signs in, or whose people are all away."""
    members = (
        select(Group.key)
        .join(Membership, Membership.group_id == Group.id)
        .join(User, User.id == Membership.user_id)
        .where(User.active)
    )
    is_away = exists().where(Absence.user_id == User.id, Absence.is_on)
    oldest = (
        select(func.min(ITEM.c.id).label("item_id"), func.count().label("count"))
        .where(ITEM.c.status == WorkItemStatus.OPEN, ITEM.c.assignee_id.is_(None), ITEM.c.group_key.is_not(None))
        .where(ITEM.c.group_key.not_in(members.where(~is_away)))
        .group_by(ITEM.c.group_key)
        .limit(SHOWN)
        .subquery()
    )
    group_name = func.coalesce(Group.name, ITEM.c.group_key).label("group_name")
    query = (
        _instances(ITEM.c.created_at.label("since"), ITEM.c.element, ITEM.c.group_key, group_name,
                   oldest.c.count.label("times"))
        .join(ITEM, ITEM.c.instance_id == INSTANCE.c.id)
        .join(oldest, oldest.c.item_id == ITEM.c.id)
        .outerjoin(Group, Group.key == ITEM.c.group_key)
        .where(INSTANCE.c.status != InstanceStatus.SUSPENDED)
    )  # fmt: skip
    rows = work.session.execute(query).all()
    away = _away(work, [row.group_key for row in rows])
    for row in rows:
        what, remedy = _nobody_there(row.group_name, away.get(row.group_key, ()))
        yield Stalled(
            "unstaffed", row.id, row.key, row.name, row.number, row.element, row.since, what, remedy, row.times
        )


def _away(work: Work, groups: list[str]) -> dict[str, list[tuple[str, datetime]]]:
    """Group -> who of it is away until when, the first one back first."""
    query = (
        select(Group.key, User.display_name, Absence.until_at)
        .join(Membership, Membership.group_id == Group.id)
        .join(User, User.id == Membership.user_id)
        .join(Absence, and_(Absence.user_id == User.id, Absence.is_on))
        .where(User.active, Group.key.in_(groups))
        .order_by(Absence.until_at)
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for key, name, until_at in work.session.execute(query):
        found.setdefault(key, []).append((name, until_at))
    return found


def _nobody_there(group: str, away: Sequence[tuple[str, datetime]]) -> tuple[str, str]:
    """What is said of a group that nobody serves, and what to do."""
    if not away:
        said = _("Work is offered to the group %(name)s, which has no members.") % {"name": group}
        return said, _("Put somebody into the group (Admin), or assign the tasks.")
    who = ", ".join(name for name, _until in away)
    said = _(
        "Work is offered to the group %(name)s, whose people are all away: %(who)s; the first one until %(until)s."
    )
    told = {"name": group, "who": who, "until": f"{away[0][1]:%d %b %Y}"}
    return said % told, _("Put somebody else into the group (Admin), or assign the tasks.")


def _suspended(work: Work) -> Iterator[Stalled]:
    before = work.now() - timedelta(days=work.settings.quiet_days)
    query = _instances(_LAST_STEP).where(INSTANCE.c.status == InstanceStatus.SUSPENDED, _LAST_STEP.element < before)
    for row in work.session.execute(query.limit(SHOWN)):
        yield Stalled(
            "suspended", row.id, row.key, row.name, row.number, "", row.since,
            "It was suspended and never resumed.", "Resume it, or cancel it.",
        )  # fmt: skip


_LAST_STEP = (
    select(func.max(StepRecord.at)).where(StepRecord.instance_id == INSTANCE.c.id).scalar_subquery().label("since")
)


def _instances(*more: Any) -> Select[Any]:
    columns = (INSTANCE.c.id, ProcessDefinition.key, ProcessDefinition.name, ProcessVersion.number)
    return (
        select(*columns, *more)
        .select_from(INSTANCE)
        .join(ProcessVersion, ProcessVersion.id == INSTANCE.c.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
    )
