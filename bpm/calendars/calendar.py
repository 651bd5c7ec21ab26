"""A business calendar: the hours of a week, the days that are closed or open all the same, and the zone they are in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from bpm.calendars.public_holidays import demand_known, holidays_of
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

DAY = 24 * 60
"""Minutes."""
MOST_PER_DAY = 12
"""Intervals."""
LONGEST_SHIFT = 12 * 60
"""Minutes over midnight that are a shift; what is longer was meant otherwise."""
MOST_DAYS = 1_000
"""Days of its own that a calendar may have."""

Intervals = tuple[tuple[int, int], ...]
"""[(from, until)] in minutes after midnight by the clock on the wall, in order, not touching; until at most 1440."""


@dataclass(frozen=True)
class Week:
    """The hours of each day, Monday first, that hold from a date on."""

    days: tuple[Intervals, ...]
    valid_from: date = date.min


@dataclass(frozen=True)
class Calendar:
    """When people work. Before its first week becomes valid, that week holds all the same."""

    zone: str
    weeks: tuple[Week, ...]
    """In order of their dates."""
    country: str = ""
    region: str = ""
    closed: frozenset[date] = frozenset()
    """Days of its own on which nobody works."""
    open: tuple[tuple[date, Intervals], ...] = ()
    """Days with hours of their own, whatever else the calendar says of them."""

    @property
    def is_always_open(self) -> bool:
        """Whether time simply passes."""
        whole = ((0, DAY),)
        return not (self.country or self.closed or self.open) and all(
            day == whole for week in self.weeks for day in week.days
        )


ALWAYS = Calendar("UTC", (Week((((0, DAY),),) * 7),))
"""Open day and night: what holds where nobody has said anything else."""


@lru_cache(maxsize=20_000)
def hours_on(calendar: Calendar, day: date) -> Intervals:
    """The hours of a day by the clock on the wall."""
    own = next((hours for at, hours in calendar.open if at == day), None)
    if own is not None:
        return own
    if day in calendar.closed or day in holidays_of(calendar.country, calendar.region, day.year):
        return ()
    valid = [week for week in calendar.weeks if week.valid_from <= day] or [calendar.weeks[0]]
    return valid[-1].days[day.weekday()]


def demand_usable(calendar: Calendar) -> None:
    """Raise InvalidInputError for a calendar that nobody can work by: unknown zone or country, or never open."""
    try:
        ZoneInfo(calendar.zone)
    except (ValueError, OSError, KeyError):
        raise InvalidInputError(
            _("There is no time zone %(name)s.") % {"name": calendar.zone or "–"},
            remedy=_("Use a name such as Europe/Berlin."),
        ) from None
    demand_known(calendar.country, calendar.region)
    if not calendar.weeks or not any(calendar.weeks[-1].days):
        raise InvalidInputError(
            _("This calendar never opens: no work would ever be due."),
            remedy=_("Give at least one day of the week its hours."),
        )
    if len(calendar.closed) + len(calendar.open) > MOST_DAYS:
        raise InvalidInputError(
            _("A calendar has at most %(most)s days of its own.") % {"most": MOST_DAYS},
            remedy=_("Leave out days long past."),
        )


def read_hours(text: str) -> Intervals:
    """Intervals out of `09:00-12:30, 13:30-17:00`; empty for a closed day. Raises InvalidInputError."""
    return _in_order([_interval(part) for part in _parts(text)], text)


def read_shifts(text: str) -> tuple[Intervals, Intervals]:
    """The same of a day of the week whose hours may go over midnight: (its own, what of them lies on the next day).

    `22:00-06:00` is two hours of the day and six of the next; whether that one is a holiday is asked by itself.
    """
    today, tomorrow = [], []
    for part in _parts(text):
        start, end = _ends(part)
        if start < end:
            today.append((start, end))
            continue
        if start - end < DAY - LONGEST_SHIFT or start == end:
            raise _backwards(part)
        today += [(start, DAY)] if start < DAY else []
        tomorrow += [(0, end)] if end else []
    return _in_order(today, text), _in_order(tomorrow, text)


def with_nights(days: Sequence[tuple[Intervals, Intervals]]) -> tuple[Intervals, ...]:
    """The hours of a week, Monday first, each with what the day before leaves to it. Raises InvalidInputError."""
    return tuple(_in_order([*days[number - 1][1], *own], write_hours(own)) for number, (own, _night) in enumerate(days))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("–", "-").replace(";", ",").split(",") if part.strip()]


def _in_order(intervals: list[tuple[int, int]], text: str) -> Intervals:
    found = sorted(intervals)
    if len(found) > MOST_PER_DAY:
        raise InvalidInputError(
            _("A day has at most %(most)s intervals.") % {"most": MOST_PER_DAY}, remedy=_("Join some.")
        )
    for (_start, end), (start, _end) in pairwise(found):
        if start < end:
            raise InvalidInputError(
                _("These hours overlap: %(hours)s.") % {"hours": text},
                remedy=_("Let each begin when the one before has ended."),
            )
    return tuple(found)


def write_hours(hours: Intervals) -> str:
    """The text that `read_hours` reads."""
    return ", ".join(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}" for start, end in hours)


def _interval(text: str) -> tuple[int, int]:
    start, end = _ends(text)
    if end <= start:
        raise _backwards(text)
    return start, end


def _ends(text: str) -> tuple[int, int]:
    try:
        start, end = (_minutes(each) for each in text.split("-"))
    except ValueError:
        raise _unreadable(text) from None
    return start, end


def _backwards(text: str) -> InvalidInputError:
    return InvalidInputError(
        _("%(hours)s ends before it begins.") % {"hours": text},
        remedy=_("Hours over midnight are two: until 24:00, and from 00:00 on the next day."),
    )


def _minutes(text: str) -> int:
    hour, _colon, minute = text.strip().partition(":")
    if not (hour.isascii() and hour.isdigit() and (minute or "00").isascii() and (minute or "00").isdigit()):
        raise ValueError(text)
    minutes = int(hour) * 60 + int(minute or 0)
    if minutes > DAY or int(minute or 0) > 59:
        raise ValueError(text)
    return minutes


def _unreadable(text: str) -> InvalidInputError:
    return InvalidInputError(
        _("%(hours)s does not read as hours.") % {"hours": text},
        remedy=_("Write for example 09:00-12:30, 13:30-17:00."),
    )


def from_plain(plain: Mapping[str, object]) -> Calendar:
    """The calendar of its stored form."""
    weeks = tuple(
        Week(tuple(read_hours(day) for day in week["days"]), date.fromisoformat(week["from"]))
        for week in plain["weeks"]  # type: ignore[attr-defined]  # what `to_plain` wrote
    )
    opened = plain.get("open") or {}
    return Calendar(
        zone=str(plain["zone"]),
        weeks=weeks,
        country=str(plain.get("country") or ""),
        region=str(plain.get("region") or ""),
        closed=frozenset(map(date.fromisoformat, plain.get("closed") or ())),  # type: ignore[call-overload]  # as above
        open=tuple((date.fromisoformat(day), read_hours(text)) for day, text in sorted(opened.items())),  # type: ignore[attr-defined]  # as above
    )


def to_plain(calendar: Calendar) -> dict[str, object]:
    """The stored form: JSON with hours and dates as people write them."""
    return {
        "zone": calendar.zone,
        "weeks": [
            {"from": week.valid_from.isoformat(), "days": [write_hours(day) for day in week.days]}
            for week in calendar.weeks
        ],
        "country": calendar.country,
        "region": calendar.region,
        "closed": sorted(day.isoformat() for day in calendar.closed),
        "open": {day.isoformat(): write_hours(hours) for day, hours in calendar.open},
    }
