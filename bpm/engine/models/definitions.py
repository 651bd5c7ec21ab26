"""What was uploaded, what is live, who signed it, and how much of it is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.engine.models.columns import MaybeJson
from bpm.engine.status import (
    RetentionStatus,
    SigningVerb,
    VersionStatus,
)
from bpm.foundation.db import Base, Id, Json, Ref, one_of


class Upload(Base):
    """A file as it was dropped, with the report that its designer reads."""

    __tablename__ = "upload"

    id: Mapped[Id]
    file_name: Mapped[str] = mapped_column(String(300))
    source: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[dict[str, Any]] = mapped_column(Json)
    """{"file", "deployable", "findings": [...], "seconds", "drawing": {"xml", "notes": {...}}, "came": {...}, ...}"""
    checked: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The checked model, packed (see `received.kept_check`); NULL: it is checked again when it is needed."""
    version_id: Mapped[Ref | None]
    """The version that it became; NULL: unfinished. No foreign key: it came later."""
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class ProcessDefinition(Base):
    """A process known by its key; what runs is one of its versions."""

    __tablename__ = "process_definition"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    live_version_id: Mapped[Ref | None]
    """No foreign key: the two tables would point at each other. Only `deployment` writes it."""
    service_target: Mapped[str | None] = mapped_column(String(40))
    """Read by the release before alone: that of the process among `service_targets`."""
    service_targets: Mapped[dict[str, str] | None] = mapped_column(MaybeJson)
    """{whose: open time (ISO 8601, such as PT4H) after which a task is due whose model says nothing of it}; whose: ""
    for the process, `element ID`, `group KEY`. Holds no personal data."""
    connectors: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson)
    """{element: {"topic", "retries", "retry_in"}}: how systems are connected instead of as modelled; see
    `definitions.connectors`."""
    sign_offs: Mapped[list[str] | None] = mapped_column(MaybeJson)
    """Departments that sign its versions, in order; NULL: those of the setting."""


class ProcessVersion(Base):
    """One immutable, numbered deployment: model, forms, decisions and tests under one content hash."""

    __tablename__ = "process_version"
    __table_args__ = (UniqueConstraint("definition_id", "number"), UniqueConstraint("definition_id", "content_hash"))

    id: Mapped[Id]
    definition_id: Mapped[Ref] = mapped_column(ForeignKey("process_definition.id"))
    number: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 over key, source, forms, tests and decisions, and over triggers and README where there are any."""
    file_name: Mapped[str] = mapped_column(String(300))
    source: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """As uploaded, byte for byte."""
    drawing: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file with a drawing that was laid out at the upload, UTF-8; NULL: the file's own one is shown."""
    drawing_notes: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson, deferred=True)
    """{"processes": [names laid out], "left_out": [{"id", "name", "type"}], "problem", "remedy"}; NULL: not known"""
    executable: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    specs: Mapped[dict[str, Any]] = mapped_column(Json)
    """{process id: spec hash}"""
    processes: Mapped[list[Any]] = mapped_column(Json)
    """[{"id", "name", "lanes", "calls", "plain_start", "starts": [{"process", "element", "kind", "event"}]}]"""
    primary: Mapped[str] = mapped_column("primary_process", String(300))
    elements: Mapped[list[Any]] = mapped_column(Json, deferred=True)
    findings: Mapped[list[Any]] = mapped_column(Json, deferred=True)
    forms: Mapped[dict[str, Any]] = mapped_column(Json)
    """{form key or element id: JSON Schema}"""
    uploaded_forms: Mapped[list[Any] | None] = mapped_column(MaybeJson, deferred=True)
    """Keys of the forms that came as files, not in the model; NULL: not known, as in versions of earlier releases."""
    decisions: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True, default=dict, server_default="{}")
    """{file name: text} of the DMN files that came with it"""
    tests: Mapped[list[Any]] = mapped_column(Json, deferred=True)
    test_results: Mapped[list[Any]] = mapped_column(Json)
    """[{"id", "outcome", "detail"}]"""
    triggers: Mapped[list[Any] | None] = mapped_column(MaybeJson, deferred=True)
    """Entries of its triggers.json: what is not there yet is made when it goes live; NULL: none came."""
    documentation: Mapped[str | None] = mapped_column(Text, deferred=True)
    """Its README."""
    unsigned_reason: Mapped[str | None] = mapped_column(Text)
    """Why it went live without its signatures; NULL: it did not."""
    replaced_by: Mapped[Ref | None]
    """The newer draft that took this draft's place; NULL: none did. No foreign key: it came later."""
    replayed: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson, deferred=True)
    """What finished cases of the live version came to in it: {"of", "done", "cases": [...]}; no values of theirs."""
    replayed_against: Mapped[Ref | None]
    """The version whose cases they were, once all are done. No foreign key: it came later."""
    status: Mapped[VersionStatus] = mapped_column(one_of(VersionStatus))
    note: Mapped[str] = mapped_column(Text)
    keep_for_days: Mapped[int | None]
    """How long ended instances of it are kept; NULL: for ever."""
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    live_at: Mapped[datetime | None]


class RetentionChange(Base):
    """Somebody's wish to keep ended instances of a version for less long; it waits, and may be stopped."""

    __tablename__ = "retention_change"
    __table_args__ = (Index("ix_retention_change_status_due_at", "status", "due_at"),)

    id: Mapped[Id]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"), index=True)
    from_days: Mapped[int | None]
    to_days: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    loss: Mapped[dict[str, Any]] = mapped_column(Json)
    """What would have gone when it was asked for: {"cases", kind in words: number ..., "oldest", "newest"}"""
    asked_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None]
    status: Mapped[RetentionStatus] = mapped_column(one_of(RetentionStatus))
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]


class ProcessSpec(Base):
    """The serialised spec of one process, stored once however many versions and instances use it."""

    __tablename__ = "process_spec"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Signature(Base):
    """A department's word that a version may go live, as it counts now; `SigningRecord` keeps what was before."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("version_id", "department"),
        Index("uq_signature_version_id_once_for", "version_id", "once_for", unique=True),
    )

    id: Mapped[Id]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    department: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(16))
    """web | console"""
    content_hash: Mapped[str | None] = mapped_column(String(64))
    """What was signed; NULL in those of earlier releases, which mean the version's own."""
    once_for: Mapped[Ref | None]
    """The person, so that nobody signs a version twice; NULL for the console, and where a setting lets them."""


class SigningRecord(Base):
    """What was said of a version by whom and when: signed, withdrawn, lapsed, changes wanted. Append-only."""

    __tablename__ = "signing_record"

    id: Mapped[Id]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"), index=True)
    department: Mapped[str] = mapped_column(String(80))
    verb: Mapped[SigningVerb] = mapped_column(one_of(SigningVerb, name="verb"))
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    comment: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
