"""When a call began: by its file's name where the file does not say, else as the user says, else nobody knows."""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from bpm.feedback.channels.fields import instant
from bpm.feedback.channels.rows import Context
from bpm.foundation.texts import _

_GMT = re.compile(r"GMT(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_.]?(\d{2})[-_.]?(\d{2})"
    r"(?:[ _T-]{1,3}(\d{2})[-_.:h꞉]?(\d{2})(?:[-_.:m꞉]?(\d{2}))?)?(?!\d)"
)


def start_of_call(context: Context) -> tuple[datetime | None, str]:
    """(instant in UTC, warning) from `_said_at` or the file's name; Zoom's GMT20260302-091500 is UTC."""
    if said := context.option("said_at"):
        return instant(said, place="_said_at"), ""
    if found := _GMT.search(context.file_name):
        return _at(found, UTC), ""
    if not (found := _NAMED.search(context.file_name)):
        return None, ""
    zone = ZoneInfo(context.option("zone")) if context.option("zone") else None
    at = _at(found, zone or UTC)
    tells = zone is not None or found[4] is None or at is None
    return at, "" if tells else _("The time in the file's name tells no zone: read as UTC. Say it with --zone.")


def _at(found: re.Match[str], zone: tzinfo) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
