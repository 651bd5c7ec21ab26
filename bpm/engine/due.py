"""When something is due: ISO 8601 text, as models write it, on the store's side."""

from datetime import datetime
from typing import Any

from bpm.engine.spiff import cron, timers
from bpm.engine.spiff.instants import instant
from bpm.errors import EngineError


def due_instant(text: str, *, now: datetime) -> datetime | None:
    """The first instant that `text` means; None where it means none: a due date never stops a process."""
    try:
        return first_instant(text, now=now)
    except EngineError:
        return None


def first_instant(text: str, *, now: datetime) -> datetime:
    """The first instant that the date, duration or cycle `text` means; raises ExpressionError."""
    return instant(_plan(text, now=now)["due"])


def remaining(text: str, *, fired: datetime, now: datetime) -> tuple[str, datetime] | None:
    """What is left of the timer `text` after it fired: (text, next instant), or None when that was all.

    The text that comes back counts from its next instant, so that a row needs to keep nothing else.
    """
    wait = {**_plan(text, now=fired), "due": fired.isoformat()}
    after = timers.following(wait, now=now)
    if after is None:
        return None
    times = "" if after["left"] < 0 else after["left"] + 1
    calendar = after["every"].startswith(cron.MARK)
    rest = after["every"] if calendar else f"R{times}/{after['due']}/{after['every']}"
    if "until" in after:
        rest = timers.until(rest, instant(after["until"]))
    return rest, instant(after["due"])


def _plan(text: str, *, now: datetime) -> dict[str, Any]:
    which = "cycle" if text.strip()[:1].upper() == "R" else "duration"
    return timers.plan(which, text, now=now)
