"""When a mail that could not be delivered is tried again, and when it is given up; pure."""

from datetime import datetime, timedelta

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    *(timedelta(days=1),) * 4,
)
"""After the first, second, ... try. Together close to five days, as RFC 5321, 4.5.4.1, asks before giving up."""


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many tries; None: no more."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None
