"""Tables of the alarm watcher: baselines that limits are frozen on, looks, alarms, and what people link them to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref, one_of
from bpm.processes.alarms.status import AlarmStatus, BaselineOrigin, CauseKind, Watched


class ChartBaseline(Base):
    """Where a phase of a series begins, and the points that its limits are frozen on once there are enough of them."""

    __tablename__ = "chart_baseline"
    __table_args__ = (UniqueConstraint("series", "since"),)

    id: Mapped[Id]
    series: Mapped[str] = mapped_column(String(600))
    since: Mapped[date] = mapped_column(Date)
    """First day of the first period."""
    step: Mapped[int]
    """Days of a period: 1 or 7."""
    origin: Mapped[BaselineOrigin] = mapped_column(one_of(BaselineOrigin, length=10, name="origin"))
    version: Mapped[int] = mapped_column(default=0)
    """Number of the process version in force, 0 where there is none."""
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why a person decided on it."""
    points: Mapped[list[Any]]
    """[[first day, value, n]] in order; empty until it is frozen."""
    frozen_at: Mapped[datetime | None]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class AlarmLook(Base):
    """One look at all series, once for each day; the day is the one that ended last."""

    __tablename__ = "alarm_look"

    id: Mapped[Id]
    day: Mapped[date] = mapped_column(Date, unique=True)
    at: Mapped[datetime]
    looked_at: Mapped[int]
    """Series with a p that day."""
    waiting: Mapped[int]
    """Series that have too few points yet."""
    alarms: Mapped[int]
    """Series that alarm at it, those that did before, too."""
    expected_false: Mapped[float]
    budget: Mapped[float]
    """At most this share of its alarms is false on average."""
    threats: Mapped[list[Any]]
    """[{series, source, since, share, without, with}]: what moved only because a source is new."""


class Alarm(Base):
    """A series that left what its baseline lets expect; one row from the look that found it until it is calm again."""

    __tablename__ = "alarm"
    __table_args__ = (Index("ix_alarm_series", "series", "calm_day"), Index("ix_alarm_status", "status", "id"))

    id: Mapped[Id]
    series: Mapped[str] = mapped_column(String(600))
    measure: Mapped[Watched] = mapped_column(one_of(Watched, length=12, name="measure"))
    definition_key: Mapped[str] = mapped_column(String(200), default="")
    element: Mapped[str] = mapped_column(String(300), default="")
    theme_id: Mapped[Ref | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    worse: Mapped[bool]
    first_day: Mapped[date] = mapped_column(Date)
    """Of the first period that was found."""
    last_day: Mapped[date] = mapped_column(Date)
    """Of the last period in which it still alarmed."""
    calm_day: Mapped[date | None] = mapped_column(Date)
    """The look at which it was over."""
    p: Mapped[float]
    """The smallest so far."""
    says: Mapped[str] = mapped_column(Text)
    """The figure and what was to be expected, in words, as first found."""
    looked_at: Mapped[int]
    alarmed: Mapped[int]
    expected_false: Mapped[float]
    """Of the look that found it: series, alarms among them, and how many of these are false on average at most."""
    status: Mapped[AlarmStatus] = mapped_column(one_of(AlarmStatus, length=12), default=AlarmStatus.RAISED)
    owner_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When people were told; NULL: it was over before the looks had caught up."""
    status_at: Mapped[datetime | None]
    status_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    """What it was, or why it is closed."""
    improvement_id: Mapped[Ref | None] = mapped_column(ForeignKey("improvement.id", ondelete="SET NULL"))


class AlarmCause(Base):
    """What a person holds for the cause of an alarm, chosen from what was on record at the time or named by them."""

    __tablename__ = "alarm_cause"
    __table_args__ = (UniqueConstraint("alarm_id", "kind", "key"),)

    id: Mapped[Id]
    alarm_id: Mapped[Ref] = mapped_column(ForeignKey("alarm.id", ondelete="CASCADE"))
    kind: Mapped[CauseKind] = mapped_column(one_of(CauseKind, length=10, name="kind"))
    key: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime | None]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    chosen_at: Mapped[datetime]
