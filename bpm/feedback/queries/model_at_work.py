"""How the model in service does at work: what people overrule, and how sure it is by channel and month."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, cast

from sqlalchemy import Integer, Table, case, func, select
from sqlalchemy import cast as as_type

from bpm.feedback.models import Classification, Correction, FeedbackItem
from bpm.foundation.work import Work

CLAIM = cast("Table", Classification.__table__)
ITEM = cast("Table", FeedbackItem.__table__)

MONTHS, MONTH = 6, timedelta(days=30)
LATELY = 5000
"""Corrections that the confusions are counted from."""


@dataclass(frozen=True)
class Confusion:
    """So often a person said `after` where the model had read `before`."""

    before: str
    after: str
    count: int


@dataclass(frozen=True)
class MonthRead:
    """Readings of 30 days on one channel: how many, the share it was unsure of, and its mean certainty, 0 to 1."""

    n: int
    unsure: float | None
    certainty: float | None


@dataclass(frozen=True)
class ChannelDrift:
    """A channel's months, the oldest first."""

    channel: str
    months: tuple[MonthRead, ...]


def confusions(work: Work, most: int = 12) -> tuple[Confusion, ...]:
    """What people overruled most often among kinds."""
    rows = work.session.execute(
        select(Correction.before, Correction.after)
        .where(Correction.field == "primary")
        .order_by(Correction.id.desc())
        .limit(LATELY)
    )
    counts = Counter((str(before), str(after)) for before, after in rows if before != after)
    return tuple(Confusion(before, after, count) for (before, after), count in counts.most_common(most))


def drift(work: Work) -> tuple[tuple[datetime, ...], tuple[ChannelDrift, ...]]:
    """Where each 30 days begin, and the machine's readings of each channel in them."""
    now = work.now()
    edges = [now - MONTH * each for each in range(MONTHS, -1, -1)]
    sums = []
    for place, (begin, end) in enumerate(pairwise(edges)):
        within = (ITEM.c.placed_at > begin) & (ITEM.c.placed_at <= end)
        sums += [
            func.sum(case((within, 1), else_=0)).label(f"n_{place}"),
            func.sum(case((within, as_type(CLAIM.c.abstained, Integer)), else_=0)).label(f"unsure_{place}"),
            func.sum(case((within, CLAIM.c.confidence), else_=0.0)).label(f"sure_{place}"),
        ]
    rows = work.session.execute(
        select(ITEM.c.channel, *sums)
        .join(CLAIM, CLAIM.c.item_id == ITEM.c.id)
        .where(
            ITEM.c.placed_at > edges[0], ITEM.c.current, CLAIM.c.current, ~CLAIM.c.model_version.startswith("human:")
        )
        .group_by(ITEM.c.channel)
        .order_by(ITEM.c.channel)
    )
    found = tuple(ChannelDrift(row.channel, tuple(_month(row, place) for place in range(MONTHS))) for row in rows)
    return tuple(edges[:-1]), found


def _month(row: Any, place: int) -> MonthRead:
    n = int(getattr(row, f"n_{place}") or 0)
    if not n:
        return MonthRead(0, None, None)
    return MonthRead(n, float(getattr(row, f"unsure_{place}")) / n, float(getattr(row, f"sure_{place}")) / n)
