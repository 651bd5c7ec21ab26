"""Dates as people and programs write them: one reading, or a clear no.

What a text says by itself (a month's name, a year in front, dots, a zone behind) wins; what it leaves open is settled
by `Habit`, which is learned from the whole column.
"""

import re
from datetime import UTC, datetime, timedelta

from bpm.feedback.channels.values.clock import Clock
from bpm.feedback.channels.values.moments import DateError, Habit, WrittenDate, moment_at
from bpm.feedback.channels.values.plain import plain
from bpm.feedback.channels.values.written_dates import written_date
from bpm.feedback.limits import LONGEST_DATE
from bpm.foundation.texts import _

FILLERS = frozenset(
    {"na", "nan", "nat", "none", "null", "nil", "undefined", "unknown", "notavailable", "notapplicable", "nodate",
     "tbd", "tba", "keine", "keineangabe", "unbekannt", "inconnu", "desconocido", "sconosciuto", "onbekend", "ka",
     "invaliddate", "never", "leer", "vide", "empty", "missing", "value", "error"}
)  # fmt: skip
"""What stands in a cell of which nobody knows the value, as `plain` writes it."""

_NOTHING = re.compile(r"^[\s\-\u2013\u2014\u2212._/\\?!#:;,'\"()]*$")

_YEARS = (1971, 2090)
"""Nothing that is imported was said before; 1900, 1970, 2099 and 9999 stand for no date or for no end."""

AS_WRITTEN = Habit()
"""Of a value that stands alone: nothing but itself tells what is meant."""


def is_filler(value: object) -> bool:
    """Whether a cell says that its value is not known: empty, `N/A`, `-`, `null`."""
    written = str(value)
    return len(written) <= 30 and (_NOTHING.match(written) is not None or plain(written) in FILLERS)


def read_date(value: object, habit: Habit = AS_WRITTEN) -> WrittenDate:
    """The instant that is meant; DateError says why there is none. Costs the length of a short text."""
    written = " ".join(str(value).split())
    if is_filler(written):
        raise DateError(_("%(value)r says no date") % {"value": written[:30]})
    if len(written) > LONGEST_DATE:
        raise DateError(_("%(value)r is too long for a date") % {"value": written[:40]})
    try:
        return _possible(_read(written, habit), written)
    except (OverflowError, OSError, ValueError) as error:
        if isinstance(error, DateError):
            raise
        raise DateError(_("%(value)r is no day of the calendar") % {"value": written[:80]}) from error


def _possible(found: WrittenDate, written: str) -> WrittenDate:
    if not _YEARS[0] <= found.instant.year < _YEARS[1]:
        raise DateError(_("%(value)r stands for no date") % {"value": written[:80]})
    return found


def _read(written: str, habit: Habit) -> WrittenDate:
    if ticks := _DOT_NET.match(written):
        return _counted(ticks[1], habit)
    if number := _NUMBER.match(written):
        return _counted(number[0], habit)
    return written_date(written, habit)


_DOT_NET = re.compile(r"^\\?/?Date\((\d{9,14})(?:[+-]\d{4})?\)\\?/?$")
_NUMBER = re.compile(r"^-?\d+(?:[.,]\d*)?$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXCEL_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_EXCEL_DAYS = (20_000, 80_000)
_UNITS = ((9, 10, 1), (12, 13, 1_000), (15, 16, 1_000_000), (18, 19, 1_000_000_000))
"""(fewest digits, most digits, parts of a second) of what counts from 1970."""


def is_day_count(value: object) -> bool:
    """Whether a cell can be Excel's count of days, for the years 1954 to 2119."""
    written = str(value).strip()
    match = re.match(r"^(\d{5})(?:[.,]\d+)?$", written)
    return match is not None and _EXCEL_DAYS[0] <= int(match[1]) < _EXCEL_DAYS[1]


def _counted(written: str, habit: Habit) -> WrittenDate:
    whole, _point, part = written.replace(",", ".").partition(".")
    if habit.serial and is_day_count(written):
        seconds = round(float(f"0.{part or 0}") * 86_400)
        day = _EXCEL_ZERO + timedelta(days=int(whole) + habit.first_day)
        clock = Clock(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
        return moment_at((day.year, day.month, day.day), clock, habit, timed=bool(seconds))
    if not part.strip("0") and whole[:2] in ("19", "20") and len(whole) in (8, 12, 14):
        hour, minute, second = (int(whole[at : at + 2] or 0) for at in (8, 10, 12))
        clock = Clock(hour, minute, second)
        return moment_at((int(whole[:4]), int(whole[4:6]), int(whole[6:8])), clock, habit, timed=len(whole) > 8)
    for fewest, most, parts in _UNITS:
        if fewest <= len(whole) <= most:
            return WrittenDate(_EPOCH + timedelta(microseconds=int(whole) * 1_000_000 // parts))
    raise DateError(_("%(value)r is a number that says no date") % {"value": written[:40]})
