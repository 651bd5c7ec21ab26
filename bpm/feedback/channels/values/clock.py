"""The time of day behind a date, with its half of the day and its zone."""

import re
from dataclasses import dataclass
from datetime import tzinfo

from bpm.feedback.channels.values.zones import AmbiguousZoneError, zone_of


@dataclass(frozen=True)
class Clock:
    """A time of day; `zone` None: it tells none, or (`doubt`) one that stands for several offsets."""

    hour: int = 0
    minute: int = 0
    second: int = 0
    micro: int = 0
    zone: tzinfo | None = None
    doubt: str = ""


_HALF = r"(?P<half>[ap]\.?\s?m\b\.?)"
_BEFORE = r"(?:(?:at|um|às|as|à|a las|alle|ore|kl\.?|klo|o|om|u|v|в|den)\b\.?\s*)?(?:(?P<first>[ap]\.?m\b\.?)\s*)?"
_TIME = (
    r"(?P<hour>\d{1,2})(?:\s?[:.h]\s?|\s?uhr\s?)(?P<minute>\d{2})"
    r"(?:\s?(?:[:.m]|min)\s?(?P<second>\d{2})(?:[.,:](?P<part>\d{1,9}))?)?(?:\s?(?:s|h|hrs|uhr|часа|год)\b\.?)?"
)
_WHOLE_HOUR = r"(?P<hour>\d{1,2})\s?(?:(?:h|hrs|uhr|o'clock|horas|heures)\b|(?=[ap]\.?\s?m\b))"
_COMPACT = r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?:[.,](?P<part>\d{1,9}))?(?=Z|[+-]|\s|$)"
_CLOCKS = tuple(re.compile(rf"^{_BEFORE}{time}\s?{_HALF}?", re.IGNORECASE) for time in (_TIME, _WHOLE_HOUR, _COMPACT))
LEADING = re.compile(
    r"^(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[ap]\.?m\b\.?)?)"
    r"[\s,;·-]+(?:on |am |le |el )?(?P<date>\S.*)$",
    re.IGNORECASE,
)
"""A time that stands in front of its date."""


def read_clock(rest: str) -> Clock | None:
    """What stands behind a date: a time with or without zone, a zone alone, or nothing; None when it is neither."""
    rest = rest.lstrip(" ,;:@·|–—").removeprefix("T").removeprefix("t").removeprefix("- ").strip()
    if not rest:
        return Clock()
    for form in _CLOCKS:
        if match := form.match(rest):
            return _with_zone(_of(match), rest[match.end() :])
    return _with_zone(Clock(), rest)


def _of(match: re.Match[str]) -> Clock:
    told = match.groupdict()
    hour, half = int(told["hour"]), (told["half"] or told["first"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    micro = int((told.get("part") or "0").ljust(6, "0")[:6])
    return Clock(hour, int(told.get("minute") or 0), min(59, int(told.get("second") or 0)), micro)


def _with_zone(clock: Clock, rest: str) -> Clock | None:
    rest = rest.strip(" ,")
    if not rest:
        return clock
    outside, *inside = re.split(r"[()\[\]]", rest)
    for written in (outside.strip(), *inside[:1], rest):
        try:
            zone = zone_of(written) if written else None
        except AmbiguousZoneError:
            return _replaced(clock, None, f"the zone {rest[:40]!r} stands for several offsets")
        if zone is not None:
            return _replaced(clock, zone, "")
    return None


def _replaced(clock: Clock, zone: tzinfo | None, doubt: str) -> Clock:
    return Clock(clock.hour, clock.minute, clock.second, clock.micro, zone, doubt)
