"""Roles of one's own, what is granted to whom where, and what people are trained for."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class OwnRole(Base):
    """A set of permissions that this installation gave a name."""

    __tablename__ = "own_role"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    permissions: Mapped[list[Any]]
    """Values of `Permission`, sorted."""


class AccessGrant(Base):
    """A role that a person or a group has: everywhere, or for one process, case, conversation or inbox; perhaps for a
    time only."""

    __tablename__ = "access_grant"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (group_id IS NULL)", name="one_holder"),
        Index("ix_access_grant_scope", "scope_kind", "scope_key"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_group.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(60))
    """Key of a role of ours or of one's own."""
    scope_kind: Mapped[str] = mapped_column(String(16))
    """One of `ScopeKind`."""
    scope_key: Mapped[str] = mapped_column(String(200))
    """Key of the process, number of the case or conversation, key of the inbox; empty: everywhere."""
    expires_at: Mapped[datetime | None]
    """None: until it is taken back."""
    granted_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime]


class Skill(Base):
    """What a person is trained for, and until when."""

    __tablename__ = "person_skill"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    """In lower case, as topics are written."""
    expires_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which it counts; None: for good."""
