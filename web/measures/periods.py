"""The period a page looks at, from the address: the last 7, 30 or 90 days, or the last year."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request

from bpm.foundation.errors import InvalidInputError
from bpm.processes.queries import end_of_day
from web.core.numbers import key_of
from web.core.rendering import Choice, here

DAYS = (7, 30, 90, 365)
USUAL = 30


@dataclass(frozen=True)
class Period:
    """Whole days in UTC: from `since` up to, not including, `until`; today is the last one."""

    days: int
    since: datetime
    until: datetime

    @property
    def label(self) -> str:
        return f"{self.since:%Y-%m-%d} to {self.until - timedelta(days=1):%Y-%m-%d}"


def asked_period(now: datetime) -> Period:
    """The period of ?days=; InvalidInputError for anything but a whole number of days up to ten years."""
    raw = request.args.get("days", str(USUAL))
    days = key_of(raw)
    if days is None or not 1 <= days <= 3650:
        raise InvalidInputError("The address names no period.", remedy="Give days as a number from 1 to 3650.")
    until = end_of_day(now)
    return Period(days, until - timedelta(days=days), until)


def choices(period: Period) -> tuple[Choice, ...]:
    return tuple(Choice("1 year" if d == 365 else f"{d} days", here(days=d), period.days == d) for d in DAYS)
