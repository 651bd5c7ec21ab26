"""Who is at work, and what operators do to many instances at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.engine.status import (
    BatchItemStatus,
    BatchStatus,
)
from bpm.foundation.db import Base, Id, Json, Ref, one_of


class WorkerHeartbeat(Base):
    """When a worker was last heard of."""

    __tablename__ = "worker_heartbeat"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    done: Mapped[int]
    """Pieces of work it did since it started."""
    skew_ms: Mapped[int | None]
    """Milliseconds by which its own clock is ahead of the database's; None where it did not measure."""
    left_at: Mapped[datetime | None]
    """When it said goodbye; None while it works, and for one that was killed."""


class Batch(Base):
    """One act of an operator on many instances or failures: durable, pausable, done piece by piece by the worker."""

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_status", "status", "id"),)

    id: Mapped[Id]
    act: Mapped[str] = mapped_column(String(24))
    """retry | skip | set_variables | move | suspend | resume | cancel | migrate | restart"""
    parameters: Mapped[dict[str, Any]] = mapped_column(Json)
    """What the act needs beside its target: variables, a migration plan, an element."""
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[BatchStatus] = mapped_column(one_of(BatchStatus))
    total: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class BatchItem(Base):
    """One target of a batch and what became of it."""

    __tablename__ = "batch_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "target_id"),
        Index("ix_batch_item_batch_status", "batch_id", "status", "id"),
    )

    id: Mapped[Id]
    batch_id: Mapped[Ref] = mapped_column(ForeignKey("batch.id"))
    target_id: Mapped[Ref]
    """Id of the instance, or for retry and skip of the failure. No foreign key: a target may be gone by then."""
    status: Mapped[BatchItemStatus] = mapped_column(one_of(BatchItemStatus))
    message: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    made_id: Mapped[Ref | None]
    """Id of the case that the act made; no foreign key, as above."""
