"""How much of a task's time has gone by, and whether it is overdue: one answer for every screen."""

from datetime import datetime
from typing import Protocol

from bpm.calendars import Calendar, between


class Clocked(Protocol):
    """What the clock of a task is read from: its row, or the columns of it."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def target_seconds(self) -> int | None: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def paused_seconds(self) -> int: ...


def is_overdue(item: Clocked, *, now: datetime) -> bool:
    """Whether its due date has come; while its clock stands still, as of when it was stopped."""
    return item.due_at is not None and item.due_at <= _seen_at(item, now)


def share_gone(item: Clocked, calendar: Calendar, *, now: datetime) -> float | None:
    """Share of the open time until it is due that has gone by, 1 when it is over; None when nothing is due.

    Pauses count neither as time gone by nor as time given. Where no open time was given, passed time counts.
    """
    if item.due_at is None:
        return None
    seen = _seen_at(item, now)
    if seen >= item.due_at:
        return 1.0
    given = between(calendar, item.created_at, item.due_at).total_seconds() - item.paused_seconds
    gone = between(calendar, item.created_at, seen).total_seconds() - item.paused_seconds
    if given <= 0:
        given, gone = (item.due_at - item.created_at).total_seconds(), (seen - item.created_at).total_seconds()
    return 1.0 if given <= 0 else min(max(0.0, gone / given), 1.0)


def _seen_at(item: Clocked, now: datetime) -> datetime:
    """A clock that stands still by the service target is read as of then."""
    stands = item.paused_at is not None and item.target_seconds is not None
    return item.paused_at if stands and item.paused_at is not None else now
