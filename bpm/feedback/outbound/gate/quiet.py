"""Quiet hours: when somebody may be written to, by the clock on their own wall and over changes of daylight saving."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel.core import get_global
from phonenumbers import timezone

UNKNOWN = "Etc/Unknown"
Hours = tuple[time, time]
"""From when until when nobody is written to, by the clock on the wall."""
MOST_ZONES = 12
"""More of them say nothing about where somebody is."""


def next_allowed(now: datetime, zones: Sequence[str], quiet: Hours | None) -> datetime:
    """The first instant from `now` on that is quiet in none of the zones; `now` itself when it is not.

    `quiet` is (from, until) on the wall; where the clocks skip the end, quiet ends with the hour after (PEP 495).
    Where the zones leave no common hour, the time of the first one counts.
    """
    if quiet is None or quiet[0] == quiet[1]:
        return now
    at, clocks = now, [ZoneInfo(zone) for zone in zones or ("UTC",)]
    for _turn in range(8):
        ends = [end for clock in clocks if (end := _ends(at, clock, quiet)) is not None]
        if not ends:
            return at
        at = max(ends)
    return _ends(now, clocks[0], quiet) or now


def _ends(at: datetime, clock: ZoneInfo, quiet: Hours) -> datetime | None:
    """When the quiet hours that hold at `at` end; None when none hold."""
    begin, end = quiet
    wall = at.astimezone(clock)
    shown = wall.time().replace(tzinfo=None)
    over_midnight = begin > end
    holds = (shown >= begin or shown < end) if over_midnight else begin <= shown < end
    if not holds:
        return None
    day = wall.date() + timedelta(days=1) if over_midnight and shown >= begin else wall.date()
    ends = datetime.combine(day, end, tzinfo=clock)
    first = ends.astimezone(UTC)  # an end that comes twice, as clocks go back, ends what goes on at its second time
    return first if first > at else ends.replace(fold=1).astimezone(UTC)


def read_quiet(written: str) -> Hours | None:
    """ "21:00-08:00" as two times; None for an empty text."""
    found = re.fullmatch(r"\s*([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)\s*", written)
    if found is None:
        return None
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


def quiet_of_wish(from_hour: int | None, until_hour: int | None) -> Hours | None:
    """What is quiet for somebody who likes to be spoken to between these hours; None where all hours are fine."""
    start, end = (from_hour or 0) % 24, (24 if until_hour is None else until_hour) % 24
    return None if start == end else (time(end), time(start))


@cache
def _zones_by_region() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for zone, region in get_global("zone_territories").items():
        if not zone.startswith("Etc/"):
            found.setdefault(region, []).append(zone)
    return {region: tuple(sorted(zones)) for region, zones in found.items()}


def zones_of_region(region: str) -> tuple[str, ...]:
    """The zones of a country (ISO 3166); none when it is not known or has too many."""
    zones = _zones_by_region().get(region.upper(), ())
    return zones if len(zones) <= MOST_ZONES else ()


def zones_of_number(number: str) -> tuple[str, ...]:
    """The zones that a number in full (+44...) may be in; none when it does not say."""
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ()
    known = tuple(zone for zone in zones if zone != UNKNOWN)
    return known if len(known) <= MOST_ZONES else ()
