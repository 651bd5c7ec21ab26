"""Tables of rollouts: two versions of a process live at once, which case was given which, and who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Json, Ref, one_of
from bpm.processes.rollouts.words import Arm, Rest, RolloutStatus, RolloutVerb, Unit, Way

_IS_OPEN = "status IN ('running', 'paused', 'over')"


class Rollout(Base):
    """A version on trial beside the live one; at most one of a process is open."""

    __tablename__ = "rollout"
    __table_args__ = (
        Index(
            "ix_rollout_open",
            "definition_key",
            unique=True,
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
        Index("ix_rollout_definition_key", "definition_key", "id"),
    )  # fmt: skip

    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200))
    control_version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    candidate_version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"), index=True)
    """The same as the control in an A/A test."""
    way: Mapped[Way] = mapped_column(one_of(Way, length=10, name="way"))
    unit: Mapped[Unit] = mapped_column(one_of(Unit, length=10, name="unit"))
    variable: Mapped[str] = mapped_column(String(200), default="")
    """Of the case: its team or group, or, for customers, an id that stands for them where nobody knows them."""
    salt: Mapped[str] = mapped_column(String(32))
    step: Mapped[int] = mapped_column(default=0)
    """Place in `steps` of the share that is in force."""
    steps: Mapped[list[Any]] = mapped_column(Json)
    """Shares for the candidate, growing, each from 0 to 1."""
    stages: Mapped[list[Any]] = mapped_column(Json)
    """[{"value": of the variable, "from": instant in ISO 8601}] of a staged rollout, in order."""
    from_at: Mapped[datetime | None]
    """Since when everybody has the candidate."""
    stop_after: Mapped[int | None]
    """Cases of both arms with which it is over."""
    stop_at: Mapped[datetime | None]
    cool_off_hours: Mapped[int] = mapped_column(default=0)
    """For how long a step is in force before the next one may be."""
    status: Mapped[RolloutStatus] = mapped_column(one_of(RolloutStatus))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it stands as it does."""
    asked: Mapped[str] = mapped_column(String(10), default="")
    """What waits for a second person: "step", "live", "withdraw", or nothing."""
    asked_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime | None]
    asked_reason: Mapped[str] = mapped_column(Text, default="")
    rest: Mapped[Rest] = mapped_column(one_of(Rest, length=10, name="rest"), default=Rest.FINISH)
    stepped_at: Mapped[datetime]
    """Since when the step is in force."""
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RolloutCase(Base):
    """Which arm a case was given as it began; it keeps that whatever becomes of it."""

    __tablename__ = "rollout_case"
    __table_args__ = (Index("ix_rollout_case_rollout_id", "rollout_id", "arm", "at"),)

    id: Mapped[Id]
    rollout_id: Mapped[Ref] = mapped_column(ForeignKey("rollout.id", ondelete="CASCADE"))
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), unique=True)
    arm: Mapped[Arm] = mapped_column(one_of(Arm, length=10, name="arm"))
    unit: Mapped[str] = mapped_column(String(40))
    """A digest, under the rollout's own salt, of what was drawn: cases of one customer have the same."""
    customer_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"), index=True)
    """Where it was known as the case began."""
    step: Mapped[int] = mapped_column(default=0)
    group_name: Mapped[str] = mapped_column(String(200), default="")
    """Its team or group."""
    at: Mapped[datetime]


class RolloutAct(Base):
    """What was done with a rollout, by whom, why; only ever added to."""

    __tablename__ = "rollout_act"

    id: Mapped[Id]
    rollout_id: Mapped[Ref] = mapped_column(ForeignKey("rollout.id", ondelete="CASCADE"), index=True)
    verb: Mapped[RolloutVerb] = mapped_column(one_of(RolloutVerb, length=20, name="verb"))
    reason: Mapped[str] = mapped_column(Text, default="")
    share: Mapped[float | None]
    """Of the candidate after it, where it is by lot."""
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
