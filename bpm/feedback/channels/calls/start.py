"""When a call began: by its file's name where the file does not say, else as the user says, else nobody knows."""

import re
from datetime import UTC, datetime, tzinfo

from bpm.feedback.channels.fields import said_habit
from bpm.feedback.channels.rows import Context
from bpm.feedback.channels.values.dates import read_date
from bpm.feedback.channels.values.moments import DateError
from bpm.feedback.channels.values.zones import zone_of
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

_GMT = re.compile(r"GMT(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_.]?(\d{2})[-_.]?(\d{2})"
    r"(?:[ _T-]{1,3}(\d{2})[-_.:h꞉]?(\d{2})(?:[-_.:m꞉]?(\d{2}))?)?(?!\d)"
)
_ZONE = re.compile(r"\s?((?:GMT|UTC)(?:[+-]\d{1,2}(?:[:_꞉]?\d{2})?)?)(?![A-Za-z\d])")
"""Behind the time, as Meet writes it: `2026-03-02 09_15 GMT+1`."""


def start_of_call(context: Context) -> tuple[datetime | None, str]:
    """(instant in UTC, warning) from `_said_at` or the file's name; Zoom's GMT20260302-091500 is UTC."""
    if said := context.option("said_at"):
        return _said(said, context), ""
    if found := _GMT.search(context.file_name):
        return _at(found, UTC), ""
    if not (found := _NAMED.search(context.file_name)):
        return None, ""
    behind = _ZONE.match(context.file_name, found.end())
    zone = zone_of(re.sub("[_꞉]", ":", behind[1])) if behind else said_habit(context).zone
    at = _at(found, zone or UTC)
    tells = zone is not None or found[4] is None or at is None
    return at, "" if tells else _("The time in the file's name tells no zone: read as UTC. Say it with --zone.")


def _said(written: str, context: Context) -> datetime:
    try:
        return read_date(written, said_habit(context)).instant
    except DateError as error:
        raise InvalidInputError(
            _("%(why)s.") % {"why": error}, place="_said_at", remedy=_("Write 2026-03-02T09:00:00Z.")
        ) from error


def _at(found: re.Match[str], zone: tzinfo) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None
