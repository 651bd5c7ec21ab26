"""Rules before tasks that contact customers, and what they did."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.status import (
    GuardEffect,
    GuardRule,
    GuardVerdict,
)


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
    version_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_version.id"), index=True)
    """The version whose model declares it; null: somebody put it up, or it came with the product."""
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
