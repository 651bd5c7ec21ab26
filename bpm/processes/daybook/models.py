"""Tables of the daybook: its days, those to be written again, and tasks that were held at the last look."""

from datetime import date

from sqlalchemy import Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Ref


class BookDay(Base):
    """A day that is over, as columns of numbers (`columns.pack`); written as a whole and replaced as a whole."""

    __tablename__ = "book_day"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    calendars: Mapped[str] = mapped_column(String(32))
    """Name of the calendars that its hours were counted by, and of its columns: with others it holds no more."""
    oldest: Mapped[date] = mapped_column(Date)
    """The day on which the oldest case began that was worked on, or ended, that day."""
    worked: Mapped[bytes] = mapped_column(LargeBinary)
    said: Mapped[bytes] = mapped_column(LargeBinary)
    cases: Mapped[bytes] = mapped_column(LargeBinary)


class BookDue(Base):
    """A case or an item whose lines on a day have to be written again."""

    __tablename__ = "book_due"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4), primary_key=True, server_default="")
    """case or item; empty: all of the day."""
    number: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False, server_default="0")
    """Its id."""


class HeldTask(Base):
    """A task that somebody held when it was last looked."""

    __tablename__ = "held_task"

    visit_id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(160))
    """Since when, who, offered to which group."""
    claimed_on: Mapped[date] = mapped_column(Date)
