"""What waits for people, workers, events or an operator."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.engine.models.columns import MaybeJson
from bpm.engine.status import (
    FailureStatus,
    JobKind,
    JobStatus,
    SubscriptionKind,
    SubscriptionStatus,
    WorkItemStatus,
)
from bpm.foundation.db import Base, BigInt, Id, Json, Ref, one_of

DUE_ITEM = "status = 'open' AND due_at IS NOT NULL"
"""A work item that may fall due: literally as in its index, or no database would use that."""
OPEN_ITEM, DONE_ITEM = "status = 'open'", "status = 'completed'"
NORMAL_PRIORITY = 50
"""What Camunda 7 and 8 take where a model says nothing; more is more urgent."""


def _index_of_some(name: str, *columns: str, only: str) -> Index:
    return Index(name, *columns, "id", sqlite_where=text(only), postgresql_where=text(only))


class WorkItem(Base):
    """A user or manual task waiting for people."""

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_instance_uid", "instance_id", "uid"),
        Index("ix_work_item_assignee", "assignee_id", "status", "id"),
        Index("ix_work_item_offer", "group_key", "status", "assignee_id", "id"),
        Index("ix_work_item_group", "group_key", "status", "id"),
        Index("ix_work_item_status", "status", "id"),
        Index("ix_work_item_due", "due_at", "id", sqlite_where=text(DUE_ITEM), postgresql_where=text(DUE_ITEM)),
        _index_of_some("ix_work_item_group_due", "group_key", "due_at", only=DUE_ITEM),
        _index_of_some("ix_work_item_assignee_due", "assignee_id", "due_at", only=DUE_ITEM),
        _index_of_some("ix_work_item_done", "element", only=DONE_ITEM),
        _index_of_some("ix_work_item_priority", "rank", only=OPEN_ITEM),
        _index_of_some("ix_work_item_group_priority", "group_key", "rank", only=OPEN_ITEM),
        _index_of_some("ix_work_item_assignee_priority", "assignee_id", "rank", only=OPEN_ITEM),
    )

    id: Mapped[Id]
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"))
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    uid: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(Text)
    group_key: Mapped[str | None] = mapped_column(String(80))
    """Group it is offered to; NULL: everybody who works on items."""
    assignee_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    owner_id: Mapped[int | None] = mapped_column(BigInt)
    """Who delegated it and gets it back, else NULL."""
    meant_for: Mapped[str | None] = mapped_column(String(200))
    """Assignee as the model says, where no such person is known here."""
    status: Mapped[WorkItemStatus] = mapped_column(one_of(WorkItemStatus))
    form: Mapped[str | None] = mapped_column(String(300))
    called_version_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_version.id"))
    """Version of the called process that it stands in, where another definition brought it: its forms and drawing."""
    local: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson)
    """Variables that only this visit sees (an iteration's element), else NULL."""
    draft: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    """When people mean to look at it again."""
    priority: Mapped[int] = mapped_column(default=NORMAL_PRIORITY, server_default=str(NORMAL_PRIORITY))
    rank: Mapped[int] = mapped_column(default=-NORMAL_PRIORITY, server_default=str(-NORMAL_PRIORITY))
    """The priority with its sign turned: lists by priority, the oldest first in each, walk one index."""
    target_seconds: Mapped[int | None]
    """Open seconds that the service target gives, where `due_at` was worked out from it: such a clock pauses."""
    paused_at: Mapped[datetime | None]
    """Since when its clock stands still: its case is suspended."""
    paused_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    """Open seconds of pauses that are over."""
    claimed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    result: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson)


WAITING_JOB = "status IN ('ready', 'leased')"
"""A job that is not done with: literally as in its index, or no database would use that."""


class Job(Base):
    """Work for a worker. Who leases it holds it until `lease_until`; `attempts` fences out whoever held it before."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_instance_uid", "instance_id", "uid"),
        Index("ix_job_due", "status", "run_at", "id"),
        Index("ix_job_lease", "status", "lease_until", "id"),
        Index(
            "ix_job_waiting", "instance_id", "id", sqlite_where=text(WAITING_JOB), postgresql_where=text(WAITING_JOB)
        ),
    )

    id: Mapped[Id]
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"))
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    uid: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[JobKind] = mapped_column(one_of(JobKind, name="kind"))
    topic: Mapped[str] = mapped_column(String(300))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    status: Mapped[JobStatus] = mapped_column(one_of(JobStatus))
    retries: Mapped[int]
    """How often it is tried before it becomes a Failure."""
    retry_in: Mapped[str | None] = mapped_column(String(200))
    """How long it waits in between: ISO 8601 durations separated by commas; NULL: longer each time."""
    attempts: Mapped[int]
    run_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class EventSubscription(Base):
    """A timer, message or signal that an instance waits for; without instance: what starts a live version."""

    __tablename__ = "event_subscription"
    __table_args__ = (
        Index("ix_event_subscription_instance_uid", "instance_id", "uid"),
        Index("ix_event_subscription_event", "kind", "event", "key", "status", "id"),
        Index(
            "ix_event_subscription_due",
            "due_at",
            "id",
            sqlite_where=text("kind = 'timer' AND status = 'open'"),
            postgresql_where=text("kind = 'timer' AND status = 'open'"),
        ),
        Index("ix_event_subscription_version", "version_id", "status"),
    )

    id: Mapped[Id]
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id"))
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    process_id: Mapped[str | None] = mapped_column(String(300))
    """For a start: the process of the file that it starts."""
    uid: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(300))
    kind: Mapped[SubscriptionKind] = mapped_column(one_of(SubscriptionKind, name="kind"))
    event: Mapped[str] = mapped_column(String(300))
    """Name of the message or signal; for a timer that starts: its expression."""
    key: Mapped[str | None] = mapped_column(String(200))
    """Correlation value; NULL takes any."""
    due_at: Mapped[datetime | None]
    status: Mapped[SubscriptionStatus] = mapped_column(one_of(SubscriptionStatus))


class Failure(Base):
    """What needs an operator. Resolved ones stay on record with who, when and why."""

    __tablename__ = "failure"
    __table_args__ = (
        Index("ix_failure_status", "status", "id"),
        Index("ix_failure_instance_uid", "instance_id", "uid"),
    )

    id: Mapped[Id]
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id"))
    """NULL: a start timer that could not start its process."""
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    job_id: Mapped[Ref | None] = mapped_column(ForeignKey("job.id"))
    uid: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(300))
    cause: Mapped[str] = mapped_column(String(40))
    """expression | budget | no_flow | uncaught_error | engine | unknown_topic | script | job | lease_lost | start"""
    message: Mapped[str] = mapped_column(Text)
    status: Mapped[FailureStatus] = mapped_column(one_of(FailureStatus))
    count: Mapped[int]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(Text)
