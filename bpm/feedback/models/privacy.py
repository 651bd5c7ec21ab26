"""Tables of what people decided about private data: erasures that were done, and how long each kind is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import DataClass
from bpm.foundation.db import Base, Id, Ref, one_of


class Erasure(Base):
    """A person was erased: who did it, when and why, what went, and which backups still hold it."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_customer_id", "customer_id"),)

    id: Mapped[Id]
    customer_id: Mapped[Ref]
    """The row that is left of the person. No foreign key: customers are merged."""
    reason: Mapped[str] = mapped_column(Text)
    went: Mapped[dict[str, Any]]
    """Kind in words -> how many."""
    backups: Mapped[dict[str, Any]]
    """{"note": what to do about them, "files": [names of those found where backups are kept]}"""
    erased_at: Mapped[datetime]
    written_over_at: Mapped[datetime | None]
    """When the file of the database was written anew, so that nothing erased lies in freed pages; NULL: not yet."""
    erased_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    erased_by_name: Mapped[str] = mapped_column(String(200))


class DataRetention(Base):
    """How long one class of private data is kept, everywhere or of one source; a wish for less waits its hour."""

    __tablename__ = "data_retention"
    __table_args__ = (UniqueConstraint("data_class", "source"),)

    id: Mapped[Id]
    data_class: Mapped[DataClass] = mapped_column(one_of(DataClass, name="data_class"))
    source: Mapped[str] = mapped_column(String(120))
    """Empty: of every source that has no row of its own."""
    keep_for_days: Mapped[int | None]
    """NULL: for ever."""
    wished_days: Mapped[int | None]
    """What it becomes at `due_at`; NULL: nothing waits."""
    due_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
