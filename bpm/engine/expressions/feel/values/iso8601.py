"""Dates, times and durations read from their texts as ISO 8601 writes them, with an offset or a named place.

Source: OMG DMN 1.5 §10.3.2.3 and §10.3.4.1 (conversion), XML Schema 1.1 Part 2 §3.3 and §3.4.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _


@dataclass(frozen=True, order=True)
class Months:
    """A duration of years and months, which has no fixed number of days."""

    count: int


_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(
    r"T?(?P<plain>\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?P<zone>[Zz]|[+-](?:0\d|1[0-8]):\d\d(?::\d\d)?|@[\w/+-]+)?"
)
"""A second keeps six digits behind the point here; FEEL has nine: in a model they are refused, from data cut off."""
_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?")
_DAYS = re.compile(
    r"(-?)P(?=\d|T\d)(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,18})(?:\.(\d{1,9}))?S)?)?"
)


_FAR_DATE = re.compile(r"(-\d{4}|-?[1-9]\d{4,8}|0000)-(\d\d)-(\d\d)")
_SHORTEST_FINE, _LONGEST_TIME = len("PT0.0000001S"), 100
_FINE_SECOND = re.compile(r":\d\d\.\d{6}\d*[1-9]|T.*\d\.\d{6}\d*[1-9]\d*S")


class OutOfReachError(ExpressionError):
    """FEEL knows such a value, and it cannot be held here."""

    @classmethod
    def of_year(cls, said: object) -> "OutOfReachError":
        """A date before the year 1 or after 9999."""
        return cls(
            _("%(date)s lies outside the years 1 to 9999, which is as far as dates go here.") % {"date": said},
            remedy=_("Use a date between 0001-01-01 and 9999-12-31, or a number for the year."),
        )

    @classmethod
    def of_length(cls, said: object) -> "OutOfReachError":
        """A duration that nothing here can hold."""
        return cls(
            _("The duration %(duration)s is longer than a million years, which is as far as durations go here.")
            % {"duration": said},
            remedy=_("Use a shorter one."),
        )


def nanoseconds_in(value: object) -> str:
    """What is to be said of a text that counts nanoseconds, of which a time here keeps six digits; else ""."""
    if not isinstance(value, str) or not _SHORTEST_FINE <= len(value) <= _LONGEST_TIME:
        return ""
    try:
        if not _FINE_SECOND.search(value) or not (to_datetime(value) or to_time(value) or to_duration(value)):
            return ""
    except OutOfReachError:
        return ""
    return _("%(said)s counts in nanoseconds, and as a time it has six digits behind the second here") % {
        "said": repr(value)
    }


def demand_whole_microseconds(said: object) -> None:
    """Raise OutOfReachError for a time, a duration or the number of a second, in a model, that counts nanoseconds."""
    is_fine = bool(_FINE_SECOND.search(said)) if isinstance(said, str) else False
    if is_fine or (isinstance(said, Decimal) and said.is_finite() and said * 1_000_000 % 1):
        raise OutOfReachError(
            _("%(said)s counts in nanoseconds; a second has six digits behind the point here.")
            % {"said": repr(said) if is_fine else said},
            remedy=_("Write at most six digits behind the second."),
        )


def to_date(text: str) -> date | None:
    """`2026-01-31`, or None for what is no date; OutOfReachError for a year that is none here."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    far = _FAR_DATE.fullmatch(text)
    if far and date_exists(int(far[1]), int(far[2]), int(far[3])):
        raise OutOfReachError.of_year(repr(text))
    return None


def date_exists(year: int, month: int, day: int) -> bool:
    """Whether the calendar that goes on beyond its ends has that day; years repeat after 400."""
    try:
        return bool(date(2000 + year % 400, month, day))
    except ValueError:
        return False


def to_time(text: str) -> time | None:
    """`10:30:00` with or without a zone, or None."""
    found = _TIME.fullmatch(text)
    try:
        return _zoned_time(found) if found else None
    except (ValueError, KeyError, OSError, IsADirectoryError):
        return None


def _zoned_time(found: re.Match[str]) -> time:
    plain = time.fromisoformat(_micro(found["plain"]))
    zone = found["zone"] or ""
    if zone.startswith("@"):
        return plain.replace(tzinfo=ZoneInfo(zone[1:]))
    return time.fromisoformat(_micro(found["plain"]) + zone.upper()) if zone else plain


def _micro(text: str) -> str:
    """Python 3.11 reads three or six digits of a second."""
    whole, dot, fraction = text.partition(".")
    return whole + dot + fraction[:6].ljust(6, "0") if dot else whole


def to_datetime(text: str) -> datetime | None:
    """`2026-01-31T10:30:00` with or without a zone, a date alone as its midnight, or None."""
    day, separator, rest = text.partition("T")
    on = to_date(day)
    if on is None:
        return None
    at = to_time(rest) if separator else time()
    return None if at is None else datetime.combine(on, at)


def to_duration(text: str) -> timedelta | Months | None:
    """`P1Y2M` or `P1DT2H3M4.5S`, either with a leading minus, or None."""
    if found := _MONTHS.fullmatch(text):
        count = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-count if found[1] else count)
    if found := _DAYS.fullmatch(text):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:5])
        micro = int((found[6] or "")[:6].ljust(6, "0"))
        try:
            length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micro)
        except OverflowError:
            raise OutOfReachError.of_length(repr(text)) from None
        return -length if found[1] else length
    return None


class Stamp(datetime):
    """An instant where a day was due: it meets days as its day, and instants as itself."""


def to_day_or_stamp(text: str) -> date | None:
    """What a text says where a day is due: `2026-01-31` is one, and `2026-01-31T10:30:00` is more than one."""
    if (day := to_date(text)) is not None or (at := to_datetime(text)) is None:
        return day
    return Stamp(at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, at.tzinfo, fold=at.fold)


def to_day(text: str) -> date | None:
    """A date, also that of a text with a time, which is what a column of dates is compared with."""
    return to_date(text) or (at.date() if (at := to_datetime(text)) else None)
