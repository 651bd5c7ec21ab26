"""The table of what our own people promised to customers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import PromiseOrigin, PromiseStatus
from bpm.foundation.db import Base, Id, Ref, one_of


class Promise(Base):
    """Who of ours promised which customer what, until when; it outlives the case and the reply that it was made in."""

    __tablename__ = "promise"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="text"),
        CheckConstraint("item_id IS NOT NULL OR customer_id IS NOT NULL", name="to_somebody"),
        Index("ix_promise_status", "status", "until_at", "id"),
        Index("ix_promise_changed_at", "changed_at"),
        Index("ix_promise_until_at", "until_at"),
        Index("ix_promise_owner", "owner_id", "status", "until_at"),
        Index(
            "ix_promise_alert_at",
            "alert_at",
            sqlite_where=text("alert_at IS NOT NULL"),
            postgresql_where=text("alert_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    customer_id: Mapped[Ref | None] = mapped_column(index=True)
    """Whom it was made to; where it was made about an item, that item says whose it is now."""
    item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id"), index=True)
    reply_id: Mapped[Ref | None] = mapped_column(ForeignKey("reply.id"), index=True)
    origin: Mapped[PromiseOrigin] = mapped_column(one_of(PromiseOrigin, length=8, name="origin"))
    text: Mapped[str] = mapped_column(Text)
    until_at: Mapped[datetime]
    made_by: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    """Who keeps it: its maker until a colleague takes it over."""
    status: Mapped[PromiseStatus] = mapped_column(one_of(PromiseStatus, length=10), default=PromiseStatus.OPEN)
    broken_at: Mapped[datetime | None]
    """When it was not kept in time; it stays when it is kept late."""
    changed_at: Mapped[datetime] = mapped_column(server_default="1970-01-01 00:00:00.000000")
    """When it was made, or came to count as something else than before: kept, broken, withdrawn, erased, open again."""
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(String(2000), default="", server_default="")
    alert_at: Mapped[datetime | None]
    """When its owner is told next: before it is broken, then when it is."""
