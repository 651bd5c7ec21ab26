"""Whether the company really listens: what was followed up, what fell into a black hole, what fits no process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnExpressionArgument, Integer, case, cast, func, literal, select, union_all

from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.measures.follow_up import followed_up
from bpm.statistics import Share, SourceMix, share, source_mix

REFERENCE = 0.5
REFERENCE_SOURCE = (
    "“less than half of the companies surveyed track and follow up” (Theo Priestley, on a survey of companies)"
)
"""Where the 50 % reference line comes from."""
STALE_AFTER = timedelta(days=7)
"""A channel that brought items and then nothing for this long is stale: its silence is no good news."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PeriodShare:
    """Items heard in a stretch of time, and how many of them it is true for."""

    since: datetime
    until: datetime
    rate: Share
    mix: SourceMix


def follow_up(work: Work, *, since: datetime, until: datetime) -> PeriodShare:
    """The rate over everything heard, unanswered items included."""
    by_channel = _heard_and_followed(work, since=since, until=until)
    heard, followed = (sum(counts) for counts in zip(*by_channel.values(), strict=True)) if by_channel else (0, 0)
    mix = source_mix({channel: heard for channel, (heard, _followed) in by_channel.items()})
    return PeriodShare(since, until, share(followed, heard), mix)


def _heard_and_followed(work: Work, *, since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    """{channel: (items said in the period, those of them that were followed up)}."""
    rows = work.session.execute(
        select(
            FeedbackItem.channel,
            func.count().label("heard"),
            func.sum(cast(case((followed_up(), 1), else_=0), Integer)).label("followed"),
        )
        .where(FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
        .group_by(FeedbackItem.channel)
    )
    return {row.channel: (row.heard, row.followed) for row in rows}


def weeks_up_to(now: datetime, weeks: int) -> list[tuple[datetime, datetime]]:
    """The last `weeks` weeks as (since, until), oldest first; the last one ends with today, in UTC."""
    end = end_of_day(now)
    return [(end - n * WEEK, end - (n - 1) * WEEK) for n in range(weeks, 0, -1)]


def end_of_day(now: datetime) -> datetime:
    """Midnight after `now`, UTC: periods end there, so that what was said just now is in them."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def follow_up_by_week(work: Work, *, weeks: int) -> list[PeriodShare]:
    """The last `weeks` weeks up to today, oldest first."""
    return [follow_up(work, since=since, until=until) for since, until in weeks_up_to(work.now(), weeks)]


@dataclass(frozen=True)
class ChannelCoverage:
    """What a channel brought in the period, and whether it fell silent."""

    channel: str
    items: int
    followed: Share
    last_received_at: datetime | None
    stale: bool


def coverage(work: Work, channels: Sequence[str], *, since: datetime, until: datetime) -> list[ChannelCoverage]:
    """One row per channel, those without any item too: what is not listened to shows as not included."""
    # One look at the end of an index for each channel, in one statement.
    newest = union_all(
        *(
            select(literal(channel).label("channel"), func.max(FeedbackItem.received_at).label("last")).where(
                FeedbackItem.current, FeedbackItem.channel == channel
            )
            for channel in channels
        )
    )
    last = {row.channel: row.last for row in work.session.execute(newest) if row.last is not None}
    heard = _heard_and_followed(work, since=since, until=until)
    return [
        ChannelCoverage(
            channel=channel,
            items=heard.get(channel, (0, 0))[0],
            followed=share(heard.get(channel, (0, 0))[1], heard.get(channel, (0, 0))[0]),
            last_received_at=last.get(channel),
            stale=channel in last and last[channel] < work.now() - STALE_AFTER,
        )
        for channel in channels
    ]


@dataclass(frozen=True)
class HeardItem:
    """An item as a list behind a figure shows it."""

    item_id: int
    channel: str
    text: str
    said_at: datetime | None
    """None: nobody knows."""
    kind: str
    sentiment: float | None
    urgency: int
    abstained: bool


def list_heard(
    work: Work, where: Sequence[ColumnExpressionArgument[bool]], *, oldest_first: bool = False, limit: int = 50
) -> list[HeardItem]:
    """Rows behind a figure: items that meet `where`, at most `limit`."""
    order = (
        (FeedbackItem.placed_at, FeedbackItem.id)
        if oldest_first
        else (FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
    )
    rows = work.session.execute(
        select(
            FeedbackItem.id,
            FeedbackItem.channel,
            func.substr(FeedbackItem.text, 1, 200).label("text"),
            FeedbackItem.said_at,
            Classification.primary,
            Classification.sentiment,
            Classification.urgency,
            Classification.abstained,
        )
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(*where)
        .order_by(*order)
        .limit(limit)
    )
    return [
        HeardItem(
            item_id=row.id,
            channel=row.channel,
            text=row.text,
            said_at=row.said_at,
            kind=row.primary or "",
            sentiment=row.sentiment,
            urgency=row.urgency or 0,
            abstained=bool(row.abstained),
        )
        for row in rows
    ]
