"""Places on the web that customers name and that no source brings anything from."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from bpm.feedback.models import Connector, FeedbackItem, OwnAddress
from bpm.foundation.work import Work

LOOKED_AT = 5_000
"""The latest items, among which those that name a place are looked for."""
SINCE = timedelta(days=90)
FEWEST = 3
"""Items that have to name a place before it is shown."""
SHOWN = 10

_LINK = re.compile(r"https?://([a-z0-9.-]{4,253})", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:posted|wrote|said|complained|review(?:ed)?)\s{1,3}(?:it\s{1,3})?on\s{1,3}((?:[a-z0-9-]{2,60}\.){1,4}[a-z]{2,12})\b",
    re.IGNORECASE,
)
_SHORTENERS = frozenset({"t.co", "bit.ly", "tinyurl.com", "youtu.be", "goo.gl", "ow.ly", "buff.ly", "is.gd", "lnkd.in"})
"""They lead somewhere, nobody knows where."""


@dataclass(frozen=True)
class UnwatchedPlace:
    """A host, how many items of the last SINCE name it, and one of them."""

    host: str
    items: int
    item_id: int


def list_unwatched_places(work: Work) -> list[UnwatchedPlace]:
    """Hosts that at least FEWEST items name, most first; those of sources, of the company and of shorteners left out.

    An item counts a host once, however often it links there. The address at which an item itself stands is watched.
    """
    latest_ones = (
        select(FeedbackItem.id, FeedbackItem.text, FeedbackItem.url, FeedbackItem.placed_at)
        .where(FeedbackItem.current, FeedbackItem.placed_at >= work.now() - SINCE)
        .order_by(FeedbackItem.placed_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    names_one = or_(latest_ones.c.text.like("%http%"), latest_ones.c.text.like("% on %.%"))
    rows = work.session.execute(select(latest_ones).where(names_one).order_by(latest_ones.c.placed_at.desc())).all()
    watched = _watched(work) | {_site(urlsplit(row.url).hostname or "") for row in rows}
    counted: Counter[str] = Counter()
    latest: dict[str, int] = {}
    for row in rows:
        for host in _hosts_in(row.text) - watched:
            counted[host] += 1
            latest.setdefault(host, row.id)
    often = [(host, number) for host, number in counted.items() if number >= FEWEST]
    often.sort(key=lambda each: (-each[1], each[0]))
    return [UnwatchedPlace(host, number, latest[host]) for host, number in often[:SHOWN]]


def _hosts_in(text: str) -> set[str]:
    found = [*_LINK.findall(text[:20_000]), *_NAMED.findall(text[:20_000])]
    return {site for each in found if "." in (site := _site(each))} - _SHORTENERS


def _site(host: str) -> str:
    """The host without what is the same place: `www.`, `m.` and a dot at its end."""
    return re.sub(r"^(?:www\d?|m|mobile|old|amp)\.", "", host.lower().strip("."))


def _watched(work: Work) -> set[str]:
    """Hosts that connections are asked at, and the company's own."""
    settings: Iterable[dict[str, object]] = work.session.scalars(select(Connector.settings))
    asked = {urlsplit(str(value)).hostname or "" for each in settings for value in each.values() if "://" in str(value)}
    own = {str(value).rpartition("@")[2] for value in work.session.scalars(select(OwnAddress.value))}
    ours = urlsplit(work.settings.public_url).hostname or ""
    return {_site(each) for each in (*asked, *own, ours) if each}
