"""When a daily mail falls due, in the person's time zone and over changes of daylight saving; pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def last_hour(now: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """The last instant at or before `now` (UTC) at which the clocks of the zone struck `hour`.

    Once a day, whatever the clocks do: an hour that is left out counts as one later, the first of two that are struck
    twice is the one (PEP 495, fold 0).
    """
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        struck = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
        if struck <= now:
            return struck
    return struck


def is_due(now: datetime, zone: ZoneInfo, hour: int, *, waiting_since: datetime) -> bool:
    """Whether the hour was struck since the first of what waits came."""
    return waiting_since <= last_hour(now, zone, hour)
