"""Timers: ISO 8601 dates, durations and cycles, and cron, become due instants of the clock that the engine is given."""

import re
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NotRequired, TypedDict
from zoneinfo import ZoneInfo

from bpm.engine.expressions.coercion import spoken
from bpm.engine.expressions.times import cron
from bpm.engine.expressions.times.instants import in_brackets, instant, split_zone
from bpm.foundation.errors import ExpressionError

_NUMBER = r"[-+]?\d+"
_PART = rf"{_NUMBER}(?:[.,]\d+)?"
_DURATION = re.compile(
    rf"(?P<sign>[-+]?)P(?=.)(?:(?P<years>{_NUMBER})Y)?(?:(?P<months>{_NUMBER})M)?(?:(?P<weeks>{_PART})W)?"
    rf"(?:(?P<days>{_PART})D)?(?:T(?=.)(?:(?P<hours>{_PART})H)?(?:(?P<minutes>{_PART})M)?(?:(?P<seconds>{_PART})S)?)?",
    re.IGNORECASE,
)
_MAX_YEARS = 9000
_UNTIL = " until "
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""When a cycle fires whose end had passed before its first firing."""


class TimerKind(StrEnum):
    """What a timer says."""

    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


class Schedule(TypedDict):
    """When a timer fires next and later; part of what is stored with the token that waits."""

    due: str
    """The next instant, as text."""
    every: str | None
    """The span or the calendar by which it repeats."""
    left: int
    """How often it fires after that; -1 is without end."""
    until: NotRequired[str]
    """After that instant it does not fire."""


@dataclass(frozen=True)
class Duration:
    """A span of calendar months and days, and of exact time; in a zone, days and months are those of its wall clock."""

    months: int
    days: int
    time: timedelta
    zone: ZoneInfo | None = None

    def after(self, start: datetime) -> datetime:
        """`start` moved on by it; a day that the month does not have becomes its last (31 January + P1M)."""
        at = start.astimezone(self.zone) if self.zone else start
        try:
            month = at.year * 12 + at.month - 1 + self.months
            year, month = divmod(month, 12)
            day = min(at.day, monthrange(year, month + 1)[1])
            at = at.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days)
            return (at.astimezone(UTC) if self.zone else at) + self.time
        except (ValueError, OverflowError, IndexError):
            raise ExpressionError("The timer lies outside the calendar (years 1 to 9999).") from None


def duration(text: str) -> Duration:
    """An ISO 8601 duration such as PT5M, P1DT12H, P2W, -PT5M, P1D[Europe/Berlin]; raises ExpressionError."""
    plain, zone = split_zone(text)
    match = _DURATION.fullmatch(plain)
    if match is None:
        raise ExpressionError(f"{text!r} is no ISO 8601 duration.", remedy="Write for example PT5M or P1DT12H.")
    part = {
        name: float(value.replace(",", ".")) for name, value in match.groupdict().items() if value and name != "sign"
    }
    sign = -1 if match["sign"] == "-" else 1
    months = sign * int(part.pop("years", 0) * 12 + part.pop("months", 0))
    whole = part["days"] if part.get("days", 0.5).is_integer() else 0
    part["days"] = part.get("days", 0) - whole
    try:
        days = timedelta(weeks=part.pop("weeks", 0), days=whole)
        rest = timedelta(**part) + (days - timedelta(days=days.days))
        return Duration(months, sign * days.days, sign * rest, zone)
    except OverflowError:
        raise ExpressionError(f"The duration {text!r} is too long.") from None


def is_duration(text: str) -> bool:
    """Whether the text is an ISO 8601 duration."""
    return bool(_DURATION.fullmatch(text.strip().partition("[")[0]))


def plan(which: TimerKind, text: Any, *, now: datetime) -> Schedule:
    """What a timer armed at `now` waits for.

    Values of expressions may be ISO text, or seconds as a number for durations.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ExpressionError(f"A timer needs ISO 8601 text, not {spoken(text)}.")
    if not isinstance(text, str):
        return _once(Duration(0, 0, _seconds(text)).after(now))
    text, _, until = text.strip().partition(_UNTIL)
    return _ending(_planned(which, text, now), until)


def until(text: str, end: datetime) -> str:
    """The cycle `text` with an end: what falls after that instant does not happen."""
    return f"{text}{_UNTIL}{end.astimezone(UTC).isoformat().replace('+00:00', 'Z')}"


def _planned(which: TimerKind, text: str, now: datetime) -> Schedule:
    if text.upper().startswith("R"):
        return _cycle(text, now)
    form = (
        text if text.startswith(cron.MARK) else cron.normalised(text, sunday=None) if which == TimerKind.CYCLE else None
    )
    if form:
        return _every(cron.following(form, now), form, -1)
    if text.upper().startswith(("P", "-P", "+P")):
        due = duration(text).after(now)
        # A plain duration as cycle is what Camunda takes as an endless one.
        return _every(due, text, -1) if which == TimerKind.CYCLE else _once(due)
    return _once(instant(text))


def kind_of(text: str) -> TimerKind:
    """What a text says by itself: a cycle begins with R; what is a date shows when it is read as a duration."""
    return TimerKind.CYCLE if text.strip()[:1].upper() == "R" else TimerKind.DURATION


def following(wait: Schedule, *, now: datetime) -> Schedule | None:
    """The wait after this firing, or None when the timer has fired for the last time.

    A counted cycle fires once for each due instant; an endless one does not catch up on what was missed.
    """
    if not wait["left"]:
        return None
    due = _next(wait, now)
    if due is None:
        return None
    after: Schedule = {**wait, "due": due.isoformat(), "left": wait["left"] - 1 if wait["left"] > 0 else -1}
    return None if "until" in wait and instant(after["due"]) > instant(wait["until"]) else after


def _next(wait: Schedule, now: datetime) -> datetime | None:
    """The next due instant; None where the years that a calendar cycle names are over."""
    text = wait["every"] or ""
    if text.startswith(cron.MARK):
        with suppress(ExpressionError):
            return cron.following(text, max(now, instant(wait["due"])))
        return None
    every, due = duration(text), instant(wait["due"])
    following_due = every.after(due)
    if following_due <= due:
        raise ExpressionError(f"The cycle {text!r} does not move on.")
    if wait["left"] < 0 and following_due <= now:
        return _skip(every, due, now)
    return following_due


def _ending(wait: Schedule, until: str) -> Schedule:
    if not until:
        return wait
    if instant(wait["due"]) > instant(until):
        return _once(NEVER)
    return {**wait, "until": instant(until).isoformat()}


def _skip(every: Duration, due: datetime, now: datetime) -> datetime:
    if not every.months and not (every.zone and every.days):
        step = timedelta(days=every.days) + every.time
        return due + step * ((now - due) // step + 1)
    while due <= now:
        due = every.after(due)
    return due


def _seconds(value: float) -> timedelta:
    try:
        return timedelta(seconds=value)
    except (OverflowError, ValueError):
        raise ExpressionError(f"{value!r} seconds are no span of time.") from None


def _once(due: datetime) -> Schedule:
    return {"due": due.isoformat(), "every": None, "left": 0}


def _every(due: datetime, every: str, left: int) -> Schedule:
    return {"due": due.isoformat(), "every": every, "left": left}


def _cycle(text: str, now: datetime) -> Schedule:
    """R[n]/duration, R[n]/start/duration, R[n]/start/end, R[n]/duration/end; two durations are the first and the later.

    From a start in a zone, days and months are counted on that zone's wall clock.
    """
    # The slashes in a zone's name are no borders.
    head, *rest = re.split(r"/(?![^\[]*\])", in_brackets(text))
    count = head[1:]
    if not rest or len(rest) > 2 or (count and not count.isdigit()):
        raise ExpressionError(f"{text!r} is no ISO 8601 cycle.", remedy="Write for example R3/PT10M.")
    times = int(count) if count else -1
    if times == 0:
        raise ExpressionError(f"The cycle {text!r} never fires.")
    left = times - 1 if times > 0 else -1
    first, second = rest[0], rest[1] if len(rest) > 1 else ""
    if not second:
        return _every(duration(first).after(now), first, left)
    if is_duration(first):
        if is_duration(second):
            return _every(duration(first).after(now), second, left)
        return _until(first, instant(second), times, now)
    if is_duration(second):
        zone = split_zone(first)[1]
        return _every(instant(first), f"{second}[{zone.key}]" if zone and "[" not in second else second, left)
    return _every(instant(first), _span(instant(first), instant(second)), left)


def _span(start: datetime, end: datetime) -> str:
    """The exact time between two instants as an ISO 8601 duration."""
    seconds = (end - start).total_seconds()
    if seconds <= 0:
        raise ExpressionError(f"The cycle ends at {end.isoformat()}, before it starts at {start.isoformat()}.")
    return f"PT{seconds:f}".rstrip("0").rstrip(".") + "S"


def _until(every: str, end: datetime, times: int, now: datetime) -> Schedule:
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
