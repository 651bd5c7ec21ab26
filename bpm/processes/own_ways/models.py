"""Tables of customers' own processes: what they handed in, what may not be left out, and what cases did on the way."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.own_ways.status import StepKind, WaySource, WayStatus


class MandatoryStep(Base):
    """An activity of a process that no own way may leave out; ended, never rewritten."""

    __tablename__ = "mandatory_step"

    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200), index=True)
    element: Mapped[str] = mapped_column(String(300))
    why: Mapped[str] = mapped_column(Text)
    marked_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    marked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OwnWay(Base):
    """A process as a customer would have it, held against one version of ours."""

    __tablename__ = "own_way"
    __table_args__ = (Index("ix_own_way_definition_key_status", "definition_key", "status"),)

    id: Mapped[Id]
    definition_key: Mapped[str] = mapped_column(String(200))
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id"))
    customer_id: Mapped[Ref] = mapped_column(index=True)
    """No foreign key: an import that is undone takes people away of whom nothing else is known."""
    source: Mapped[WaySource] = mapped_column(one_of(WaySource, name="source"))
    status: Mapped[WayStatus] = mapped_column(one_of(WayStatus))
    steps: Mapped[list[Any]]
    """[{"text", "element": id or "", "how": same name | synonym | likely | by hand | "", "by": user or null}] in the
    customer's order."""
    handed_in_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """NULL: the customer did it on their own page."""
    handed_in_at: Mapped[datetime]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class OwnWayStep(Base):
    """What a case did otherwise than the official process, because it runs on a customer's own way."""

    __tablename__ = "own_way_step"

    id: Mapped[Id]
    instance_id: Mapped[Ref] = mapped_column(ForeignKey("process_instance.id"), index=True)
    own_way_id: Mapped[Ref] = mapped_column(ForeignKey("own_way.id"), index=True)
    element: Mapped[str] = mapped_column(String(300))
    """The official step that it concerns; of an added one the step before which it stands."""
    kind: Mapped[StepKind] = mapped_column(one_of(StepKind, name="kind"))
    text: Mapped[str] = mapped_column(Text, default="")
    """Of an added step: the customer's words."""
    task_case_id: Mapped[Ref | None]
    """Of an added step: the case in which people do it. No foreign key: retention may take that away."""
    at: Mapped[datetime]
