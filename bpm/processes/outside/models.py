"""Tables of processes that run elsewhere: what their logs told, visit by visit."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of


class OutsideProcess(Base):
    """A process that another system runs. Its key is no key of a process that runs here."""

    __tablename__ = "outside_process"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    diagram: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """BPMN with a drawing; NULL: none was given, and the flows of the log are drawn."""
    elements: Mapped[list[Any]]
    """[{id, name, type, lane}] of the diagram; empty without one."""
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class OutsideCase(Base):
    """One run of it, by the key that the other system gives it."""

    __tablename__ = "outside_case"
    __table_args__ = (
        UniqueConstraint("process_id", "case_key"),
        Index("ix_outside_case_customer_key", "customer_key"),
    )

    id: Mapped[Id]
    process_id: Mapped[Ref] = mapped_column(ForeignKey("outside_process.id", ondelete="CASCADE"))
    case_key: Mapped[str] = mapped_column(String(400))
    customer_key: Mapped[str] = mapped_column(String(320), default="")
    """Whose case it is, in the other system's words."""


class OutsideVisit(Base):
    """One visit of one activity; at least one of its two instants is known."""

    __tablename__ = "outside_visit"
    __table_args__ = (
        CheckConstraint("started_at IS NOT NULL OR completed_at IS NOT NULL", name="dated"),
        Index("ix_outside_visit_case", "case_id", "activity", "placed_at"),
        Index("ix_outside_visit_process", "process_id", "placed_at"),
    )

    id: Mapped[Id]
    process_id: Mapped[Ref] = mapped_column(ForeignKey("outside_process.id", ondelete="CASCADE"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("outside_case.id", ondelete="CASCADE"))
    activity: Mapped[str] = mapped_column(String(300))
    element: Mapped[str] = mapped_column(String(300), default="")
    """Of the diagram; empty: it draws no such activity, or there is none."""
    lane: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[str] = mapped_column(String(80), default="")
    started_at: Mapped[datetime | None]
    """NULL: the log tells when it ended alone, so that nobody knows how long it took."""
    completed_at: Mapped[datetime | None]
    """NULL: it was open when the log was written."""
    placed_at: Mapped[datetime]
    """`started_at`, else `completed_at`."""
    run_id: Mapped[Ref] = mapped_column(ForeignKey("outside_run.id", ondelete="CASCADE"))


class OutsideRunStatus(StrEnum):
    """Of a log that is read."""

    WAITING = "waiting"
    """For a worker."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """It could not be read to its end; what came before is in."""


class OutsideRun(Base):
    """One log that was read: how many rows came in, and each one that did not, with its place."""

    __tablename__ = "outside_run"

    id: Mapped[Id]
    process_id: Mapped[Ref] = mapped_column(ForeignKey("outside_process.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(300))
    rows: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[Any]]
    """[{place, reason, kind}], the first `PROBLEMS_KEPT`."""
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why the file could not be read to its end."""
    status: Mapped[OutsideRunStatus] = mapped_column(one_of(OutsideRunStatus, length=10, name="status"))
    options: Mapped[dict[str, Any]]
    """Shape of `reading.LogOptions`."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file while it waits for its worker."""
    tries: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
