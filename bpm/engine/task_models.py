"""What people do together about a task: remarks, hand-overs, whom they follow, and who stands in for whom."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of


class TaskComment(Base):
    """What a person wrote about a task; read at each task of its case. A removed one keeps its place without words."""

    __tablename__ = "task_comment"
    __table_args__ = (Index("ix_task_comment_instance", "instance_id", "id"),)

    id: Mapped[Id]
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("work_item.id"))
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Passing(StrEnum):
    """How a task changed hands."""

    HANDED_OVER = "handed_over"
    DELEGATED = "delegated"
    GIVEN_BACK = "given_back"
    STOOD_IN = "stood_in"
    """A deputy took it from somebody who is away."""


class HandOver(Base):
    """A task went from one person to another, or to a group, with a note."""

    __tablename__ = "task_hand_over"
    __table_args__ = (
        Index("ix_task_hand_over_instance", "instance_id", "id"),
        Index("ix_task_hand_over_item", "item_id", "id"),
    )

    id: Mapped[Id]
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("work_item.id"))
    kind: Mapped[Passing] = mapped_column(one_of(Passing, name="kind"))
    by_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    from_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Who had it."""
    from_group: Mapped[str | None] = mapped_column(String(80))
    from_owner_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    to_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    to_group: Mapped[str | None] = mapped_column(String(80))
    undone_at: Mapped[datetime | None]


class CaseWatch(Base):
    """A person wants to be told of what happens in a case."""

    __tablename__ = "case_watch"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"), primary_key=True, index=True)
    told_until: Mapped[datetime]
    """What happened up to then has been told."""


class Absence(Base):
    """A person is away, and another stands in: open and new work of theirs is offered to the deputy."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("until_at > from_at", name="order"),
        Index("ix_absence_deputy", "deputy_id", "is_on"),
        Index("ix_absence_user", "user_id", "until_at"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    deputy_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    is_on: Mapped[bool] = mapped_column(default=False)
    """Whether it is in force: set when it begins and cleared when it ends, by a worker."""
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    """Taken back before it began."""


class TaskLook(Base):
    """Which task somebody has open now; one row for each person, gone stale when they leave."""

    __tablename__ = "task_look"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[Ref] = mapped_column(ForeignKey("work_item.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    typed_at: Mapped[datetime | None]
    """When their page last said that they type there."""
