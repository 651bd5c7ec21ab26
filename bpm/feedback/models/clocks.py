"""Tables of the service clocks of items: what is wanted, how each clock stands, when the customer was asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import ClockKind
from bpm.foundation.db import Base, Id, Ref, one_of

ANY_URGENCY = -1
UNRESOLVED = "resolved_at IS NULL"
UNANSWERED = "resolved_at IS NULL AND answered_at IS NULL"
"""Clocks that can be late: literally as in their indices, or no database would use those."""


class AnswerTarget(Base):
    """In how much working time something is wanted: for a clock, on a channel, at an urgency, for a group, or any."""

    __tablename__ = "answer_target"
    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes"),)

    clock: Mapped[ClockKind] = mapped_column(one_of(ClockKind, length=10, name="clock"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    """Empty: any."""
    urgency: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 to 3; ANY_URGENCY: any."""
    group_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Empty: whoever has it."""
    minutes: Mapped[int]
    """0: nothing is wanted there, whatever holds for others."""


class ItemClock(Base):
    """How the clocks of one item stand, worked out anew from what happened whenever something did."""

    __tablename__ = "item_clock"
    __table_args__ = (
        Index(
            "ix_item_clock_alert_at",
            "alert_at",
            sqlite_where=text("alert_at IS NOT NULL"),
            postgresql_where=text("alert_at IS NOT NULL"),
        ),
        Index(
            "ix_item_clock_answer_due_at",
            "answer_due_at",
            "item_id",
            sqlite_where=text(UNANSWERED),
            postgresql_where=text(UNANSWERED),
        ),
        Index(
            "ix_item_clock_resolve_due_at",
            "resolve_due_at",
            "item_id",
            sqlite_where=text(UNRESOLVED),
            postgresql_where=text(UNRESOLVED),
        ),
    )

    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[ClockKind] = mapped_column(one_of(ClockKind, length=10, name="kind"))
    """Whether it waits for the first answer of its episode or for the next one."""
    started_at: Mapped[datetime]
    answer_due_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """When the first answer after it left, to whichever item of its episode."""
    resolve_due_at: Mapped[datetime | None]
    """Null while the customer is asked, too."""
    resolved_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    """Since when the customer is asked and has not said anything."""
    alert_at: Mapped[datetime | None]
    """When people are told next that a time is near or has gone by."""
    told_until: Mapped[datetime | None]
    """Up to when they were told."""


class ClockPause(Base):
    """A colleague said that the customer is asked (`ended_at` null while that holds), or that the clocks go on."""

    __tablename__ = "clock_pause"

    id: Mapped[Id]
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
