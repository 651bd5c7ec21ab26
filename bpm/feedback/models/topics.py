"""Tables of what was learned: a company's topics and how far older items were read again; kinds from corrections."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import RereadStatus, TopicTrainingStatus
from bpm.foundation.db import Base, Id, Ref, one_of


class TopicTraining(Base):
    """One file of examples: learned by the worker, put in service when not worse, older items then read again."""

    __tablename__ = "topic_training"

    id: Mapped[Id]
    file_name: Mapped[str] = mapped_column(String(400))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The examples while the worker needs them; then null."""
    status: Mapped[TopicTrainingStatus] = mapped_column(
        one_of(TopicTrainingStatus, length=12), default=TopicTrainingStatus.WAITING
    )
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """items, topics, accuracy, threshold, version, in so far as they are known."""
    problem: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    reread: Mapped[RereadStatus] = mapped_column(
        one_of(RereadStatus, length=8, name="reread"), default=RereadStatus.NONE, server_default="none"
    )
    reread_upto: Mapped[Ref | None]
    """The newest reading of before; what came later was read with the new topics already."""
    reread_behind: Mapped[Ref | None]
    """How far it came: readings up to this one are done."""
    reread_total: Mapped[int] = mapped_column(default=0, server_default="0")
    reread_done: Mapped[int] = mapped_column(default=0, server_default="0")
    reread_changed: Mapped[int] = mapped_column(default=0, server_default="0")


class KindTraining(Base):
    """One training of kinds, sentiment and urgency from people's corrections, put in service when not worse."""

    __tablename__ = "kind_training"

    id: Mapped[Id]
    status: Mapped[TopicTrainingStatus] = mapped_column(
        one_of(TopicTrainingStatus, length=12), default=TopicTrainingStatus.WAITING
    )
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """version, items, corrected, older, newer, n, not_worse, once they are known."""
    problem: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
