"""The space between: items that no process accounts for, counted and visible, never forced to fit (law 6)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select, text

from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.foundation.work import Work
from bpm.processes.measures.follow_up import placed
from bpm.processes.measures.heard_items import HeardItem, list_heard
from bpm.processes.measures.listening import PeriodShare, weeks_up_to
from bpm.processes.measures.rollups import Changed, Heard, count_heard
from bpm.statistics import Share, SourceMix, share, source_mix


@dataclass(frozen=True)
class SpaceBetween:
    """How much of what was heard is linked to no process."""

    share: Share
    mix: SourceMix


def space_between(work: Work, *, since: datetime, until: datetime, book: Changed | None = None) -> SpaceBetween:
    """The share of what was said in the period that is linked to no process."""
    return _between(count_heard(work, since, until, book))


def _between(rows: Iterable[Heard]) -> SpaceBetween:
    total, channels = 0, Counter[str]()
    for each in rows:
        total += each.heard
        channels[each.channel] += each.heard - each.placed
    return SpaceBetween(share(channels.total(), total), source_mix(channels))


def kinds_between(work: Work, *, since: datetime, until: datetime) -> tuple[tuple[str, int], ...]:
    """What it is: (kind, or "unsure" or "unread"; count), most frequent first."""
    label = case(
        (Classification.id.is_(None), "unread"), (Classification.abstained, "unsure"), else_=Classification.primary
    )
    rows = work.session.execute(
        select(label.label("heard_as"), func.count().label("n"))
        .select_from(FeedbackItem)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(_heard(since, until), ~placed())
        # By the label's name: repeated, its parameters would make it another expression to PostgreSQL.
        .group_by(text("heard_as"))
    )
    return tuple(sorted(((row.heard_as, row.n) for row in rows), key=lambda pair: (-pair[1], pair[0])))


def space_between_by_week(work: Work, *, weeks: int) -> list[PeriodShare]:
    """Its own trend: the share of each of the last `weeks` weeks, oldest first."""
    spans = weeks_up_to(work.now(), weeks)
    rows = count_heard(work, spans[0][0], spans[-1][1])
    found = [(a, b, _between(row for row in rows if a.date() <= row.day < b.date())) for a, b in spans]
    return [PeriodShare(a, b, between.share, between.mix) for a, b, between in found]


@dataclass(frozen=True)
class ThemeBetween:
    """A theme of what is linked to no process; None: what has none."""

    theme_id: int | None
    name: str
    items: int
    words: tuple[str, ...]
    """The most frequent first; two of them make a trigger's condition."""


def themes_between(work: Work, *, since: datetime, until: datetime, limit: int = 12) -> list[ThemeBetween]:
    """The largest themes of the space between, and how much of it has none."""
    counts = work.session.execute(
        select(Theme.counts_in_id, func.count(FeedbackItem.id).label("n"))
        .select_from(FeedbackItem)
        .outerjoin(ThemeItem, ThemeItem.item_id == FeedbackItem.id)
        .outerjoin(Theme, Theme.id == ThemeItem.theme_id)
        .where(_heard(since, until), ~placed())
        .group_by(Theme.counts_in_id)
        .order_by(func.count(FeedbackItem.id).desc(), Theme.counts_in_id)
        .limit(limit + 1)
    ).all()
    ids = [row.counts_in_id for row in counts if row.counts_in_id is not None]
    named = {row.id: row for row in work.session.scalars(select(Theme).where(Theme.id.in_(ids)))}
    return [
        ThemeBetween(
            row.counts_in_id,
            named[row.counts_in_id].name if row.counts_in_id else "",
            row.n,
            tuple(sorted(named[row.counts_in_id].words, key=lambda word: -named[row.counts_in_id].words[word])[:4])
            if row.counts_in_id
            else (),
        )
        for row in counts
    ]


def items_of_theme_between(work: Work, theme_id: int, *, since: datetime, until: datetime, limit: int) -> list[int]:
    """Those of a theme that are linked to no process, the newest first."""
    members = (
        select(ThemeItem.item_id).join(Theme, Theme.id == ThemeItem.theme_id).where(Theme.counts_in_id == theme_id)
    )
    query = select(FeedbackItem.id).where(_heard(since, until), ~placed(), FeedbackItem.id.in_(members))
    return list(
        work.session.scalars(query.order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc()).limit(limit))
    )


def list_between(work: Work, *, since: datetime, until: datetime, limit: int = 50) -> list[HeardItem]:
    """The newest items of the space between."""
    return list_heard(work, [_heard(since, until), ~placed()], limit=limit)


def _heard(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
