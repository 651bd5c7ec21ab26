"""Proposed changes, the voices that speak for them, and what of them stands on the public board."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.status import (
    ImprovementStatus,
    NameKind,
    VoiceKind,
)


class Improvement(Base):
    """A proposed change to a process, with the item and the instance that taught it."""

    __tablename__ = "improvement"
    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200), index=True)
    element: Mapped[str] = mapped_column(String(300), default="")
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="SET NULL"), index=True)
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="SET NULL"))
    job_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    proposed_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    status: Mapped[ImprovementStatus] = mapped_column(
        one_of(ImprovementStatus, length=20), default=ImprovementStatus.PROPOSED
    )
    created_at: Mapped[datetime]
    owner_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Who sees to it that something becomes of it."""
    version_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_version.id", ondelete="SET NULL"))
    """The process version that brought it about."""
    status_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why it stands as it does; of a concluded one, what happened."""
    status_at: Mapped[datetime | None]


class ImprovementVoice(Base):
    """An item that speaks for an improvement, or about it; `kind` says how it came to be tied to it."""

    __tablename__ = "improvement_voice"
    __table_args__ = (UniqueConstraint("improvement_id", "item_id"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete="CASCADE"))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    kind: Mapped[VoiceKind] = mapped_column(one_of(VoiceKind, length=10, name="kind"))
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ImprovementSupport(Base):
    """A customer who showed who they are supports a proposal; once."""

    __tablename__ = "improvement_support"
    __table_args__ = (UniqueConstraint("improvement_id", "customer_id"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete="CASCADE"))
    customer_id: Mapped[Ref] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]


class BoardEntry(Base):
    """What customers said, what we did and what happened, as a colleague wrote it for everybody to read.

    It stands on the public board from `published_at` until `withdrawn_at`.
    """

    __tablename__ = "board_entry"

    id: Mapped[Id]
    improvement_id: Mapped[Ref | None] = mapped_column(ForeignKey("improvement.id", ondelete="SET NULL"), index=True)
    theme: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The subject that it is about, in the company's words, where no improvement stands behind it."""
    theme_id: Mapped[Ref | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"), index=True)
    """The theme over items that it is about: its people are counted, wherever its items count in."""
    said: Mapped[str] = mapped_column(Text)
    did: Mapped[str] = mapped_column(Text)
    happened: Mapped[str] = mapped_column(Text, default="", server_default="")
    open_to_comments: Mapped[bool] = mapped_column(default=True)
    written_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[datetime]
    published_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class PublishedName(Base):
    """What customers may read in place of a name of ours: of a group, a process or a topic. Others stay inside."""

    __tablename__ = "published_name"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[Id]
    kind: Mapped[NameKind] = mapped_column(one_of(NameKind, length=10, name="kind"))
    key: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(200))
    published_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime]
