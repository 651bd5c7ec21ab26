"""Tables of tags: words of a team, or of everybody, on items."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref

LIVE = "merged_into_id IS NULL"


class Tag(Base):
    """A word that a team puts on items; one that was merged leads to the one that it became."""

    __tablename__ = "tag"
    __table_args__ = (
        Index(
            "uq_tag_live",
            "group_key",
            "name",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    """In lower case."""
    group_key: Mapped[str] = mapped_column(String(80), default="")
    """The team whose it is; empty: everybody's."""
    created_by: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    merged_into_id: Mapped[Ref | None] = mapped_column(ForeignKey("tag.id"), index=True)


class ItemTag(Base):
    """An item has a tag."""

    __tablename__ = "item_tag"
    __table_args__ = (UniqueConstraint("item_id", "tag_id"),)

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    """Its first version."""
    tag_id: Mapped[Ref] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
