"""What the register keeps of an improvement beside its own row: origin, owners, history, evidence, worth, CTQ tree."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.models.register_lists import NodeKind, Origin, Perspective, Stage, ValueKind, ValueSide

GONE = "CASCADE"


class ImprovementSheet(Base):
    """What it was opened from, and where it stands on the board; those of earlier releases have none yet."""

    __tablename__ = "improvement_sheet"

    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE), primary_key=True)
    origin: Mapped[Origin] = mapped_column(one_of(Origin, length=12, name="origin"))
    origin_ref: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    """What names it: the id of a theme, alarm or item, `key:element` of a step, the address of a bar's rows."""
    origin_label: Mapped[str] = mapped_column(String(300), default="", server_default="")
    stage: Mapped[Stage] = mapped_column(one_of(Stage, length=8, name="stage"), default=Stage.DEFINE)


class ImprovementOwner(Base):
    """A function (a group of people) that owns an improvement, and who of it sees to it."""

    __tablename__ = "improvement_owner"
    __table_args__ = (UniqueConstraint("improvement_id", "group_id"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE))
    group_id: Mapped[Ref] = mapped_column(ForeignKey("user_group.id", ondelete=GONE))
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class ImprovementEvent(Base):
    """Something that happened to an improvement: who, when, from what to what, why, on what evidence. Never changed."""

    __tablename__ = "improvement_event"
    __table_args__ = (Index("ix_improvement_event_improvement_id_verb", "improvement_id", "verb"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE))
    verb: Mapped[str] = mapped_column(String(20))
    before: Mapped[str] = mapped_column(String(300))
    after: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any]]
    """{check: what stood there when a gate was passed}"""
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ImprovementEvidence(Base):
    """What a person put down for one check of a gate, or signed."""

    __tablename__ = "improvement_evidence"
    __table_args__ = (UniqueConstraint("improvement_id", "check_key"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE))
    check_key: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    number: Mapped[float | None]
    n: Mapped[int | None]
    """How many cases or items stand behind the number."""
    ref: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """A measure's name, a version's number, a person's id; of a sign-off the hash of what was signed."""
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ImprovementValue(Base):
    """What an improvement is worth to one side: an amount as measured or estimated, and how one knows."""

    __tablename__ = "improvement_value"
    __table_args__ = (UniqueConstraint("improvement_id", "side", "kind"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE))
    side: Mapped[ValueSide] = mapped_column(one_of(ValueSide, length=8, name="side"))
    kind: Mapped[ValueKind] = mapped_column(one_of(ValueKind, length=6, name="kind"))
    amount: Mapped[float]
    unit: Mapped[str] = mapped_column(String(60))
    """`hours a year`, `steps a case`, `EUR a year`."""
    measured: Mapped[bool]
    """False: an estimate."""
    how: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ImprovementView(Base):
    """How a change looks from one viewpoint: from -2 (much worse for them) to 2 (much better), and in whose words."""

    __tablename__ = "improvement_view"
    __table_args__ = (UniqueConstraint("improvement_id", "perspective"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE))
    perspective: Mapped[Perspective] = mapped_column(one_of(Perspective, length=10, name="perspective"))
    score: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class CtqNode(Base):
    """A need, a driver of it, or what is critical to quality: a measure with limits."""

    __tablename__ = "ctq_node"

    id: Mapped[Id]
    improvement_id: Mapped[Ref] = mapped_column(ForeignKey("improvement.id", ondelete=GONE), index=True)
    parent_id: Mapped[Ref | None] = mapped_column(ForeignKey("ctq_node.id", ondelete=GONE), index=True)
    kind: Mapped[NodeKind] = mapped_column(one_of(NodeKind, length=6, name="kind"))
    words: Mapped[str] = mapped_column(String(300))
    measure: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Of a CTQ: a measure's name, or `variable:NAME` for a number that cases carry."""
    lower: Mapped[float | None]
    upper: Mapped[float | None]
