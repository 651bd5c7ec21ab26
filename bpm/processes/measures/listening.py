"""Whether the company really listens: what was followed up, what fell into a black hole, what fits no process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, literal, select, union_all

from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.measures.rollups import Changed, Heard, count_heard
from bpm.processes.measures.splits import CUSTOMERS
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


def follow_up(work: Work, *, since: datetime, until: datetime, book: Changed | None = None) -> PeriodShare:
    """The rate over everything heard, unanswered items included."""
    return _followed(since, until, count_heard(work, since, until, book))


def listening_ratio(work: Work, *, since: datetime, until: datetime, book: Changed | None = None) -> PeriodShare:
    """The measure of that name over the whole company: what led to a decision or an action, of all that customers said.

    What is linked to no process is in the denominator, too.
    """
    rows = [each for each in count_heard(work, since, until, book) if each.voice in CUSTOMERS]
    mix = _by_channel(rows)
    ratio = share(sum(each.acted for each in rows), sum(each.heard for each in rows))
    return PeriodShare(since, until, ratio, source_mix({channel: n for channel, (n, _followed) in mix.items()}))


def _followed(since: datetime, until: datetime, rows: Sequence[Heard]) -> PeriodShare:
    by_channel = _by_channel(rows)
    mix = source_mix({channel: n for channel, (n, _followed) in by_channel.items()})
    return PeriodShare(since, until, share(sum(each.followed for each in rows), mix.n), mix)


def _by_channel(rows: Iterable[Heard]) -> dict[str, tuple[int, int]]:
    """{channel: (items, those of them that were followed up)}."""
    found: dict[str, tuple[int, int]] = {}
    for each in rows:
        n, followed = found.get(each.channel, (0, 0))
        found[each.channel] = (n + each.heard, followed + each.followed)
    return found


def weeks_up_to(now: datetime, weeks: int) -> list[tuple[datetime, datetime]]:
    """The last `weeks` weeks as (since, until), oldest first; the last one ends with today, in UTC."""
    end = end_of_day(now)
    return [(end - n * WEEK, end - (n - 1) * WEEK) for n in range(weeks, 0, -1)]


def end_of_day(now: datetime) -> datetime:
    """Midnight after `now`, UTC: periods end there, so that what was said just now is in them."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def follow_up_by_week(work: Work, *, weeks: int, book: Changed | None = None) -> list[PeriodShare]:
    """The last `weeks` weeks up to today, oldest first."""
    spans = weeks_up_to(work.now(), weeks)
    rows = count_heard(work, spans[0][0], spans[-1][1], book)
    return [_followed(since, until, [row for row in rows if since.date() <= row.day < until.date()])
            for since, until in spans]  # fmt: skip


@dataclass(frozen=True)
class ChannelCoverage:
    """What a channel brought in the period, and whether it fell silent."""

    channel: str
    items: int
    followed: Share
    last_received_at: datetime | None
    stale: bool


def coverage(
    work: Work, channels: Sequence[str], *, since: datetime, until: datetime, book: Changed | None = None
) -> list[ChannelCoverage]:
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
    counts = _by_channel(count_heard(work, since, until, book))
    return [
        ChannelCoverage(
            channel=channel,
            items=counts.get(channel, (0, 0))[0],
            followed=share(counts.get(channel, (0, 0))[1], counts.get(channel, (0, 0))[0]),
            last_received_at=last.get(channel),
            stale=channel in last and last[channel] < work.now() - STALE_AFTER,
        )
        for channel in channels
    ]
