"""Tables of how items came in: import runs with their row errors, saved mappings, webhook sources."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import ImportStatus, RowErrorKind
from bpm.foundation.db import Base, BigInt, Id, Json, Ref, one_of


class ImportRun(Base):
    """One file taken in: what it brought, how far it is, whether it was undone."""

    __tablename__ = "import_run"
    __table_args__ = (Index("uq_import_run_day", "day_key", unique=True),)

    id: Mapped[Id]
    file_name: Mapped[str] = mapped_column(String(400))
    format: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(120))
    mapping: Mapped[dict[str, Any]]
    status: Mapped[ImportStatus] = mapped_column(one_of(ImportStatus, length=10), default=ImportStatus.WAITING)
    problem: Mapped[str] = mapped_column(Text, default="")
    """Why the file as a whole could not be read, with the remedy."""
    total_bytes: Mapped[int] = mapped_column(BigInt, default=0)
    done_bytes: Mapped[int] = mapped_column(BigInt, default=0)
    done_rows: Mapped[int] = mapped_column(default=0)
    """Rows settled for good; also the fence that keeps two workers from writing the same batch."""
    set_aside: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Place of a record in the file (from 0) -> why it is not read again: it stopped its reader once."""
    turn_at: Mapped[datetime | None]
    """When a sweep last took it up: whoever waits longest comes next."""
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of the skipped rows were known already."""
    warned: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many rows came in without something that could not be used."""
    day_key: Mapped[str | None] = mapped_column(String(160))
    """The webhook source and day that this run gathers; null for a file, and once it is undone."""
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The uploaded file while the worker needs it; null when a command streams the file itself, and once done."""


class ImportRowError(Base):
    """A row that did not come in as it was, and why; it stopped nobody else."""

    __tablename__ = "import_row_error"
    id: Mapped[Id]
    run_id: Mapped[Ref] = mapped_column(ForeignKey("import_run.id"), index=True)
    row: Mapped[int]
    """1-based; for CSV the line in which the record starts counts the header as 1."""
    kind: Mapped[RowErrorKind] = mapped_column(
        one_of(RowErrorKind, length=10, name="kind"), default=RowErrorKind.FAILED, server_default="failed"
    )
    reason: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text, default="")
    item: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    """What a row that was left out says, so that a person can take it in all the same; null where nobody may."""
    taken_item_id: Mapped[Ref | None]
    """The item it became, by a person's word."""


class ImportHeld(Base):
    """Says that a run held an item that another run had brought: it stands as long as one of them does."""

    __tablename__ = "import_held"

    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"), primary_key=True)
    run_id: Mapped[Ref] = mapped_column(ForeignKey("import_run.id"), primary_key=True, index=True)


class SourceOption(Base):
    """What people said once about a source: its zone, its order of dates, its own speakers."""

    __tablename__ = "source_option"

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(120), unique=True)
    options: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class SavedMapping(Base):
    """Which column or field becomes which field of an item, under a name."""

    __tablename__ = "saved_mapping"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    format: Mapped[str] = mapped_column(String(20))
    mapping: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class WebhookSource(Base):
    """Another system that may hand in items: `key` is in the address, a secret signs the body."""

    __tablename__ = "webhook_source"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(80))
    secret: Mapped[str | None] = mapped_column(String(200))
    """Only what a release wrote that knew no sealed secrets; it is moved to `bpm.secrets` when it is met."""
    channel: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(120))
    mapping: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
