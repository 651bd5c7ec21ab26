"""What must always be true of the engine's rows: one checker for the tests and for `earshot doctor`."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Table, exists, func, or_, select

from bpm.engine.models import (
    ActivityInstance,
    Batch,
    BatchItem,
    EventSubscription,
    Failure,
    Job,
    ProcessDefinition,
    ProcessInstance,
    ProcessVersion,
    StepRecord,
    WorkItem,
)
from bpm.engine.operations.stalled import WAITS, waits_for_nothing
from bpm.engine.status import (
    ENDED,
    GOES_ON,
    RUNNING,
    UNDONE_JOBS,
    WAITING_JOBS,
    WAITING_SUBSCRIPTIONS,
    ActivityStatus,
    BatchItemStatus,
    BatchStatus,
    InstanceStatus,
    JobKind,
    JobStatus,
    SubscriptionKind,
    SubscriptionStatus,
    VersionStatus,
    WorkItemStatus,
)
from bpm.foundation.work import Work

INSTANCE = cast("Table", ProcessInstance.__table__)
ACTIVITY = cast("Table", ActivityInstance.__table__)
ITEM = cast("Table", WorkItem.__table__)
JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)
FAILURE = cast("Table", Failure.__table__)
RECORD = cast("Table", StepRecord.__table__)

SHOWN = 20
"""Examples named per broken rule."""


def check_invariants(work: Work) -> list[str]:
    """One sentence per broken rule and instance; empty when all is well."""
    checks = (
        _stuck, _open_after_end, _unvisited, _closed_too_early, _gaps, _without_state, _live_twice, _half_erased,
        _moves_though_held, _on_trial_beside_nothing,
        _held_for_nothing, _done_but_waiting,
    )  # fmt: skip
    return [sentence for check in checks for sentence in check(work)]


def _stuck(work: Work) -> Iterator[str]:
    query = select(INSTANCE.c.id).where(*waits_for_nothing())
    for instance_id in work.session.scalars(query.limit(SHOWN)):
        yield f"Instance {instance_id} is active, but nothing of it waits for anybody: it is stuck."


def _open_after_end(work: Work) -> Iterator[str]:
    """Nothing waits for an instance that has ended."""
    tables = {
        **WAITS,
        "job": (JOB, WAITING_JOBS | {JobStatus.HELD}),
        "subscription": (SUBSCRIPTION, WAITING_SUBSCRIPTIONS),
        "visit": (ACTIVITY, frozenset({ActivityStatus.OPEN})),
    }
    for name, (table, statuses) in tables.items():
        query = (
            select(table.c.id, INSTANCE.c.id.label("instance_id"), INSTANCE.c.status)
            .join(INSTANCE, INSTANCE.c.id == table.c.instance_id)
            .where(INSTANCE.c.status.in_(ENDED), table.c.status.in_(statuses))
        )
        if table is JOB:
            query = query.where(JOB.c.kind != JobKind.DELIVER)
        if table is FAILURE:
            # What an instance threw may fail to arrive long after the instance has ended.
            query = query.where(~exists().where(JOB.c.id == FAILURE.c.job_id, JOB.c.kind == JobKind.DELIVER))
        for row in work.session.execute(query.limit(SHOWN)):
            yield f"Instance {row.instance_id} is {row.status}, but its {name} {row.id} is open."


def _unvisited(work: Work) -> Iterator[str]:
    """An open work item or job belongs to an open visit."""
    for name, table, statuses in (("work item", ITEM, (WorkItemStatus.OPEN,)), ("job", JOB, UNDONE_JOBS)):
        visit = exists().where(
            ACTIVITY.c.instance_id == table.c.instance_id,
            ACTIVITY.c.uid == table.c.uid,
            ACTIVITY.c.status == ActivityStatus.OPEN,
        )
        query = select(table.c.id, table.c.instance_id).where(table.c.status.in_(statuses), ~visit)
        if table is JOB:
            query = query.where(JOB.c.kind != JobKind.DELIVER)
        for row in work.session.execute(query.limit(SHOWN)):
            yield f"The {name} {row.id} of instance {row.instance_id} is open, but its visit is not."


def _closed_too_early(work: Work) -> Iterator[str]:
    """A completed work item belongs to a visit that ended, and instants stand in order."""
    query = (
        select(ITEM.c.id, ITEM.c.instance_id)
        .join(ACTIVITY, (ACTIVITY.c.instance_id == ITEM.c.instance_id) & (ACTIVITY.c.uid == ITEM.c.uid))
        .where(ITEM.c.status == WorkItemStatus.COMPLETED, ACTIVITY.c.status == ActivityStatus.OPEN)
        .where(~exists().where(FAILURE.c.instance_id == ITEM.c.instance_id, FAILURE.c.uid == ITEM.c.uid))
    )
    for row in work.session.execute(query.limit(SHOWN)):
        yield f"The work item {row.id} of instance {row.instance_id} is completed, but its visit is open."
    backwards = select(ACTIVITY.c.id, ACTIVITY.c.instance_id).where(ACTIVITY.c.closed_at < ACTIVITY.c.opened_at)
    for row in work.session.execute(backwards.limit(SHOWN)):
        yield f"The visit {row.id} of instance {row.instance_id} ended before it began."


def _gaps(work: Work) -> Iterator[str]:
    """Revisions have no gaps: as many steps on record as the instance has revisions, the last one its own.

    Of an erased instance no step is left.
    """
    steps: Any = (
        select(RECORD.c.instance_id, func.count().label("n"), func.max(RECORD.c.revision).label("last"))
        .group_by(RECORD.c.instance_id)
        .subquery()
    )
    query = (
        select(INSTANCE.c.id, INSTANCE.c.revision, steps.c.n, steps.c.last)
        .outerjoin(steps, steps.c.instance_id == INSTANCE.c.id)
        .where(
            or_(steps.c.n.is_(None), steps.c.n != INSTANCE.c.revision, steps.c.last != INSTANCE.c.revision),
            INSTANCE.c.erased_at.is_(None),
        )
    )  # fmt: skip
    for row in work.session.execute(query.limit(SHOWN)):
        yield f"Instance {row.id} is at revision {row.revision}, but {row.n or 0} steps are on record."


def _without_state(work: Work) -> Iterator[str]:
    """An instance that goes on has a state; one that ended has an end."""
    going_on = INSTANCE.c.status.in_(RUNNING)
    lost = select(INSTANCE.c.id).where(going_on, INSTANCE.c.state.is_(None))
    for instance_id in work.session.scalars(lost.limit(SHOWN)):
        yield f"Instance {instance_id} goes on, but it has no state."
    endless = select(INSTANCE.c.id).where(INSTANCE.c.status.in_(ENDED), INSTANCE.c.ended_at.is_(None))
    for instance_id in work.session.scalars(endless.limit(SHOWN)):
        yield f"Instance {instance_id} has ended, but nobody knows when."


def _half_erased(work: Work) -> Iterator[str]:
    """Of an erased instance nothing is left but its bare facts."""
    for table in (ITEM, JOB, SUBSCRIPTION, FAILURE, RECORD):
        query = (
            select(INSTANCE.c.id)
            .join(table, table.c.instance_id == INSTANCE.c.id)
            .where(INSTANCE.c.erased_at.is_not(None))
            .distinct()
        )
        for instance_id in work.session.scalars(query.limit(SHOWN)):
            yield f"Instance {instance_id} was erased, but its {table.name} is still there."


def _live_twice(work: Work) -> Iterator[str]:
    """A process has at most one live version, and it is the one that its definition names."""
    query = (
        select(ProcessVersion.id, ProcessDefinition.key)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.status == VersionStatus.LIVE)
        .where(func.coalesce(ProcessDefinition.live_version_id, -1) != ProcessVersion.id)
    )
    for row in work.session.execute(query.limit(SHOWN)):
        yield f"Version {row.id} of {row.key} is marked live, but it is not the live one."


def _on_trial_beside_nothing(work: Work) -> Iterator[str]:
    """A version on trial runs beside a live one, alone, and nothing but a choice starts it."""
    trial = ProcessVersion.status == VersionStatus.TRIAL
    query = select(ProcessVersion.id, ProcessDefinition.key, ProcessDefinition.live_version_id).join(
        ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id
    )
    seen: set[str] = set()
    for row in work.session.execute(query.where(trial).order_by(ProcessVersion.id).limit(SHOWN)):
        if row.live_version_id in (None, row.id):
            yield f"Version {row.id} of {row.key} is on trial, but no other version is live beside it."
        if row.key in seen:
            yield f"Version {row.id} of {row.key} is on trial beside another one."
        seen.add(row.key)
    starts = (SUBSCRIPTION.c.instance_id.is_(None), SUBSCRIPTION.c.status == SubscriptionStatus.OPEN)
    listening = select(SUBSCRIPTION.c.version_id).join(ProcessVersion, ProcessVersion.id == SUBSCRIPTION.c.version_id)
    for version_id in work.session.scalars(listening.where(*starts, trial).limit(SHOWN)):
        yield f"Version {version_id} is on trial, but an event would start it."


def _moves_though_held(work: Work) -> Iterator[str]:
    """Nothing of a suspended instance can be taken by a worker."""
    own = (JOB.c.status.in_(WAITING_JOBS), or_(JOB.c.kind != JobKind.DELIVER, JOB.c.uid != ""))
    timers = (SUBSCRIPTION.c.status == SubscriptionStatus.OPEN, SUBSCRIPTION.c.kind == SubscriptionKind.TIMER)
    for name, table, conditions in (("job", JOB, own), ("timer", SUBSCRIPTION, timers)):
        query = select(table.c.id, INSTANCE.c.id.label("instance_id")).join(
            INSTANCE, INSTANCE.c.id == table.c.instance_id
        )
        for row in work.session.execute(
            query.where(INSTANCE.c.status == InstanceStatus.SUSPENDED, *conditions).limit(SHOWN)
        ):
            yield f"Instance {row.instance_id} is suspended, but its {name} {row.id} is not held."


def _held_for_nothing(work: Work) -> Iterator[str]:
    """Only what belongs to a suspended instance is held."""
    for name, table, held in (("job", JOB, JobStatus.HELD), ("timer", SUBSCRIPTION, SubscriptionStatus.HELD)):
        query = select(table.c.id, INSTANCE.c.id.label("instance_id")).join(
            INSTANCE, INSTANCE.c.id == table.c.instance_id
        )
        goes_on = INSTANCE.c.status.in_(GOES_ON)
        for row in work.session.execute(query.where(goes_on, table.c.status == held).limit(SHOWN)):
            yield f"The {name} {row.id} of instance {row.instance_id} is held, but the instance is not suspended."


def _done_but_waiting(work: Work) -> Iterator[str]:
    """A bulk act that is done has done or refused all of it."""
    waiting = exists().where(BatchItem.batch_id == Batch.id, BatchItem.status == BatchItemStatus.WAITING)
    for batch_id in work.session.scalars(
        select(Batch.id).where(Batch.status == BatchStatus.DONE, waiting).limit(SHOWN)
    ):
        yield f"Batch {batch_id} is done, but not all of its targets are."
