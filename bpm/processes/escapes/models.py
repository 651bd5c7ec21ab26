"""The table of escapes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class Escape(Base):
    """A public post of somebody whose case or private words waited then; charged to the activity that was waiting."""

    __tablename__ = "public_escape"
    __table_args__ = (
        Index("ix_public_escape_item_id", "item_id", unique=True),
        Index("ix_public_escape_version_id", "version_id", "said_at"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    """What was said in public."""
    waiting_item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="SET NULL"), index=True)
    """What they had said in private, and waited for."""
    instance_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_instance.id", ondelete="SET NULL"), index=True)
    version_id: Mapped[Ref | None] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"))
    element: Mapped[str] = mapped_column(String(300), default="", server_default="")
    said_at: Mapped[datetime]
