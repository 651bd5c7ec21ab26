"""Business calendars and whose they are."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class BusinessCalendar(Base):
    """A calendar by its name."""

    __tablename__ = "business_calendar"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    definition: Mapped[dict[str, Any]]
    """See `calendar.to_plain`; holds no personal data."""


class CalendarOfGroup(Base):
    """The calendar that a group works by."""

    __tablename__ = "calendar_of_group"
    __table_args__ = (Index("ix_calendar_of_group_calendar_id", "calendar_id"),)

    group_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Key of the group; "" for all groups that have none of their own. Without any it is always open."""
    calendar_id: Mapped[Ref] = mapped_column(ForeignKey("business_calendar.id", ondelete="CASCADE"))
