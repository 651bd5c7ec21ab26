"""Triggers, and what they did with items."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.status import (
    FiringOutcome,
    TriggerAction,
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
