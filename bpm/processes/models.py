"""Tables where engine and feedback meet: triggers, their firings, attributions, and what processes leave behind."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.status import (
    AttributionMethod,
    DraftStatus,
    FiringOutcome,
    GestureStatus,
    GuardEffect,
    GuardRule,
    GuardVerdict,
    ImprovementStatus,
    NameKind,
    Purpose,
    TriggerAction,
    VoiceKind,
    WhileRunning,
)


class Trigger(Base):
    """A rule of a designer: when such feedback arrives, start or correlate such a process."""

    __tablename__ = "process_trigger"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    definition_key: Mapped[str] = mapped_column(String(200), index=True)
    """Key under which the file of its process is deployed."""
    process_id: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """Which process of that file it starts; empty: the one that the file is about."""
    action: Mapped[TriggerAction] = mapped_column(one_of(TriggerAction, length=20, name="action"))
    message: Mapped[str] = mapped_column(String(200), default="")
    """Name of the BPMN message to correlate; empty for `start`."""
    key_field: Mapped[str] = mapped_column(String(80), default="")
    """Field whose value is the correlation key; empty: no key, the message goes to whoever waits for any."""
    while_running: Mapped[WhileRunning] = mapped_column(
        one_of(WhileRunning, length=20, name="while_running"), default=WhileRunning.JOIN
    )
    """A second item of a conversation whose case still runs: `join` that case, or `start` another."""
    conditions: Mapped[dict[str, Any]]
    """Shape of `conditions.Conditions`."""
    fields: Mapped[dict[str, Any]]
    """{variable of the process: name of a field of the item, or "=literal"}."""
    active: Mapped[bool] = mapped_column(default=False, index=True)
    active_since: Mapped[datetime | None]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class TriggerFiring(Base):
    """What a trigger did with an item: at most one row for the two, whatever is delivered twice."""

    __tablename__ = "trigger_firing"
    __table_args__ = (
        UniqueConstraint("trigger_id", "item_id"),
        Index("ix_trigger_firing_trigger_id_id", "trigger_id", "id"),
    )

    id: Mapped[Id]
    trigger_id: Mapped[Ref] = mapped_column(ForeignKey("process_trigger.id", ondelete="CASCADE"))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="SET NULL"))
    outcome: Mapped[FiringOutcome] = mapped_column(one_of(FiringOutcome, length=20, name="outcome"))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it failed or joined a case, in words for a person."""
    fired_at: Mapped[datetime]


class Attribution(Base):
    """Link of an item to a process version, and where known to an instance and an element; ended, never rewritten."""

    __tablename__ = "attribution"
    __table_args__ = (Index("ix_attribution_version_id_element", "version_id", "element"),)

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    definition_key: Mapped[str] = mapped_column(String(200), index=True)
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"))
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    element: Mapped[str] = mapped_column(String(300))
    method: Mapped[AttributionMethod] = mapped_column(one_of(AttributionMethod, length=20, name="method"))
    confidence: Mapped[float]
    evidence: Mapped[str] = mapped_column(String(300), default="")
    """One sentence: what speaks for the link."""
    author: Mapped[str] = mapped_column(String(120))
    """`system` or the person's user name."""
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class ReplyDraft(Base):
    """Words a process prepared for one named person to send or drop; it is no reply before that person sends it."""

    __tablename__ = "reply_draft"
    __table_args__ = (
        UniqueConstraint("instance_id", "item_id", "element"),
        Index("ix_reply_draft_user_id_status", "user_id", "status"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"))
    element: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[DraftStatus] = mapped_column(one_of(DraftStatus, length=20), default=DraftStatus.WAITING)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Recognition(Base):
    """Praise that reached the people who earned it: who, for which item, in whose words."""

    __tablename__ = "recognition"

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    job_key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(200))
    """A person's user name or a group's key, as the staff who read the praise named it."""
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime]


class Improvement(Base):
    """A proposed change to a process, with the item and the instance that taught it."""

    __tablename__ = "improvement"
    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200), index=True)
    element: Mapped[str] = mapped_column(String(300), default="")
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="SET NULL"), index=True)
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="SET NULL"))
    job_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    proposed_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    status: Mapped[ImprovementStatus] = mapped_column(
        one_of(ImprovementStatus, length=20), default=ImprovementStatus.PROPOSED
    )
    created_at: Mapped[datetime]
    owner_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Who sees to it that something becomes of it."""
    version_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_version.id", ondelete="SET NULL"))
    """The process version that brought it about."""
    status_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why it stands as it does; of a concluded one, what happened."""
    status_at: Mapped[datetime | None]


class ImprovementVoice(Base):
    """An item that speaks for an improvement, or about it; `kind` says how it came to be tied to it."""

    __tablename__ = "improvement_voice"
    __table_args__ = (UniqueConstraint("improvement_id", "item_id"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete="CASCADE"))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    kind: Mapped[VoiceKind] = mapped_column(one_of(VoiceKind, length=10, name="kind"))
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ImprovementSupport(Base):
    """A customer who showed who they are supports a proposal; once."""

    __tablename__ = "improvement_support"
    __table_args__ = (UniqueConstraint("improvement_id", "customer_id"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete="CASCADE"))
    customer_id: Mapped[Ref] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]


class BoardEntry(Base):
    """What customers said, what we did and what happened, as a colleague wrote it for everybody to read.

    It stands on the public board from `published_at` until `withdrawn_at`.
    """

    __tablename__ = "board_entry"

    id: Mapped[Id]
    improvement_id: Mapped[Ref | None] = mapped_column(ForeignKey("improvement.id", ondelete="SET NULL"), index=True)
    theme: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The subject that it is about, in the company's words, where no improvement stands behind it."""
    said: Mapped[str] = mapped_column(Text)
    did: Mapped[str] = mapped_column(Text)
    happened: Mapped[str] = mapped_column(Text, default="", server_default="")
    open_to_comments: Mapped[bool] = mapped_column(default=True)
    written_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    published_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class RoutingVersion(Base):
    """A routing table that holds from its instant until the next one: shape of `routing.table.as_plain`."""

    __tablename__ = "routing_version"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Id]
    table: Mapped[dict[str, Any]] = mapped_column("routes")
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ItemAssignment(Base):
    """An item is one person's to deal with, until somebody else gets it or it is given up; one at a time."""

    __tablename__ = "item_assignment"
    __table_args__ = (
        Index(
            "uq_item_assignment_current",
            "item_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_item_assignment_user", "user_id", "ended_at"),
        Index("ix_item_assignment_item", "item_id", "id"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    """Its first version."""
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Null: by itself."""
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text, default="")
    override: Mapped[str] = mapped_column(Text, default="")
    """Why somebody untrained got it all the same; empty: they were trained, or need not be."""
    ended_at: Mapped[datetime | None]


class Presence(Base):
    """Whether somebody takes new items now; no row: they do."""

    __tablename__ = "presence"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    is_away: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime]


class GoodwillRules(Base):
    """What gestures are given to everybody, and who gives how much without asking; holds until the next row.

    Shape: `goodwill.economics.as_plain`; amounts are cents.
    """

    __tablename__ = "goodwill_rules"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Id]
    rules: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class Gesture(Base):
    """Something that a customer is given beyond what is owed; amounts are cents."""

    __tablename__ = "gesture"
    __table_args__ = (
        CheckConstraint("cost > 0", name="cost"),
        Index("ix_gesture_at", "at"),
        Index("ix_gesture_case_id", "case_id"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(300))
    amount: Mapped[int]
    """Its worth to the customer."""
    cost: Mapped[int]
    """What it costs us in full."""
    margin_per_visit: Mapped[int | None]
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose, length=10, name="purpose"))
    why: Mapped[str] = mapped_column(Text)
    status: Mapped[GestureStatus] = mapped_column(one_of(GestureStatus, length=10))
    rule_given: Mapped[bool]
    """Whether the rule for everybody gives it, whoever the customer is."""
    rule_up_to: Mapped[int]
    rule_why: Mapped[str] = mapped_column(String(200))
    case_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="SET NULL"))
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[str] = mapped_column(Text, default="")


class ShadowDecision(Base):
    """What somebody who learns would decide on an item, before a colleague does."""

    __tablename__ = "shadow_decision"
    __table_args__ = (UniqueConstraint("item_id", "user_id"),)

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    """Its first version."""
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class PublishedName(Base):
    """What customers may read in place of a name of ours: of a group, a process or a topic. Others stay inside."""

    __tablename__ = "published_name"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[Id]
    kind: Mapped[NameKind] = mapped_column(one_of(NameKind, length=10, name="kind"))
    key: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(200))
    published_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime]


class CallGuard(Base):
    """A rule before a task that contacts a customer; ended, never rewritten."""

    __tablename__ = "call_guard"

    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200), index=True)
    element: Mapped[str] = mapped_column(String(300))
    rule: Mapped[GuardRule] = mapped_column(one_of(GuardRule, name="rule"))
    effect: Mapped[GuardEffect] = mapped_column(one_of(GuardEffect, name="effect"))
    variable: Mapped[str] = mapped_column(String(200), default="")
    """Of the rule `variable`: whose value is asked."""
    value: Mapped[str] = mapped_column(String(400), default="")
    go_to: Mapped[str] = mapped_column(String(300), default="")
    """Element at which the case goes on when the contact is avoided; empty: behind the task."""
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Null: it came with the product."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class GuardedTask(Base):
    """What a guard made of a task: the contact was avoided, it waits, or somebody made it all the same."""

    __tablename__ = "guarded_task"
    __table_args__ = (Index("ix_guarded_task_definition_key_verdict", "definition_key", "verdict", "id"),)

    id: Mapped[Id]
    work_item_id: Mapped[Ref] = mapped_column(unique=True)
    """No foreign key: retention takes tasks away, and the figure stays."""
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"), index=True)
    definition_key: Mapped[str] = mapped_column(String(200))
    element: Mapped[str] = mapped_column(String(300))
    guard_id: Mapped[Ref | None] = mapped_column(ForeignKey("call_guard.id"))
    verdict: Mapped[GuardVerdict] = mapped_column(one_of(GuardVerdict, name="verdict"))
    reason: Mapped[str] = mapped_column(Text)
    """What the guard found; of one that was overridden, why it was made all the same."""
    until_at: Mapped[datetime | None]
    at: Mapped[datetime]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
