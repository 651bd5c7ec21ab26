"""Talks with customers that somebody asked for, and customers who are told what became of what they said."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.models.register_lists import TalkKind, TalkStatus, TellingStatus, ToldBy

GONE = "CASCADE"


class CustomerTalk(Base):
    """A talk with a customer about an improvement or a theme: a case with one task, and what came of it."""

    __tablename__ = "customer_talk"
    __table_args__ = (
        CheckConstraint("(improvement_id IS NULL) <> (theme_id IS NULL)", name="about"),
        Index("ix_customer_talk_done_at", "done_at"),
    )

    id: Mapped[Id]
    improvement_id: Mapped[Ref | None] = mapped_column(ForeignKey("improvement.id", ondelete=GONE), index=True)
    theme_id: Mapped[Ref | None] = mapped_column(ForeignKey("theme.id", ondelete=GONE), index=True)
    customer_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"), index=True)
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="SET NULL"), unique=True)
    kind: Mapped[TalkKind] = mapped_column(one_of(TalkKind, length=6, name="kind"))
    why: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    status: Mapped[TalkStatus] = mapped_column(one_of(TalkStatus, length=12), default=TalkStatus.OPEN)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    done_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    done_at: Mapped[datetime | None]


class ImprovementTelling(Base):
    """What a named colleague tells the people who spoke for an improvement."""

    __tablename__ = "improvement_telling"

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE), index=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ImprovementTold(Base):
    """One person of a telling: on which of their items, and what became of it."""

    __tablename__ = "improvement_told"
    __table_args__ = (
        UniqueConstraint("telling_id", "item_id"),
        Index("ix_improvement_told_status", "status", "id"),
    )

    id: Mapped[Id]
    telling_id: Mapped[Ref] = mapped_column(ForeignKey("improvement_telling.id", ondelete=GONE))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete=GONE), index=True)
    customer_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"), index=True)
    status: Mapped[TellingStatus] = mapped_column(one_of(TellingStatus, length=10), default=TellingStatus.WAITING)
    why: Mapped[str] = mapped_column(String(400), default="", server_default="")
    reply_id: Mapped[Ref | None] = mapped_column(ForeignKey("reply.id", ondelete="SET NULL"))
    at: Mapped[datetime | None]


class ThemeTold(Base):
    """What customers were told of a theme, with where it stands."""

    __tablename__ = "theme_told"

    id: Mapped[Id]
    theme_id: Mapped[Ref] = mapped_column(ForeignKey("theme.id", ondelete=GONE), index=True)
    kind: Mapped[ToldBy] = mapped_column(one_of(ToldBy, length=10, name="kind"))
    ref: Mapped[str] = mapped_column(String(1000))
    """The number of the entry, reply or update; of what was said elsewhere its address."""
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
