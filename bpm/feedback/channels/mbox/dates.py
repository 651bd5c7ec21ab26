"""When a mail was written: its Date line, else when it was received, else nobody knows."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.message import Message
from email.utils import mktime_tz, parsedate_tz
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.mbox.headers import all_of, header
from bpm.feedback.channels.rows import Context
from bpm.feedback.channels.values.dates import read_date
from bpm.feedback.channels.values.moments import DateError, Habit
from bpm.feedback.limits import EARLIEST, LONGEST_DATE
from bpm.foundation.errors import InvalidInputError

SKEW = timedelta(days=2)
"""How far a Date line may lie behind the moment of receiving; what is further ahead came from a wrong clock."""

FAR = timedelta(days=366)
"""The same for a mailbox's separator line, which programs write when they save a mail."""

_ZONES = {
    "MEZ": "+0100", "MESZ": "+0200", "CET": "+0100", "CEST": "+0200", "MET": "+0100", "MEST": "+0200",
    "WET": "+0000", "WEST": "+0100", "WEZ": "+0000", "WESZ": "+0100", "EET": "+0200", "EEST": "+0300",
    "OEZ": "+0200", "OESZ": "+0300", "HNEC": "+0100", "HAEC": "+0200", "MSK": "+0300", "MSD": "+0400",
    "JST": "+0900", "KST": "+0900", "HKT": "+0800", "SGT": "+0800", "AEST": "+1000", "AEDT": "+1100",
    "ACST": "+0930", "AWST": "+0800", "NZST": "+1200", "NZDT": "+1300", "AKST": "-0900", "AKDT": "-0800",
    "HST": "-1000", "NST": "-0330", "NDT": "-0230", "BRT": "-0300", "ART": "-0300", "SAST": "+0200",
}  # fmt: skip
"""Zones' names that mean one offset, beside those of RFC 5322, 4.3."""

_ZONE = re.compile(r"(?:[+-]\d{4}|\s[A-Za-z]{1,5})\s*$")
_ZONE_NAME = re.compile(r"(?<=[\d ])([A-Z]{3,4})\s*$")


def said_at(message: Message, envelope: str, context: Context) -> tuple[datetime | None, tuple[str, ...]]:
    """(the instant or None, warnings); `envelope` is the date of the mailbox's own separator line."""
    written = header(message, "date")[:LONGEST_DATE]
    told = written_instant(written, context)
    received, saved = _received(message, context), written_instant(envelope, context)
    if told is not None and not _lies_ahead(told, received, SKEW) and not _lies_ahead(told, saved, FAR):
        return told, ()
    instead = received or saved
    if instead is not None:
        return instead, (f"Its Date line ({written}) cannot be; the time it was received counts.",) if written else ()
    return None, (f"Its Date line ({written}) cannot be read: the date is unknown.",) if written else ()


def sent_before(written: str, message: Message, forwarded_at: datetime | None, context: Context) -> datetime | None:
    """When a mail was sent that is forwarded in `message`, as the header block above it writes it.

    A time without zone is the forwarder's: programs write it by their own clock. None when nobody can read it, or when
    it lies behind the moment of forwarding, for then it is not what it seems.
    """
    habit = Habit(order=context.option("date_order"), zone=_zone_of(message, context))
    try:
        told = read_date(re.sub(r"[\t\xa0]+", " ", written[:LONGEST_DATE]), habit)
        if not told.timed:
            told = read_date(written[:LONGEST_DATE], Habit(order=habit.order, zone=UTC))
    except DateError:
        return None
    ahead = forwarded_at is not None and told.instant > forwarded_at + SKEW
    return None if ahead or told.instant < EARLIEST else told.instant


def _zone_of(message: Message, context: Context) -> tzinfo:
    """The zone of a mail's Date line, else the one that its reader told."""
    try:
        parts = parsedate_tz(_ZONE_NAME.sub(_offset, header(message, "date")[:LONGEST_DATE].strip()))
        offset = parts[9] if parts else None
        return _zone(context) if offset is None else timezone(timedelta(seconds=offset))
    except (ValueError, TypeError, OverflowError, IndexError):
        return _zone(context)


def _lies_ahead(told: datetime, received: datetime | None, by: timedelta) -> bool:
    return received is not None and told > received + by


def written_instant(written: str, context: Context) -> datetime | None:
    """The instant that a date line tells, in UTC; None when nobody can read it or it cannot be."""
    written = re.sub(r"\([^()]{0,40}\)\s*$", "", written[:LONGEST_DATE]).strip()
    if not written:
        return None
    found = _of_mail(_ZONE_NAME.sub(_offset, written), context) or _of_any(written)
    return found if found is not None and found >= EARLIEST + timedelta(days=2) else None


def _offset(match: re.Match[str]) -> str:
    return _ZONES.get(match[1], match[1])


def _of_mail(written: str, context: Context) -> datetime | None:
    try:
        parts = parsedate_tz(written)
        if parts is None:
            return None
        if parts[9] is not None and _ZONE.search(written):
            return datetime.fromtimestamp(mktime_tz(parts), UTC)
        return datetime(*parts[:6], tzinfo=_zone(context)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _of_any(written: str) -> datetime | None:
    try:
        return instant(written, place="Date")
    except InvalidInputError:
        return None


def _zone(context: Context) -> ZoneInfo:
    try:
        return ZoneInfo(context.option("zone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _received(message: Message, context: Context) -> datetime | None:
    """When the last server took it: the topmost Received line that has a date (RFC 5321, 4.4)."""
    for line in all_of(message, "received"):
        found = written_instant(" ".join(line.rpartition(";")[2].split()), context)
        if found is not None:
            return found
    return None
