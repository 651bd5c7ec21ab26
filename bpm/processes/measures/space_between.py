"""The space between: items that no process accounts for, counted and visible, never forced to fit (law 6)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select, text

from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.measures.follow_up import placed
from bpm.processes.measures.listening import HeardItem, PeriodShare, list_heard, weeks_up_to
from bpm.statistics import Share, SourceMix, share, source_mix


@dataclass(frozen=True)
class SpaceBetween:
    """How much of what was heard is linked to no process, and what it is."""

    share: Share
    mix: SourceMix
    kinds: tuple[tuple[str, int], ...]
    """(kind, or "unsure" or "unread"; count), most frequent first."""


def space_between(work: Work, *, since: datetime, until: datetime) -> SpaceBetween:
    """The share of what was said in the period that is linked to no process."""
    heard = _heard(since, until)
    total = work.session.scalar(select(func.count()).select_from(FeedbackItem).where(heard)) or 0
    label = case(
        (Classification.id.is_(None), "unread"), (Classification.abstained, "unsure"), else_=Classification.primary
    )
    rows = work.session.execute(
        select(FeedbackItem.channel, label.label("heard_as"), func.count().label("n"))
        .select_from(FeedbackItem)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(heard, ~placed())
        # By the label's name: repeated, its parameters would make it another expression to PostgreSQL.
        .group_by(FeedbackItem.channel, text("heard_as"))
    ).all()
    channels: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for row in rows:
        channels[row.channel] = channels.get(row.channel, 0) + row.n
        kinds[row.heard_as] = kinds.get(row.heard_as, 0) + row.n
    between = sum(kinds.values())
    return SpaceBetween(
        share=share(between, total),
        mix=source_mix(channels),
        kinds=tuple(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def space_between_by_week(work: Work, *, weeks: int) -> list[PeriodShare]:
    """Its own trend: the share of each of the last `weeks` weeks, oldest first."""
    found = [(a, b, space_between(work, since=a, until=b)) for a, b in weeks_up_to(work.now(), weeks)]
    return [PeriodShare(a, b, between.share, between.mix) for a, b, between in found]


def list_between(work: Work, *, since: datetime, until: datetime, limit: int = 50) -> list[HeardItem]:
    """The newest items of the space between."""
    return list_heard(work, [_heard(since, until), ~placed()], limit=limit)


def _heard(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
