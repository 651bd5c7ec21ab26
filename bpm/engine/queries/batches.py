"""Bulk acts as their pages show them: how far each is, and what became of every target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Select, Table, func, select

from bpm.engine.models import (
    ActivityInstance,
    Batch,
    BatchItem,
    Failure,
    ProcessDefinition,
    ProcessInstance,
    ProcessVersion,
)
from bpm.engine.operations.actions import ACTS
from bpm.engine.operations.batches import made_and_running
from bpm.engine.status import RUNNING, ActivityStatus, BatchItemStatus, BatchStatus, FailureStatus, InstanceStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work
from bpm.identity.models import User

BATCH = cast("Table", Batch.__table__)
ITEM = cast("Table", BatchItem.__table__)
FAILURE = cast("Table", Failure.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
VISIT = cast("Table", ActivityInstance.__table__)

COUNTED = 10_000
"""A selection is counted up to here."""


@dataclass(frozen=True)
class Selection:
    """Whom a bulk act is about: open failures of one cause at one element, or instances in a status; of one version."""

    version_id: int
    cause: str = ""
    element: str = ""
    """Of instances: only those in which it is open."""
    status: InstanceStatus | None = None
    """One of `RUNNING`; None: the selection is one of failures."""


def targets_of(selection: Selection, target: Literal["failure", "instance"]) -> Select[int]:
    """The ids that an act on failures, or on instances, of the selection is about."""
    if not selection.status:
        column = FAILURE.c.id if target == "failure" else FAILURE.c.instance_id
        group = (FAILURE.c.cause == selection.cause, FAILURE.c.element == selection.element)
        found = select(column).where(
            FAILURE.c.version_id == selection.version_id, FAILURE.c.status == FailureStatus.OPEN, *group
        )
        return found.where(column.is_not(None)).distinct()
    instances = select(INSTANCE.c.id).where(
        INSTANCE.c.version_id == selection.version_id, INSTANCE.c.status == selection.status
    )
    if selection.element:
        here = (VISIT.c.element == selection.element, VISIT.c.status == ActivityStatus.OPEN)
        instances = instances.where(INSTANCE.c.id.in_(select(VISIT.c.instance_id).where(*here)))
    if target == "instance":
        return instances
    return select(FAILURE.c.id).where(FAILURE.c.status == FailureStatus.OPEN, FAILURE.c.instance_id.in_(instances))


@dataclass(frozen=True)
class RunningVersion:
    """Instances of one version in one status that has not ended."""

    version_id: int
    name: str
    """Of the process."""
    number: int
    status: InstanceStatus
    count: int


def list_running_versions(work: Work) -> list[RunningVersion]:
    """How many instances of each version run, are suspended or failed; by process, newest version first."""
    counts = (
        select(INSTANCE.c.version_id, INSTANCE.c.status, func.count().label("count"))
        .where(INSTANCE.c.status.in_(RUNNING))
        .group_by(INSTANCE.c.version_id, INSTANCE.c.status)
        .subquery()
    )
    query = (
        select(counts.c.version_id, ProcessDefinition.name, ProcessVersion.number, counts.c.status, counts.c.count)
        .join(ProcessVersion, ProcessVersion.id == counts.c.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .order_by(ProcessDefinition.name, ProcessDefinition.key, ProcessVersion.number.desc(), counts.c.status)
        .limit(200)
    )
    return [RunningVersion(*row) for row in work.session.execute(query)]


def count_targets(work: Work, targets: Select[int]) -> int:
    """How many there are, counted up to `COUNTED`."""
    some = targets.limit(COUNTED).subquery()
    return work.session.scalar(select(func.count()).select_from(some)) or 0


@dataclass(frozen=True)
class BatchRow:
    """One bulk act; `done`, `refused` and `waiting` come to `total`."""

    id: int
    act: str
    parameters: Mapping[str, Any]
    reason: str
    status: BatchStatus
    total: int
    done: int
    refused: int
    waiting: int
    created_at: datetime
    ended_at: datetime | None
    by: str | None


@dataclass(frozen=True)
class BatchItemRow:
    id: int
    target_id: int
    instance_id: int | None
    """The instance acted on; None for a start that did not begin, and for a failure that is gone."""
    status: BatchItemStatus
    message: str | None
    done_at: datetime | None
    made_id: int | None
    """The case that it made."""


def list_batches(work: Work, *, after: int | None = None, limit: int = 50) -> list[BatchRow]:
    """Bulk acts, newest first; `after` is the id of the last row seen."""
    query = _batches() if after is None else _batches().where(BATCH.c.id < after)
    return _counted(work, query.order_by(BATCH.c.id.desc()).limit(limit))


def get_batch(work: Work, batch_id: int) -> BatchRow:
    """One bulk act, or NotFoundError."""
    found = _counted(work, _batches().where(BATCH.c.id == batch_id))
    if not found:
        raise NotFoundError(f"There is no batch {batch_id}.")
    return found[0]


def _batches() -> Select[Any]:
    return select(BATCH, User.display_name.label("by")).outerjoin(User, User.id == BATCH.c.created_by)


def _counted(work: Work, query: Select[Any]) -> list[BatchRow]:
    rows = work.session.execute(query).all()
    counting = (
        select(ITEM.c.batch_id, ITEM.c.status, func.count())
        .where(ITEM.c.batch_id.in_([row.id for row in rows]))
        .group_by(ITEM.c.batch_id, ITEM.c.status)
    )
    counts = {(batch, status): number for batch, status, number in work.session.execute(counting)}
    return [
        BatchRow(
            id=r.id, act=r.act, parameters=r.parameters, reason=r.reason, status=r.status, total=r.total,
            done=counts.get((r.id, BatchItemStatus.DONE), 0), refused=counts.get((r.id, BatchItemStatus.REFUSED), 0),
            waiting=counts.get((r.id, BatchItemStatus.WAITING), 0), created_at=r.created_at,
            ended_at=r.ended_at, by=r.by,
        )
        for r in rows
    ]  # fmt: skip


def count_made_and_running(work: Work, batch_id: int) -> int:
    """How many of the cases that the bulk act made still run, and could be ended again."""
    return count_targets(work, made_and_running(batch_id))


def list_batch_items(
    work: Work, batch_id: int, *, status: BatchItemStatus | None = None, after: int | None = None, limit: int = 50
) -> list[BatchItemRow]:
    """What became of the targets, in their order; `after` is the id of the last row seen."""
    act = work.session.scalar(select(BATCH.c.act).where(BATCH.c.id == batch_id)) or ""
    query = select(ITEM, FAILURE.c.instance_id).outerjoin(FAILURE, FAILURE.c.id == ITEM.c.target_id)
    query = query.where(ITEM.c.batch_id == batch_id)
    if status is not None:
        query = query.where(ITEM.c.status == status)
    if after is not None:
        query = query.where(ITEM.c.id > after)
    on_failures = act in ACTS and ACTS[act].target == "failure"
    return [
        BatchItemRow(
            id=r.id, target_id=r.target_id, instance_id=r.instance_id if on_failures else r.target_id,
            status=r.status, message=r.message, done_at=r.done_at, made_id=r.made_id,
        )
        for r in work.session.execute(query.order_by(ITEM.c.id).limit(limit))
    ]  # fmt: skip
