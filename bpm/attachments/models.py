"""Files that people attached, in pieces, so that none is ever whole in memory."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, BigInt, Id, Ref


class Attachment(Base):
    """A file attached to something: `about_type` and `about_id` say to what, `part_id` to which part of it."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_about", "about_type", "about_id", "id"),)

    id: Mapped[Id]
    about_type: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int] = mapped_column(BigInt)
    part_id: Mapped[int | None] = mapped_column(BigInt)
    name: Mapped[str] = mapped_column(Text)
    """As it is shown and saved: made safe."""
    media_type: Mapped[str] = mapped_column(String(100))
    """Told from its bytes."""
    size: Mapped[int] = mapped_column(BigInt)
    """Bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Hexadecimal, over all its bytes."""
    added_at: Mapped[datetime]
    added_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]
    """Its bytes are gone since then; the row stays as a trace."""


class AttachmentPiece(Base):
    """Some of a file's bytes."""

    __tablename__ = "attachment_piece"

    attachment_id: Mapped[Ref] = mapped_column(ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
