"""Time zones as files name them: offsets, abbreviations that mean one offset, names of the IANA database."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from bpm.feedback.channels.values.plain import plain


class AmbiguousZoneError(ValueError):
    """An abbreviation that stands for several offsets, such as BST, IST or CST."""


_HOURS: dict[str, float] = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "uct": 0, "ut": 0, "zulu": 0, "coordinateduniversaltime": 0,
    "west": 1, "cet": 1, "mez": 1, "met": 1, "hnec": 1, "cest": 2, "mesz": 2, "mest": 2, "eet": 2, "oez": 2, "eest": 3,
    "oesz": 3, "msk": 3, "sast": 2, "wat": 1, "eat": 3, "pkt": 5, "npt": 5.75, "wib": 7, "ict": 7, "sgt": 8, "hkt": 8,
    "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cdt": -5, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
    "brt": -3, "art": -3, "clt": -4, "cot": -5, "pet": -5, "nst": -3.5, "ndt": -2.5,
}  # fmt: skip
"""Abbreviation -> hours ahead of UTC, where everybody means the same."""

_REGIONS = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    "easterntime": "America/New_York", "centraltime": "America/Chicago", "mountaintime": "America/Denver",
    "pacifictime": "America/Los_Angeles", "easterntimeuscanada": "America/New_York",
    "centraltimeuscanada": "America/Chicago", "mountaintimeuscanada": "America/Denver",
    "pacifictimeuscanada": "America/Los_Angeles", "centraleuropeantime": "Europe/Berlin",
    "mitteleuropaischezeit": "Europe/Berlin", "uktime": "Europe/London", "londontime": "Europe/London",
}  # fmt: skip
"""Names of a region's time, summer or winter."""

_WORDS = {
    "easternstandardtime": -5, "easterndaylighttime": -4, "centraldaylighttime": -5, "mountaindaylighttime": -6,
    "pacificstandardtime": -8, "pacificdaylighttime": -7, "greenwichmeantime": 0, "centraleuropeanstandardtime": 1,
    "centraleuropeansummertime": 2, "mitteleuropaischenormalzeit": 1, "mitteleuropaischesommerzeit": 2,
    "britishsummertime": 1, "indiastandardtime": 5.5, "japanstandardtime": 9,
}  # fmt: skip

_SEVERAL = frozenset({"bst", "ist", "cst", "mst", "ast", "adt", "gst", "sst", "bt", "amt", "ect", "wst", "lmt"})

_OFFSET = re.compile(r"^(?:UTC|GMT|Z)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?(?::?\d{2})?$", re.IGNORECASE)
_REGION = re.compile(r"^[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}$")


def zone_of(written: str) -> tzinfo | None:
    """The zone that is meant (`+02:00`, `UTC+2`, `CET`, `America/New York`, `(PST)`), None when it is none.

    AmbiguousZoneError when the abbreviation stands for several offsets.
    """
    return _zone_of(written.strip(" ()[]\t.")) if len(written) <= 80 else None


@lru_cache(maxsize=512)
def _zone_of(written: str) -> tzinfo | None:
    if match := _OFFSET.match(written):
        return _offset(match[1], int(match[2]), int(match[3] or 0))
    if _REGION.match(name := re.sub(r"\s+", "_", written)):
        return _named(name)
    word = plain(re.sub(r"^\(.*?\)\s*", "", written))
    if word in _SEVERAL:
        raise AmbiguousZoneError(written)
    if word in _REGIONS:
        return _named(_REGIONS[word])
    hours = _HOURS.get(word, _WORDS.get(word))
    return None if hours is None else _fixed(timedelta(hours=hours))


def _offset(sign: str, hours: int, minutes: int) -> tzinfo | None:
    if hours > 14 or minutes > 59:
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return _fixed(-ahead if sign == "-" else ahead)


def _fixed(ahead: timedelta) -> tzinfo:
    return timezone(ahead) if ahead else UTC


def _named(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return None
