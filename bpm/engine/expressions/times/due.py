"""When something is due: ISO 8601 text, as models write it, on the store's side."""

from datetime import datetime

from bpm.engine.expressions import tagged
from bpm.engine.expressions.times import cron, schedules
from bpm.engine.expressions.times.instants import instant
from bpm.engine.expressions.times.timer_value import timer_value
from bpm.foundation.errors import EngineError


def due_instant(text: str, *, now: datetime) -> datetime | None:
    """The first instant that `text` means; None where it means none: a due date never stops a process."""
    try:
        return first_instant(text, now=now)
    except EngineError:
        return None


def first_instant(text: str, *, now: datetime) -> datetime:
    """The first instant that the date, duration or cycle `text` means; raises ExpressionError."""
    return instant(_plan(text, now=now)["due"])


def start_text(event: str, *, now: datetime) -> str:
    """ISO 8601 text of a timer that starts a process; an expression is worked out once, without variables.

    Raises ExpressionError.
    """
    text = event.strip()
    is_literal = text.startswith(cron.MARK) or text[:1].upper() in ("P", "R") or text[:1].isdigit()
    if is_literal and not tagged.language_of(text):
        return text
    return str(timer_value(text, {}, now=now))


def remaining(text: str, *, fired: datetime, now: datetime) -> tuple[str, datetime] | None:
    """What is left of the timer `text` after it fired: (text, next instant), or None when that was all.

    The text that comes back counts from its next instant, so that a row needs to keep nothing else.
    """
    wait: schedules.Schedule = {**_plan(text, now=fired), "due": fired.isoformat()}
    after = schedules.following(wait, now=now)
    if after is None:
        return None
    times = "" if after["left"] < 0 else after["left"] + 1
    every = after["every"] or ""
    rest = every if every.startswith(cron.MARK) else f"R{times}/{after['due']}/{every}"
    if "until" in after:
        rest = schedules.until(rest, instant(after["until"]))
    return rest, instant(after["due"])


def _plan(text: str, *, now: datetime) -> schedules.Schedule:
    return schedules.plan(schedules.kind_of(text), text, now=now)
