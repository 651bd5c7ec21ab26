"""What links lead on to: the case that caused another one, and things that customers have in hand."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.status import ArtefactKind, CauseHow, CauseStatus


class Cause(Base):
    """A case that a complaint opened, and a case that it is about: one of ours, or one that another system ran."""

    __tablename__ = "cause"
    __table_args__ = (
        UniqueConstraint("instance_id", "causing_instance_id"),
        UniqueConstraint("instance_id", "outside_case_id"),
        CheckConstraint("(causing_instance_id IS NULL) <> (outside_case_id IS NULL)", name="one_case"),
        Index("ix_cause_status", "status", "id"),
    )

    id: Mapped[Id]
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id", ondelete="CASCADE"))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    causing_instance_id: Mapped[Ref | None] = mapped_column(
        ForeignKey("process_instance.id", ondelete="CASCADE"), index=True
    )
    outside_case_id: Mapped[Ref | None] = mapped_column(ForeignKey("outside_case.id", ondelete="CASCADE"), index=True)
    element: Mapped[str] = mapped_column(String(300), default="")
    """Activity of the causing case that it is charged to; empty where a person is asked first."""
    how: Mapped[CauseHow] = mapped_column(one_of(CauseHow, length=10, name="how"))
    evidence: Mapped[str] = mapped_column(String(300))
    confidence: Mapped[float]
    status: Mapped[CauseStatus] = mapped_column(one_of(CauseStatus, length=10))
    attribution_id: Mapped[Ref | None] = mapped_column(ForeignKey("attribution.id", ondelete="SET NULL"), index=True)
    """The link that charges the complaint to the causing activity, where this made it."""
    author: Mapped[str] = mapped_column(String(120), default="system")
    at: Mapped[datetime]


class Artefact(Base):
    """A letter, label, page, form, offer or campaign of an activity, by whose name customers speak of it."""

    __tablename__ = "artefact"
    __table_args__ = (Index("ix_artefact_definition_key", "definition_key", "element"),)

    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200))
    element: Mapped[str] = mapped_column(String(300))
    kind: Mapped[ArtefactKind] = mapped_column(one_of(ArtefactKind, length=10, name="kind"))
    name: Mapped[str] = mapped_column(String(200))
    phrases: Mapped[list[Any]]
    """Words by which it is known in what customers say, folded; without any, people link by hand alone."""
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class LinkLook(Base):
    """How far a sweep over links or readings has come."""

    __tablename__ = "link_look"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    up_to: Mapped[Ref]


class SaidAfterWindow(Base):
    """How long after the end of its cases what customers say counts as said after them; else the setting holds."""

    __tablename__ = "said_after_window"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 365", name="days"),)

    definition_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    days: Mapped[int]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
