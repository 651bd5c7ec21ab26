"""Tables of themes: recurring subjects over items, where each item belongs, and what people changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class Theme(Base):
    """A recurring subject. Merged, it counts in another one, and keeps its items so that the merge can be undone."""

    __tablename__ = "theme"
    __table_args__ = (Index("ix_theme_counts_in", "counts_in_id"), Index("ix_theme_last", "last_at", "id"))

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    named: Mapped[bool] = mapped_column(default=False)
    """Whether a person gave the name; else it follows the words of its items."""
    counts_in_id: Mapped[Ref | None] = mapped_column(ForeignKey("theme.id"))
    """The theme that it counts in: itself, or the one it was merged into."""
    words: Mapped[dict[str, Any]]
    """Words of its items -> in how many; those that one item alone has are left out when it grows."""
    exemplars: Mapped[bytes] = mapped_column(LargeBinary)
    """MinHash signatures of up to eight of its items, one after the other."""
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    """Since when the public may see it."""
    approved_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    learnt: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the company learnt from it, in its own words."""
    learnt_at: Mapped[datetime | None]
    told: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What customers were told about it."""
    told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ThemeItem(Base):
    """An item that was looked at, with its signature, and its theme when it has one."""

    __tablename__ = "theme_item"
    __table_args__ = (
        Index("ix_theme_item_theme", "theme_id", "placed_at"),
        Index("ix_theme_item_read", "classification_id"),
        Index("ix_theme_item_placed", "placed_at", "item_id"),
    )

    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"), primary_key=True, autoincrement=False)
    theme_id: Mapped[Ref | None] = mapped_column(ForeignKey("theme.id"))
    classification_id: Mapped[Ref]
    """The newest reading that was looked at when it was placed: the sweep goes on behind it."""
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    """MinHash of its words; empty when too few words say anything."""
    placed_at: Mapped[datetime]
    """When it was said, else received: as the item's own."""
    by_person: Mapped[bool] = mapped_column(default=False)


class ThemeChange(Base):
    """What a person did to a theme, with what was before, so that it can be undone."""

    __tablename__ = "theme_change"

    id: Mapped[Id]
    theme_id: Mapped[Ref] = mapped_column(ForeignKey("theme.id"), index=True)
    verb: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
