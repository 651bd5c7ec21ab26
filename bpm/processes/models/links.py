"""What ties an item to processes, and what processes left behind of it: links, drafts, praise."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.status import (
    AttributionMethod,
    DraftStatus,
    LinkKind,
)


class Attribution(Base):
    """Link of an item to a process version, and where known to an instance and an element; ended, never rewritten."""

    __tablename__ = "attribution"
    __table_args__ = (
        Index("ix_attribution_version_id_element", "version_id", "element"),
        Index("ix_attribution_valid_to", "valid_to"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    definition_key: Mapped[str] = mapped_column(String(200), index=True)
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"))
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    element: Mapped[str] = mapped_column(String(300))
    kind: Mapped[LinkKind] = mapped_column(
        one_of(LinkKind, length=20, name="kind"), server_default=str(LinkKind.OPENED_BY)
    )
    method: Mapped[AttributionMethod] = mapped_column(one_of(AttributionMethod, length=20, name="method"))
    confidence: Mapped[float]
    evidence: Mapped[str] = mapped_column(String(300), default="")
    """One sentence: what speaks for the link."""
    author: Mapped[str] = mapped_column(String(120))
    """`system` or the person's user name."""
    artefact_id: Mapped[Ref | None] = mapped_column(ForeignKey("artefact.id", ondelete="SET NULL"), index=True)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class ReplyDraft(Base):
    """Words a process prepared for one named person to send or drop; it is no reply before that person sends it."""

    __tablename__ = "reply_draft"
    __table_args__ = (
        UniqueConstraint("instance_id", "item_id", "element"),
        Index("ix_reply_draft_user_id_status", "user_id", "status"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"))
    element: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[DraftStatus] = mapped_column(one_of(DraftStatus, length=20), default=DraftStatus.WAITING)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Recognition(Base):
    """Praise that reached the people who earned it: who, for which item, in whose words."""

    __tablename__ = "recognition"

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"), index=True)
    job_key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(200))
    """A person's user name or a group's key, as the staff who read the praise named it."""
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime]
