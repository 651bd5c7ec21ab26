"""Tables of the engine: what was uploaded, what is live, what runs, and what waits for whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpm.engine.status import (
    ActivityStatus,
    BatchItemStatus,
    BatchStatus,
    FailureStatus,
    InstanceStatus,
    JobKind,
    JobStatus,
    RetentionStatus,
    SigningVerb,
    SubscriptionKind,
    SubscriptionStatus,
    VersionStatus,
    WorkItemStatus,
)
from bpm.foundation.db import Base, BigInt, Id, Json, Ref, one_of

MaybeJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON in which None is SQL NULL: nothing is stored where there is nothing."""


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
