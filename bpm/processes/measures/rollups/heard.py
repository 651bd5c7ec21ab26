"""How much of what was heard is placed, followed up and acted on, by day, channel and voice, over the whole company."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Table, case, delete, exists, func, insert, or_, select, text
from sqlalchemy import cast as as_type

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.daybook.keeping import stretches
from bpm.processes.measures.follow_up import followed_up, placed
from bpm.processes.measures.models import HeardDay, HeardDue
from bpm.processes.measures.rollups.changed import Changed
from bpm.processes.models import Attribution

DAY = cast("Table", HeardDay.__table__)
DUE = cast("Table", HeardDue.__table__)
COUNTS = ("heard", "placed", "followed", "acted")
ONE = timedelta(days=1)
MOST_LIVE = 12
"""So many stretches of changed days are counted while somebody waits; with more of them all items are."""


@dataclass(frozen=True)
class Heard:
    """Items of one day, channel and voice: how many, of those placed in a process, followed up, acted on."""

    day: date
    channel: str
    voice: str
    heard: int
    placed: int
    followed: int
    acted: int


def count_heard(work: Work, since: datetime, until: datetime, book: Changed | None = None) -> list[Heard]:
    """What was said in [since, until); of whole days in UTC from the counts that are kept, where nothing changed.

    `book`: where several figures of the same periods are asked for.
    """
    if book is None:
        return _counted(work, since, until, Changed(work))
    if (since, until) not in book.counted:
        book.counted[since, until] = _counted(work, since, until, book)
    return book.counted[since, until]


def _counted(work: Work, since: datetime, until: datetime, book: Changed) -> list[Heard]:
    first, last = since.date(), until.date()
    if since != _midnight(first) or until != _midnight(last):
        return list(_count(work, since, until))
    kept = _kept_days(work, first, last)
    if not kept:
        return list(_count(work, since, until))
    changes = book.changes
    changed = changes.heard | set(work.session.scalars(select(DUE.c.day)))
    live = stretches(first, last, kept - changed)
    if changes.more or len(live) > MOST_LIVE:
        return list(_count(work, since, until))
    rows = work.session.execute(
        select(DAY).where(DAY.c.day >= first, DAY.c.day < last, DAY.c.channel != "", DAY.c.day.not_in(changed))
    )
    found = [Heard(**row) for row in rows.mappings()]
    for start, end in live:
        found += _count(work, _midnight(start), _midnight(end))
    return found


def write_heard_day(work: Work, day: date) -> None:
    """Replace the counts of a day by what its rows come to now."""
    work.session.execute(delete(DAY).where(DAY.c.day == day))
    none = {"day": day, "channel": "", "voice": "", **dict.fromkeys(COUNTS, 0)}
    rows = [vars(each) for each in _count(work, _midnight(day), _midnight(day + ONE))]
    work.session.execute(insert(DAY), [none, *rows])


def _kept_days(work: Work, first: date, last: date) -> set[date]:
    query = select(DAY.c.day).where(DAY.c.day >= first, DAY.c.day < last, DAY.c.channel == "")
    return set(work.session.scalars(query))


def _count(work: Work, since: datetime, until: datetime) -> Iterator[Heard]:
    item = FeedbackItem
    day = utc_day(work, item.said_at)
    ended = exists().where(
        Attribution.item_id == item.id, Attribution.valid_to.is_(None),
        Attribution.instance_id == ProcessInstance.id, ProcessInstance.ended_at.is_not(None),
    )  # fmt: skip
    acted = or_(item.decision.is_not(None), item.answered_at.is_not(None), item.distributed_to.is_not(None), ended)
    sums = (_how_many(each) for each in (placed(), followed_up(), acted))
    rows = work.session.execute(
        select(day.label("said_on"), item.channel, item.voice, func.count(), *sums)
        .where(item.current, item.said_at >= since, item.said_at < until)
        # By the label's name: repeated, its parameter would make it another expression to PostgreSQL.
        .group_by(text("said_on"), item.channel, item.voice)
    )
    for row in rows:
        yield Heard(as_date(row[0]), row[1], str(row[2]), *(int(each) for each in row[3:]))


def _how_many(so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(as_type(case((so, 1), else_=0), Integer))


def utc_day(work: Work, at: Any) -> ColumnElement[Any]:
    """SQLite keeps instants in UTC; PostgreSQL tells the day of the session's zone unless it is named."""
    postgres = work.session.get_bind().dialect.name == "postgresql"
    return func.date(func.timezone("UTC", at)) if postgres else func.date(at)


def as_date(value: object) -> date:
    """A day as either database gives it."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)
