"""Tables of incidents: a disturbance that many report, who is linked to it, what they were told, what was learnt."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import IncidentStatus, ToldStatus, UpdateKind, WorkaroundStatus
from bpm.foundation.db import Base, Id, Ref, one_of

IS_UNDER_WAY = "status IN ('possible', 'proposed', 'acknowledged', 'watching')"
"""An incident that is not over: literally as in its index, or no database would use that."""


class Incident(Base):
    """A service disturbance that many items report; `revision` lets two people not act on it unseen."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_under_way", "theme", sqlite_where=text(IS_UNDER_WAY), postgresql_where=text(IS_UNDER_WAY)),
    )

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str] = mapped_column(String(300))
    """What the reports have in common, as the detector names it; empty: opened by hand."""
    status: Mapped[IncidentStatus] = mapped_column(one_of(IncidentStatus))
    began_at: Mapped[datetime]
    """When the first report of it was made, or since when a person says it lasts: the customers' clock."""
    noticed_at: Mapped[datetime]
    """When the detector or a person made it an incident."""
    proposed_at: Mapped[datetime | None]
    """When it was put before people; null while it is only possible."""
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    watching_at: Mapped[datetime | None]
    """Since when the cause is gone and people only watch."""
    resolved_at: Mapped[datetime | None]
    ended_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Who resolved or dismissed it."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was dismissed, or what it was."""
    severity: Mapped[int | None]
    """1 few are bothered, 2 many are, 3 nobody can go on; a person says it. Apart from how it was responded to."""
    expected: Mapped[float | None]
    """Reports that the time of day and of the week would have brought."""
    observed: Mapped[int | None]
    """People who reported in the same time, when it was last looked at."""
    calmer_at: Mapped[datetime | None]
    """Since when praise comes in or reports fall off: a hint that it may be over."""
    calmer_because: Mapped[str] = mapped_column(String(300), default="")
    next_update_at: Mapped[datetime | None]
    """When the next word was promised."""
    due_told_at: Mapped[datetime | None]
    """When people were told that the promised word is due."""
    opened_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's own protocol)


class IncidentItem(Base):
    """Says that an item reports an incident; taken out again by a person, it stays on record and is not added anew."""

    __tablename__ = "incident_item"
    __table_args__ = (
        UniqueConstraint("incident_id", "item_id"),
        Index("ix_incident_item_item_id", "item_id", "removed_at"),
    )

    id: Mapped[Id]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"))
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"))
    added_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Null: the detector did."""
    added_at: Mapped[datetime]
    removed_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    removed_at: Mapped[datetime | None]


class IncidentUpdate(Base):
    """What a named person says about an incident: one public post, and one message to each linked person."""

    __tablename__ = "incident_update"
    __table_args__ = (CheckConstraint("length(text) > 0", name="text"),)

    id: Mapped[Id]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"), index=True)
    kind: Mapped[UpdateKind] = mapped_column(one_of(UpdateKind, name="kind"))
    text: Mapped[str] = mapped_column(Text)
    author_user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime]
    is_public: Mapped[bool]
    """Whether it stands on the public page of disturbances."""
    posted_url: Mapped[str] = mapped_column(String(1000), default="")
    """Where a person posted it elsewhere."""
    next_at: Mapped[datetime | None]
    """When it promises the next word."""
    people: Mapped[int] = mapped_column(default=0)
    """To how many linked people it goes."""


class IncidentTold(Base):
    """One linked person who is told an update, once: in answer to which item, and what became of it."""

    __tablename__ = "incident_told"
    __table_args__ = (
        UniqueConstraint("update_id", "person"),
        Index(
            "ix_incident_told_waiting",
            "id",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: Mapped[Id]
    update_id: Mapped[Ref] = mapped_column(ForeignKey("incident_update.id"))
    person: Mapped[str] = mapped_column(String(40))
    """`customer N`, or `item N` where nobody knows whose it is."""
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"))
    """Their newest linked item: it says on which channel they are told."""
    status: Mapped[ToldStatus] = mapped_column(one_of(ToldStatus), default=ToldStatus.WAITING)
    reply_id: Mapped[Ref | None] = mapped_column(ForeignKey("reply.id"))
    why: Mapped[str] = mapped_column(String(400), default="")
    """Why it was not sent."""
    at: Mapped[datetime | None]


class Workaround(Base):
    """A way round the disturbance that a customer found; passed on only when a colleague tried it."""

    __tablename__ = "incident_workaround"

    id: Mapped[Id]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"), index=True)
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"))
    """Who found it said it there."""
    text: Mapped[str] = mapped_column(Text)
    """How it is passed on."""
    status: Mapped[WorkaroundStatus] = mapped_column(one_of(WorkaroundStatus))
    verdict: Mapped[str] = mapped_column(Text, default="")
    """What trying it showed."""
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    credited_name: Mapped[str] = mapped_column(String(200), default="")
    """The name by which they agreed to be thanked; empty: they are thanked without one."""
    consent_id: Mapped[Ref | None] = mapped_column(ForeignKey("consent.id"))
    """Where they agreed to it."""
    shared_in: Mapped[Ref | None] = mapped_column(ForeignKey("incident_update.id"))
    added_by: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime]


class IncidentEntry(Base):
    """One line of an incident's timeline; append-only."""

    __tablename__ = "incident_entry"
    __table_args__ = (Index("ix_incident_entry_incident", "incident_id", "at"),)

    id: Mapped[Id]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class IncidentGrade(Base):
    """What a person thinks of one side of the response, 0 to 4; the newest row of a side counts."""

    __tablename__ = "incident_grade"
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 4", name="points"),)

    id: Mapped[Id]
    incident_id: Mapped[Ref] = mapped_column(ForeignKey("incident.id"), index=True)
    side: Mapped[str] = mapped_column(String(20))
    points: Mapped[int]
    why: Mapped[str] = mapped_column(String(400), default="")
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
