"""Timers: ISO 8601 dates, durations and cycles, and cron, become due instants of the clock that the engine is given."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bpm.engine.spiff import cron
from bpm.errors import ExpressionError

_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+(?:[.,]\d+)?)W)?"
    r"(?:(?P<days>\d+(?:[.,]\d+)?)D)?(?:T(?=.)(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?",
    re.IGNORECASE,
)
_MAX_YEARS = 9000


@dataclass(frozen=True)
class Duration:
    """A span of calendar months and of exact time."""

    months: int
    time: timedelta

    def after(self, start: datetime) -> datetime:
        """`start` moved on by it; a day that the month does not have becomes its last (31 January + P1M)."""
        try:
            month = start.year * 12 + start.month - 1 + self.months
            year, month = divmod(month, 12)
            day = min(start.day, monthrange(year, month + 1)[1])
            return start.replace(year=year, month=month + 1, day=day) + self.time
        except (ValueError, OverflowError, IndexError):
            raise ExpressionError("The timer lies outside the calendar (years 1 to 9999).") from None


def duration(text: str) -> Duration:
    """An ISO 8601 duration such as PT5M, P1DT12H, P2W; raises ExpressionError."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ExpressionError(f"{text!r} is no ISO 8601 duration.", remedy="Write for example PT5M or P1DT12H.")
    part = {
        name: float(value.replace(",", ".")) for name, value in match.groupdict().items() if value and name != "sign"
    }
    sign = -1 if match["sign"] else 1
    months = sign * int(part.pop("years", 0) * 12 + part.pop("months", 0))
    try:
        return Duration(months, sign * timedelta(**part))
    except OverflowError:
        raise ExpressionError(f"The duration {text!r} is too long.") from None


def instant(text: str) -> datetime:
    """An ISO 8601 date or instant; without an offset it is UTC. Raises ExpressionError."""
    try:
        value = datetime.fromisoformat(text.strip())
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ExpressionError(
            f"{text!r} is no ISO 8601 date.", remedy="Write for example 2030-01-01T00:00:00Z."
        ) from None


def plan(which: str, text: Any, *, now: datetime) -> dict[str, Any]:
    """What a timer armed at `now` waits for: {due, every, left}; `left` counts the later firings, -1 is without end.

    `which` is date, duration or cycle. Values of expressions may be ISO text, or seconds as a number for durations.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ExpressionError(f"A timer needs ISO 8601 text, not {type(text).__name__}.")
    if not isinstance(text, str):
        return _once(Duration(0, _seconds(text)).after(now))
    text = text.strip()
    if text.upper().startswith("R"):
        return _cycle(text, now)
    form = text if text.startswith(cron.MARK) else cron.normalised(text, sunday=None) if which == "cycle" else None
    if form:
        return _every(cron.following(form, now), form, -1)
    if text.upper().startswith(("P", "-P")):
        due = duration(text).after(now)
        # A plain duration as cycle is what Camunda takes as an endless one.
        return _every(due, text, -1) if which == "cycle" else _once(due)
    return _once(instant(text))


def following(wait: Mapping[str, Any], *, now: datetime) -> dict[str, Any] | None:
    """The wait after this firing, or None when the timer has fired for the last time.

    A counted cycle fires once for each due instant; an endless one does not catch up on what was missed.
    """
    if not wait["left"]:
        return None
    if wait["every"].startswith(cron.MARK):
        return {**wait, "due": cron.following(wait["every"], max(now, instant(wait["due"]))).isoformat()}
    every, due = duration(wait["every"]), instant(wait["due"])
    following_due = every.after(due)
    if following_due <= due:
        raise ExpressionError(f"The cycle {wait['every']!r} does not move on.")
    if wait["left"] < 0 and following_due <= now:
        following_due = _skip(every, due, now)
    return {**wait, "due": following_due.isoformat(), "left": wait["left"] - 1 if wait["left"] > 0 else -1}


def _skip(every: Duration, due: datetime, now: datetime) -> datetime:
    if not every.months:
        return due + every.time * ((now - due) // every.time + 1)
    while due <= now:
        due = every.after(due)
    return due


def _seconds(value: float) -> timedelta:
    try:
        return timedelta(seconds=value)
    except (OverflowError, ValueError):
        raise ExpressionError(f"{value!r} seconds are no span of time.") from None


def _once(due: datetime) -> dict[str, Any]:
    return {"due": due.isoformat(), "every": None, "left": 0}


def _every(due: datetime, every: str, left: int) -> dict[str, Any]:
    return {"due": due.isoformat(), "every": every, "left": left}


def _cycle(text: str, now: datetime) -> dict[str, Any]:
    """R[n]/duration, R[n]/start/duration, R[n]/duration/end."""
    head, *rest = text.split("/")
    count = head[1:]
    if not rest or len(rest) > 2 or (count and not count.isdigit()):
        raise ExpressionError(f"{text!r} is no ISO 8601 cycle.", remedy="Write for example R3/PT10M.")
    times = int(count) if count else -1
    if times == 0:
        raise ExpressionError(f"The cycle {text!r} never fires.")
    left = times - 1 if times > 0 else -1
    if len(rest) == 1:
        return _every(duration(rest[0]).after(now), rest[0], left)
    if rest[1].upper().startswith("P"):
        return _every(instant(rest[0]), rest[1], left)
    return _until(rest[0], instant(rest[1]), times, now)


def _until(every: str, end: datetime, times: int, now: datetime) -> dict[str, Any]:
    """A cycle that ends at an instant: its firings before that, at most `times`."""
    step = duration(every)
    due = step.after(now)
    fits = 0
    at = due
    while at <= end and (times < 0 or fits < times) and fits < _MAX_YEARS:
        fits, at = fits + 1, step.after(at)
    if not fits:
        raise ExpressionError(f"The cycle of {every} has no instant before {end.isoformat()}.")
    return _every(due, every, fits - 1)
