"""The demo's items: what customers of one company say, dated into the last four weeks; invented words."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpm.demo import words
from bpm.demo.customers import NUMBER

WEEKS = 4
ITEMS = 1_000
HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 17, 16, 17, 17, 16, 15, 14, 13, 12, 10, 8, 5, 3]
"""How much is said in each hour of a day, from midnight on."""
WEEKDAYS = [12, 11, 11, 10, 10, 6, 5]
"""How much is said on each day of a week, from Monday on."""


@dataclass(frozen=True)
class Said:
    """One item of the demo: what, where, when, and the number of the customer who said it."""

    key: str
    channel: str
    text: str
    said_at: datetime
    customer: int


def said_until(now: datetime, *, seed: int = 7, limit: int | None = None) -> list[Said]:
    """The items in order of time over the weeks before `now`; the same seed and present give the same items."""
    draw = random.Random(seed)  # noqa: S311 (a story, not a secret)
    seen: set[str] = set()
    items: list[Said] = []
    while len(items) < (ITEMS if limit is None else min(limit, ITEMS)):
        channel, text = words.something(draw)
        if text not in seen:
            seen.add(text)
            customer = draw.randrange(NUMBER)
            items.append(Said(f"brightwave-{len(items):04d}", channel, text, _instant(now, draw), customer))
    return sorted(items, key=lambda item: item.said_at)


def _instant(now: datetime, draw: random.Random) -> datetime:
    """An instant of the last weeks by the profile, before `now`."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=back) for back in range(WEEKS * 7, -1, -1)]
    while True:
        day = draw.choices(days, weights=[WEEKDAYS[day.weekday()] for day in days])[0]
        hour = draw.choices(range(24), weights=HOURS)[0]
        at = day + timedelta(hours=hour, seconds=draw.randrange(3600))
        if at < now:
            return at
