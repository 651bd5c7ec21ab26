"""What work costs, how much of it people can do, and what is proposed to be stopped: plans that hold until the next."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class CostPlanRow(Base):
    """Rates, costs of events and budgets; the newest row holds, the others say what held before and who changed it.

    Shape: `economics.plan.as_plain`; amounts are decimals of the currency, as text.
    """

    __tablename__ = "cost_plan"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Id]
    plan: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class CapacityPlanRow(Base):
    """How much of their open hours a group's people have for tasks, and how much work it lets lie at once.

    Shape: `capacity.staffing.as_plain`; the newest row holds.
    """

    __tablename__ = "capacity_plan"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Id]
    plan: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class StopProposal(Base):
    """Activities and channels that somebody would stop, with what they cost in the period that was looked at."""

    __tablename__ = "stop_proposal"

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]]
    """[{"what", "name", "cents", "passes", "items", "negative", "n"}]"""
    cents: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
