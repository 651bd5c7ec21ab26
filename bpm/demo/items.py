"""The demo's items: customer voice from public data sets and some written for it, dated into the last four weeks."""

import gzip
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

WEEKS = 4
CUSTOMERS = 1700
HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 17, 16, 17, 17, 16, 15, 14, 13, 12, 10, 8, 5, 3]
"""How much is said in each hour of a day, from midnight on."""
WEEKDAYS = [12, 11, 11, 10, 10, 6, 5]
"""How much is said on each day of a week, from Monday on."""


@dataclass(frozen=True)
class Said:
    """One item of the demo: what, where, when, and the number of the customer who said it."""

    key: str
    channel: str
    dataset: str
    text: str
    said_at: datetime
    customer: int


def said_until(now: datetime, *, seed: int = 7, limit: int | None = None) -> list[Said]:
    """The items in order of time over the weeks before `now`. The sources carry no usable dates, so each gets
    one drawn (with a fixed seed) from a weekday and time-of-day profile; texts are as the sources have them."""
    lines = gzip.decompress((files("bpm.demo") / "items.jsonl.gz").read_bytes()).decode().splitlines()[:limit]
    draw = random.Random(seed)  # noqa: S311 (a story, not a secret)
    items = [_said(json.loads(line), now, draw) for line in lines]
    return sorted(items, key=lambda item: item.said_at)


def _said(record: dict[str, str], now: datetime, draw: random.Random) -> Said:
    return Said(
        key=record["id"],
        channel=record["channel"],
        dataset=record["source"],
        text=record["text"],
        said_at=_instant(now, draw),
        customer=draw.randrange(CUSTOMERS),
    )


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
