"""What runs: instances, the steps they took, and each visit of an element."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.engine.models.columns import MaybeJson
from bpm.engine.status import (
    ActivityStatus,
    InstanceStatus,
)
from bpm.foundation.db import Base, Id, Json, Ref, one_of


class ProcessInstance(Base):
    """One run of one version. `revision` is the fence: every saved step raises it by one."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_version_status", "version_id", "status", "id"),
        Index("ix_process_instance_business_key", "business_key"),
        Index(
            "ix_process_instance_to_erase",
            "version_id",
            "ended_at",
            sqlite_where=text("ended_at IS NOT NULL AND erased_at IS NULL"),
            postgresql_where=text("ended_at IS NOT NULL AND erased_at IS NULL"),
        ),
        Index(
            "ix_process_instance_began",
            "began_version_id",
            sqlite_where=text("began_version_id IS NOT NULL"),
            postgresql_where=text("began_version_id IS NOT NULL"),
        ),
        Index("ix_process_instance_status", "status", "id"),
        Index("ix_process_instance_started", "started_at", "id"),
        Index(
            "ix_process_instance_ended",
            "ended_at",
            "id",
            sqlite_where=text("ended_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        Index(
            "ix_process_instance_restarted",
            "restarted_from",
            sqlite_where=text("restarted_from IS NOT NULL"),
            postgresql_where=text("restarted_from IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    process_id: Mapped[str | None] = mapped_column(String(300))
    """Which process of the file runs; NULL: the version's primary one."""
    bindings: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson)
    """{process id: [spec hash, version id]} of called processes of other definitions, as bound at the start."""
    status: Mapped[InstanceStatus] = mapped_column(one_of(InstanceStatus))
    revision: Mapped[int] = mapped_column()
    state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """NULL once ended: everything that is ever read again stands in rows."""
    variables: Mapped[dict[str, Any]] = mapped_column(Json)
    business_key: Mapped[str | None] = mapped_column(String(200))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    started_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    began_version_id: Mapped[Ref | None]
    """The version it started on, once it was migrated: it counts as started there. No foreign key: it came later."""
    restarted_from: Mapped[Ref | None]
    """The case that it takes up again. No foreign key: it came later."""
    erased_at: Mapped[datetime | None]
    """When retention took everything of it but the bare facts: version, status, instants and visits."""


class StepRecord(Base):
    """One saved step: who commanded what, when, and why. Append-only; revisions have no gaps."""

    __tablename__ = "step_record"

    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"), primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    command: Mapped[str] = mapped_column(String(24))
    """start | complete | job | job_error | timers | deliver | set_variables | retry | cancel | skip | move | suspend |
    resume | migrate | restart"""
    at: Mapped[datetime]
    actor_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson)
    """What an operator's act did, where the command alone does not say it: variables before and after, from and to."""
    brought: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson, deferred=True)
    """What came from outside, to be replayed: {"act", "uid", "variables", ...}; NULL in steps of earlier releases."""


class ActivityInstance(Base):
    """One visit of one BPMN element: the append-only fact that every measure reads."""

    __tablename__ = "activity_instance"
    __table_args__ = (
        Index("ix_activity_instance_instance_uid", "instance_id", "uid"),
        Index("ix_activity_instance_version_opened", "version_id", "opened_at"),
        Index(
            "ix_activity_instance_standing",
            "element",
            "instance_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_activity_instance_closed",
            "closed_at",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"))
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    """The version whose drawing has the element: the called one's inside a process that another definition brought."""
    uid: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(40))
    """BPMN element name: userTask, exclusiveGateway, subProcess …"""
    parent: Mapped[str | None] = mapped_column(String(40))
    """uid of the visit of the enclosing subprocess or call activity."""
    process: Mapped[str | None] = mapped_column(String(300))
    """Process that the element stands in, where it is a called one."""
    status: Mapped[ActivityStatus] = mapped_column(one_of(ActivityStatus))
    opened_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    """Kept here when retention erases the work item; before that the item says it."""
    closed_at: Mapped[datetime | None]
    actor_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
