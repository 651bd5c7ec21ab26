"""Tables of playbooks: what is done in a kind of situation, in versions, and each use of one with its steps."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import StepState
from bpm.foundation.db import Base, Id, Ref, one_of


class Playbook(Base):
    """The steps for a kind of situation: whose they are, and until when they may be used unseen."""

    __tablename__ = "playbook"
    __table_args__ = (CheckConstraint("tone IN ('', 'negative', 'neutral', 'positive')", name="tone"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    topic: Mapped[str] = mapped_column(String(120), default="")
    """What an item has to be about, or about a part of it; empty: whatever."""
    kind: Mapped[str] = mapped_column(String(20), default="")
    tone: Mapped[str] = mapped_column(String(10), default="")
    owner_user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    review_by: Mapped[date]
    """The last day on which it is offered without being looked at again."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class PlaybookVersion(Base):
    """The steps as they were from an instant on; only ever added to."""

    __tablename__ = "playbook_version"
    __table_args__ = (UniqueConstraint("playbook_id", "number"),)

    id: Mapped[Id]
    playbook_id: Mapped[Ref] = mapped_column(ForeignKey("playbook.id", ondelete="CASCADE"))
    number: Mapped[int]
    steps: Mapped[list[Any]]
    """Texts, in order."""
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class PlaybookUse(Base):
    """Somebody works on an item by a version of a playbook."""

    __tablename__ = "playbook_use"
    __table_args__ = (UniqueConstraint("item_id", "version_id"),)

    id: Mapped[Id]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("playbook_version.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    """Its first version."""
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PlaybookStep(Base):
    """What became of one step: done, or skipped with the reason."""

    __tablename__ = "playbook_step"
    __table_args__ = (
        UniqueConstraint("use_id", "number"),
        CheckConstraint("state <> 'skipped' OR length(why) > 0", name="why"),
    )

    id: Mapped[Id]
    use_id: Mapped[Ref] = mapped_column(ForeignKey("playbook_use.id", ondelete="CASCADE"))
    number: Mapped[int]
    """From 1 on."""
    state: Mapped[StepState] = mapped_column(one_of(StepState, length=10, name="state"))
    why: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
