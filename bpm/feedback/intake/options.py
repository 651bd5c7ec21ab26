"""What may be said about a file beside its mapping, checked before anything of it is read."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

DATE_ORDERS = ("dmy", "mdy", "ymd")


def check_options(mapping: Mapping[str, str]) -> None:
    """InvalidInputError names the zone, order of dates or instant that is none."""
    zone = mapping.get("_zone", "").strip()
    if zone and zone not in available_timezones():
        raise InvalidInputError(
            _("%(name)r is no time zone.") % {"name": zone},
            place="zone",
            remedy=_("Use a name like Europe/Berlin or UTC."),
        )
    order = mapping.get("_date_order", "").strip()
    if order and order not in DATE_ORDERS:
        raise InvalidInputError(
            _("%(name)r is no order of dates.") % {"name": order},
            place="date order",
            remedy=_("Use one of %(names)s.") % {"names": ", ".join(DATE_ORDERS)},
        )
    if said_at := mapping.get("_said_at", "").strip():
        read_instant(said_at, zone)


def read_instant(written: str, zone: str = "") -> datetime:
    """An instant as a person gives it, in ISO 8601; without an offset it is of that zone, or of UTC."""
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        raise InvalidInputError(
            _("%(name)r is no instant.") % {"name": written},
            place="said at",
            remedy=_("Write it as 2026-03-02T09:15:00+01:00."),
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
