"""Tables of what is owned together: owners of a process, roles at its activities, goals with their functions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.ownership.status import GoalStatus, OwnerKind


class ProcessOwner(Base):
    """A person who answers for a process on behalf of a function or of its customers; ended, never rewritten."""

    __tablename__ = "process_owner"
    __table_args__ = (Index("ix_process_owner_definition_key_ended_at", "definition_key", "ended_at"),)

    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OwnerKind] = mapped_column(one_of(OwnerKind, name="kind"))
    function: Mapped[str] = mapped_column(String(80), default="")
    """Key of the group whose function it is; empty for the customers' voice."""
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"), index=True)
    since: Mapped[datetime]
    named_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class ActivityRole(Base):
    """What a person said of a function's part in an activity, instead of what lanes and flows say."""

    __tablename__ = "activity_role"
    __table_args__ = (UniqueConstraint("version_id", "element", "function"),)

    id: Mapped[Id]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    element: Mapped[str] = mapped_column(String(300))
    function: Mapped[str] = mapped_column(String(80))
    letters: Mapped[str] = mapped_column(String(4), default="")
    """Of R (responsible), A (accountable), C (consulted), I (informed); empty: it has no part."""
    given_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]
    carried_from: Mapped[Ref | None]
    """Id of the version that it was first said of, where it was carried over. No foreign key: history alone."""


class Goal(Base):
    """What several functions want to reach together: a measure, a target and a day."""

    __tablename__ = "goal"

    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200), default="", index=True)
    """Empty: of the company as a whole."""
    title: Mapped[str] = mapped_column(String(300))
    measure: Mapped[str] = mapped_column(String(60))
    """Its name in the catalogue of measures."""
    target: Mapped[float]
    due: Mapped[date]
    status: Mapped[GoalStatus] = mapped_column(one_of(GoalStatus))
    reason: Mapped[str] = mapped_column(Text, default="")
    """What was said when it was reached or dropped."""
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class GoalOwner(Base):
    """A function that a goal belongs to."""

    __tablename__ = "goal_owner"

    goal_id: Mapped[Ref] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), primary_key=True)
    function: Mapped[str] = mapped_column(String(80), primary_key=True)
