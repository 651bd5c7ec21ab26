"""ISO 8601 dates and times, with an offset or with a zone's name in brackets, as instants in UTC.

`2026-03-01T12:00:00[Europe/Berlin]`, in FEEL `2026-03-01T12:00:00@Europe/Berlin`, is the wall clock of the zone; where
an offset stands beside the zone the offset settles the instant (Java's ZonedDateTime). An hour that daylight saving
leaves out is moved on by it, one that comes twice is the first. Source: ISO 8601-1 5.4; IANA time zone database.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bpm.foundation.errors import ExpressionError

_ZONED = re.compile(r"(?P<text>[^\[\]]*)\[(?P<zone>[A-Za-z0-9_+/-]{1,60})\]")
_AT = re.compile(r"(?<=\d)@([A-Za-z_]+(?:/(?!P[\dT])[A-Za-z][A-Za-z_+-]*\d*){0,2})")
"""FEEL's way to name a zone, up to what may follow in a cycle: `@Europe/Berlin/PT1H`."""


def in_brackets(text: str) -> str:
    """The text with the zones that FEEL writes behind `@` in brackets."""
    return _AT.sub(r"[\1]", text)


def split_zone(text: str) -> tuple[str, ZoneInfo | None]:
    """The text without the zone in brackets behind it, and the zone; raises ExpressionError for an unknown one."""
    text = in_brackets(text)
    found = _ZONED.fullmatch(text.strip())
    if found is None:
        return text.strip(), None
    return found["text"].strip(), zone_named(found["zone"])


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name in the IANA database, such as Europe/Berlin; raises ExpressionError."""
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        raise ExpressionError(
            f"{name!r} is no time zone.", remedy="Write a name such as Europe/Berlin, or an offset such as +01:00."
        ) from None


def instant(text: str) -> datetime:
    """An ISO 8601 date or instant, in UTC; without an offset or a zone it is UTC. Raises ExpressionError."""
    plain, zone = split_zone(text)
    try:
        value = datetime.fromisoformat(plain.upper())
        return (value if value.tzinfo else value.replace(tzinfo=zone or UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ExpressionError(
            f"{text!r} is no ISO 8601 date.", remedy="Write for example 2030-01-01T00:00:00Z."
        ) from None


def contradicts_its_zone(text: str) -> bool:
    """Whether offset and zone are both written and the zone has another offset then."""
    plain, zone = split_zone(text)
    value = datetime.fromisoformat(plain.upper())
    return zone is not None and value.tzinfo is not None and value.utcoffset() != value.astimezone(zone).utcoffset()
