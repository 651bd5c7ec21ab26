"""Tables of perception studies: one list, ranked by staff and by customers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of


class Side(StrEnum):
    """Whose ranking it is."""

    STAFF = "staff"
    CUSTOMERS = "customers"


class Via(StrEnum):
    """How a ranking came in."""

    ANSWERED = "answered"
    """By the person, signed in."""
    ENTERED = "entered"
    """By a colleague, for somebody who said it."""
    IMPORTED = "imported"


class PerceptionStudy(Base):
    """One question and the list that both sides rank."""

    __tablename__ = "perception_study"

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    items: Mapped[list[Any]]
    """What is ranked, in the order in which it was written down."""
    salt: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class PerceptionRanking(Base):
    """One person's order in one round, once."""

    __tablename__ = "perception_ranking"
    __table_args__ = (UniqueConstraint("study_id", "round", "person_hash"),)

    id: Mapped[Id]
    study_id: Mapped[Ref] = mapped_column(ForeignKey("perception_study.id", ondelete="CASCADE"))
    round: Mapped[str] = mapped_column(String(40))
    """Which time it was asked, as 2026 or 2026-Q4; rounds go by their names."""
    side: Mapped[Side] = mapped_column(one_of(Side, length=10, name="side"))
    person_hash: Mapped[str] = mapped_column(String(64))
    """Salted with the study's salt: that somebody was asked is known again, who it was is not."""
    places: Mapped[list[Any]]
    """The place (from 1) that the person gave each item, in the order of the study's items."""
    via: Mapped[Via] = mapped_column(one_of(Via, length=10, name="via"))
    at: Mapped[datetime]
