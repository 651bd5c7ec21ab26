"""With whom feedback lands, whose it is, who takes new items, and what learners would decide."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


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
