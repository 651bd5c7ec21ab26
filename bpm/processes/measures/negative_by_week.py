"""Week by week, how much of what was lived through in a process is negative: the series of its control chart."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, and_, case, cast, distinct, exists, false, func, or_, select

from bpm.engine import queries as engine_queries
from bpm.feedback.models import Classification, FeedbackItem
from bpm.feedback.tones import NEGATIVE
from bpm.foundation.work import Work
from bpm.processes.attribution import LIVED
from bpm.processes.measures.heard_items import HeardItem, list_heard
from bpm.processes.measures.listening import WEEK, weeks_up_to
from bpm.processes.measures.process_of_a_file import get_part, linked_to
from bpm.processes.models import Attribution
from bpm.statistics import SourceMix, source_mix

MOST_VERSIONS = 12
"""Links to older versions than the newest twelve are not looked at."""


@dataclass(frozen=True)
class NegativeWeek:
    """`negative` of `n` items that were read and linked to the process; `version` is the one most of them met."""

    since: datetime
    until: datetime
    negative: int
    n: int
    version: int


@dataclass(frozen=True)
class NegativeByWeek:
    weeks: tuple[NegativeWeek, ...]
    """Oldest first, from the first week with an item on; those without one are in it with n = 0."""
    mix: SourceMix


def negative_by_week(work: Work, key: str, *, weeks: int) -> NegativeByWeek:
    """The last `weeks` weeks up to today, of what was lived through and read; items nobody is sure of are left out."""
    spans = weeks_up_to(work.now(), weeks)
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    negative: Counter[int] = Counter()
    mix: Counter[str] = Counter()
    for row in _rows(work, key, spans):
        counts[row.week][row.number] += row.n
        negative[row.week] += row.negative
        mix[row.channel] += row.n
    first = min(counts, default=len(spans))
    found, version = [], 0
    for place in range(first, len(spans)):
        version = counts[place].most_common(1)[0][0] if counts[place] else version
        since, until = spans[place]
        found.append(NegativeWeek(since, until, negative[place], counts[place].total(), version))
    return NegativeByWeek(tuple(found), source_mix(mix))


def _rows(work: Work, key: str, spans: list[tuple[datetime, datetime]]) -> list["_Row"]:
    numbers = _newest_versions(work, key)
    week = case(*((FeedbackItem.said_at < until, place) for place, (_since, until) in enumerate(spans)), else_=-1)
    is_negative = case((Classification.sentiment <= NEGATIVE, FeedbackItem.id))
    rows = work.session.execute(
        select(
            cast(week, Integer).label("week"),
            Attribution.version_id,
            FeedbackItem.channel,
            func.count(distinct(FeedbackItem.id)).label("n"),
            func.count(distinct(is_negative)).label("negative"),
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(
            _linked(work, key),
            Attribution.valid_to.is_(None),
            Attribution.kind.in_(LIVED),
            FeedbackItem.current,
            FeedbackItem.said_at >= spans[0][0],
            FeedbackItem.said_at < spans[-1][1],
            Classification.sentiment.is_not(None),
            Classification.abstained.is_(False),
        )
        .group_by("week", Attribution.version_id, FeedbackItem.channel)
    )
    return [_Row(row.week, numbers[row.version_id], row.channel, row.n, row.negative) for row in rows]


def items_of_week(work: Work, key: str, since: datetime, *, limit: int = 200) -> list[HeardItem]:
    """The items behind a week of the chart, newest first."""
    linked = exists().where(
        Attribution.item_id == FeedbackItem.id,
        Attribution.valid_to.is_(None),
        Attribution.kind.in_(LIVED),
        _linked(work, key),
    )
    said = and_(FeedbackItem.said_at >= since, FeedbackItem.said_at < since + WEEK)
    return list_heard(work, [FeedbackItem.current, said, linked], limit=limit)


def _newest_versions(work: Work, key: str) -> dict[int, int]:
    """Id -> number of the versions whose links are looked at."""
    rows = sorted(engine_queries.list_versions(work, key), key=lambda row: -row.number)
    return {row.id: row.number for row in rows[:MOST_VERSIONS]}


def _linked(work: Work, key: str) -> ColumnElement[bool]:
    versions = _newest_versions(work, key)
    return or_(
        false(), *(and_(Attribution.version_id == each, *linked_to(get_part(work, key, each))) for each in versions)
    )


@dataclass(frozen=True)
class _Row:
    week: int
    number: int
    channel: str
    n: int
    negative: int
