"""Days that people write into addresses and filters."""

from datetime import UTC, date, datetime, time

from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _

FIRST_YEAR, LAST_YEAR = 1970, 9000
"""What lies outside is a slip of the keyboard, and at the ends of the calendar nothing can be added to a day."""


def written_day(written: str, *, place: str = "") -> datetime | None:
    """The midnight (UTC) of a day written as 2026-11-29; None for none. InvalidInputError names the field `place`."""
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        said = _("%(text)s is no day.") % {"text": written[:40]}
        raise InvalidInputError(said, place=place, remedy=_("Write it as 2026-11-29."))
    return datetime.combine(day, time.min, UTC)


def day_of_address(written: str) -> datetime:
    """The midnight (UTC) of a day that an address names. NotFoundError where it names none."""
    try:
        day = written_day(written)
    except InvalidInputError:
        day = None
    if day is None:
        raise NotFoundError(_("The address names no day."))
    return day
