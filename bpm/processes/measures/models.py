"""Tables of sums by day and week, of which days they hold, and of what was looked at."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Float, ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from bpm.engine.models import MaybeJson
from bpm.foundation.db import Base, Id, Ref


class MeasureSums:
    """What one measure saw in a stretch of time in one version, by place, channel, kind of link, voice and reader."""

    id: Mapped[Id]
    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(300))
    """Which process of the file."""
    day: Mapped[date] = mapped_column(Date)
    measure: Mapped[str] = mapped_column(String(40))
    split: Mapped[str] = mapped_column(String(10))
    """activity, lane, or empty: the version as a whole."""
    place: Mapped[str] = mapped_column(String(300))
    channel: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    voice: Mapped[str] = mapped_column(String(10))
    reader: Mapped[str] = mapped_column(String(120))
    n: Mapped[int]
    seen: Mapped[int]
    running: Mapped[int]
    total: Mapped[float] = mapped_column(Float)
    squares: Mapped[float] = mapped_column(Float)
    times: Mapped[dict[str, Any] | None] = mapped_column(MaybeJson)
    """{class of time: how many}"""


class MeasureDay(MeasureSums, Base):
    """The sums of a day. Its rows are written together and replaced together; nothing else changes them."""

    __tablename__ = "measure_day"
    __table_args__ = (Index("ix_measure_day_asked", "version_id", "part", "measure", "split", "day"),)


class MeasureWeek(MeasureSums, Base):
    """The sums of the days of a week that is over; `day` is its Monday."""

    __tablename__ = "measure_week"
    __table_args__ = (Index("ix_measure_week_asked", "version_id", "part", "measure", "split", "day"),)


class MeasuredDay(Base):
    """A day of a version whose sums are kept."""

    __tablename__ = "measured_day"

    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    open_mark: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Earlier releases name here the visits that were open; empty since tasks that are held are compared."""
    in_pieces: Mapped[bool] = mapped_column(server_default=false())
    """Whether its pieces are kept, too, so that what changes costs a piece and not the day."""
    summed_at: Mapped[datetime]


class MeasuredWeek(Base):
    """A week of a version in which a day was summed."""

    __tablename__ = "measured_week"

    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    """Its Monday."""
    kept: Mapped[bool]
    """Whether its sums are those of its days; no: one of them was summed anew since."""


class HeardDay(Base):
    """How much of what was said on a day is placed, followed up and acted on, whatever process it is about."""

    __tablename__ = "heard_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    """Empty, with the voice empty: the day was counted; there may be nothing else of it."""
    voice: Mapped[str] = mapped_column(String(10), primary_key=True)
    heard: Mapped[int]
    placed: Mapped[int]
    followed: Mapped[int]
    acted: Mapped[int]


class HeardDue(Base):
    """A day that has to be counted again."""

    __tablename__ = "heard_due"

    day: Mapped[date] = mapped_column(Date, primary_key=True)


class MeasurePiece(Base):
    """What a few cases, or items, that follow each other add to the sums of a day (`pieces.pack`)."""

    __tablename__ = "measure_piece"

    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(String(300), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4), primary_key=True)
    """case or item."""
    number: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    sums: Mapped[bytes] = mapped_column(LargeBinary)


class MeasureDue(Base):
    """A piece of a day whose sums have to be worked out again."""

    __tablename__ = "measure_due"

    version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4), primary_key=True, server_default="")
    """case or item; empty: all of the day."""
    number: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False, server_default="0")


class MeasureMark(Base):
    """How far a kind of row was looked at."""

    __tablename__ = "measure_mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    settled: Mapped[Ref]
    """Rows up to it are never looked at again: they are old enough that none below can still come in."""
    settled_at: Mapped[datetime]
    """The same of rows that are found by their instant."""
