"""What customers are given beyond what is owed, and by which rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.status import (
    GestureStatus,
    Purpose,
)


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
