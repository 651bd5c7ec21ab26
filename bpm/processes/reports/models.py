"""Tables of kept reports, of who gets them by mail, and of measures that steer somebody."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of


class Every(StrEnum):
    """How often a report comes by mail."""

    WEEK = "week"
    MONTH = "month"


class SavedReport(Base):
    """A report under a name: its owner's, and of the group it is shared with."""

    __tablename__ = "saved_report"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name"), Index("ix_saved_report_owner", "owner_id"))

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    query: Mapped[str] = mapped_column(String(2000))
    """What is asked, as it stands in the address of the page."""
    group_key: Mapped[str] = mapped_column(String(80), default="")
    """Group that sees it, too; empty: its owner alone."""
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    saved_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class ReportSubscription(Base):
    """Who gets a report by mail, and when next."""

    __tablename__ = "report_subscription"
    __table_args__ = (
        Index("ix_report_subscription_next", "next_at"),
        Index("ix_report_subscription_user", "user_id", "report_id", unique=True),
    )

    id: Mapped[Id]
    report_id: Mapped[Ref] = mapped_column(ForeignKey("saved_report.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    every: Mapped[Every] = mapped_column(one_of(Every, length=10, name="every"))
    next_at: Mapped[datetime]


class Kpi(Base):
    """A measure that steers somebody, with its purpose and evidence; ended, never rewritten."""

    __tablename__ = "kpi"
    __table_args__ = (
        CheckConstraint("length(purpose) > 0", name="purpose"),
        CheckConstraint("length(evidence) > 0", name="evidence"),
    )

    id: Mapped[Id]
    measure: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
