"""Looks at rows that came in or changed behind a mark: each names the days that they change."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.feedback.models import Classification, Decision, Distribution, FeedbackItem, ImportRun, Reply
from bpm.foundation.work import Work
from bpm.processes.escapes.models import Escape
from bpm.processes.models import Attribution

SETTLES = timedelta(minutes=2)
"""A row that is younger may not be the last to come in below its place."""
MOST = 20_000
"""Rows of a kind that one look goes through; the rest is for the next one."""
FIRST = datetime(1970, 1, 1, tzinfo=UTC)

Day = tuple[int, date]
"""(version, day in UTC)"""


@dataclass(frozen=True)
class Mark:
    """Rows up to that id, or that instant, are never looked at again."""

    settled: int = 0
    settled_at: datetime = FIRST


@dataclass
class Changes:
    """Days that changed, the marks to go on from, and whether there is more to look at."""

    days: set[Day]
    marks: dict[str, Mark]
    more: bool = False
    heard: set[date] = field(default_factory=set)
    """Days on which something was said that is placed, followed up or acted on otherwise than before."""


def day_of(at: datetime) -> date:
    """Its day in UTC."""
    return at.astimezone(UTC).date()


def _note(found: Changes, name: str, mark: Mark, rows: Sequence[Any], now: datetime) -> None:
    """Set the mark behind the last row that is old enough; `rows` are (id, instant, ...) in order of the id."""
    old = [row for row in rows if row[1] <= now - SETTLES]
    last = max((row[0] for row in old), default=mark.settled)
    found.marks[name] = Mark(max(last, mark.settled), FIRST)
    found.more = found.more or len(rows) == MOST


def _visits(work: Work, name: str, mark: Mark, found: Changes) -> None:
    visit, case = ActivityInstance, ProcessInstance
    rows = work.session.execute(
        select(
            visit.id, visit.opened_at, visit.version_id, case.started_at,
            func.coalesce(case.began_version_id, case.version_id),
        )
        .join(case, case.id == visit.instance_id)
        .where(visit.id > mark.settled)
        .order_by(visit.id)
        .limit(MOST)
    ).all()  # fmt: skip
    for _id, opened, version_id, began, began_in in rows:
        found.days |= {(version_id, day_of(opened)), (began_in, day_of(began))}
    _note(found, name, mark, rows, work.now())


def _links(work: Work, name: str, mark: Mark, found: Changes) -> None:
    link = Attribution
    rows = work.session.execute(
        select(link.id, link.valid_from, link.item_id, link.instance_id)
        .where(link.id > mark.settled)
        .order_by(link.id)
        .limit(MOST)
    ).all()
    _note_links(work, found, Attribution.id, [row[0] for row in rows])
    found.days |= _starts(work, {row[3] for row in rows if row[3] is not None})
    _note(found, name, mark, rows, work.now())


def _ended_links(work: Work, name: str, mark: Mark, found: Changes) -> None:
    since = mark.settled_at
    rows = work.session.execute(
        select(Attribution.id, Attribution.valid_to, Attribution.instance_id)
        .where(Attribution.valid_to >= since).order_by(Attribution.valid_to).limit(MOST)
    ).all()  # fmt: skip
    _note_links(work, found, Attribution.id, [row[0] for row in rows])
    found.days |= _starts(work, {row[2] for row in rows if row[2] is not None})
    _note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _note_instants(found: Changes, name: str, mark: Mark, instants: Sequence[datetime], now: datetime) -> None:
    full = len(instants) == MOST
    latest = max(instants) if full else now - SETTLES
    found.marks[name] = Mark(0, max(mark.settled_at, min(latest, now - SETTLES)))
    found.more = found.more or full


def _by_item(model: Any, at: InstrumentedAttribute[Any]) -> Callable[[Work, str, Mark, Changes], None]:
    """A look at rows that say something new about an item."""

    def look(work: Work, name: str, mark: Mark, found: Changes) -> None:
        rows = work.session.execute(
            select(model.id, at, model.item_id).where(model.id > mark.settled).order_by(model.id).limit(MOST)
        ).all()
        _note_items(work, found, {row[2] for row in rows})
        _note(found, name, mark, rows, work.now())

    return look


def _replies(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """An answer in a conversation is one to all that was said in it before."""
    said, beside = aliased(FeedbackItem), aliased(FeedbackItem)
    rows = work.session.execute(
        select(Reply.id, Reply.sent_at, beside.id)
        .join(said, said.id == Reply.item_id)
        .join(beside, beside.conversation_id == said.conversation_id)
        .where(Reply.sent_at >= mark.settled_at)
        .order_by(Reply.sent_at)
        .limit(MOST)
    ).all()
    _note_items(work, found, {row[2] for row in rows})
    _note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _ended_cases(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """What was said about a case is acted on when it ends; and its own day counts it as one that ended."""
    case = ProcessInstance
    rows = work.session.execute(
        select(case.id, case.ended_at).where(case.ended_at >= mark.settled_at).order_by(case.ended_at).limit(MOST)
    ).all()
    ids = {row[0] for row in rows}
    found.days |= _starts(work, ids)
    _note_links(work, found, Attribution.instance_id, ids)
    _note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _escapes(work: Work, name: str, mark: Mark, found: Changes) -> None:
    query = select(Escape.id, Escape.said_at, Escape.version_id).where(Escape.id > mark.settled)
    rows = work.session.execute(query.order_by(Escape.id).limit(MOST)).all()
    found.days |= {(version, day_of(at)) for _id, at, version in rows if version is not None}
    _note(found, name, mark, rows, work.now())


def _set_apart(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Items that were set apart as unwanted are current no more, without a new row."""
    item = FeedbackItem
    rows = work.session.execute(
        select(item.id, item.held_at).where(item.held_at >= mark.settled_at).order_by(item.held_at).limit(MOST)
    ).all()
    _note_items(work, found, {row[0] for row in rows})
    _note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _note_items(work: Work, found: Changes, ids: Iterable[int]) -> None:
    """Days on which those items were said, and on which the cases began that they are linked to."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        said = select(FeedbackItem.said_at).where(
            FeedbackItem.id.in_(wanted[start : start + 500]), FeedbackItem.said_at.is_not(None)
        )
        found.heard |= {day_of(at) for at in work.session.scalars(said.distinct()) if at is not None}
    _note_links(work, found, Attribution.item_id, wanted)


def _note_links(work: Work, found: Changes, column: InstrumentedAttribute[Any], ids: Iterable[int]) -> None:
    """Days on which the items of those links were said, and on which the cases that they hang on began."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        rows = work.session.execute(
            select(Attribution.version_id, FeedbackItem.said_at)
            .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
            .where(column.in_(wanted[start : start + 500]), FeedbackItem.said_at.is_not(None))
        )
        for version, at in rows:
            if at is not None:
                found.days.add((version, day_of(at)))
                found.heard.add(day_of(at))
        cases = work.session.scalars(
            select(Attribution.instance_id)
            .where(column.in_(wanted[start : start + 500]), Attribution.instance_id.is_not(None)).distinct()
        )  # fmt: skip
        found.days |= _starts(work, {each for each in cases if each is not None})


def _items(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """What was said newly, and what it takes the place of: an edit at the source is a new row."""
    item, before = FeedbackItem, aliased(FeedbackItem)
    rows = work.session.execute(
        select(item.id, item.received_at, item.said_at, before.said_at)
        .outerjoin(before, before.id == item.supersedes_id)
        .where(item.id > mark.settled).order_by(item.id).limit(MOST)
    ).all()  # fmt: skip
    found.heard |= {day_of(at) for row in rows for at in (row[2], row[3]) if at is not None}
    _note(found, name, mark, rows, work.now())


def _starts(work: Work, cases: Iterable[int]) -> set[Day]:
    wanted, found = sorted(set(cases)), set()
    for start in range(0, len(wanted), 500):
        rows = work.session.execute(
            select(
                func.coalesce(ProcessInstance.began_version_id, ProcessInstance.version_id), ProcessInstance.started_at
            ).where(ProcessInstance.id.in_(wanted[start : start + 500]))
        )
        found |= {(row[0], day_of(row[1])) for row in rows}
    return found


def _undone_imports(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Items of an import that was undone are current no more, without a new row."""
    run = ImportRun
    rows = work.session.execute(
        select(run.id, run.undone_at).where(run.undone_at >= mark.settled_at).order_by(run.undone_at)
    ).all()
    items = select(FeedbackItem.id).where(FeedbackItem.import_run_id.in_([row[0] for row in rows]))
    if rows:
        _note_items(work, found, work.session.scalars(items))
    _note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


@dataclass(frozen=True)
class Look:
    """How rows of one kind are looked at; `by_id` None: they are found by the instant alone."""

    find: Callable[[Work, str, Mark, Changes], None]
    by_id: InstrumentedAttribute[int] | None
    at: InstrumentedAttribute[Any]

    def newest(self, work: Work) -> Mark:
        """Where to go on once everything was summed: behind the newest row that is old enough."""
        limit = work.now() - SETTLES
        if self.by_id is None:
            return Mark(0, limit)
        query = select(self.by_id).where(self.at <= limit).order_by(self.by_id.desc()).limit(1)
        return Mark(work.session.scalar(query) or 0)


LOOKS = {
    "items": Look(_items, FeedbackItem.id, FeedbackItem.received_at),
    "visits": Look(_visits, ActivityInstance.id, ActivityInstance.opened_at),
    "links": Look(_links, Attribution.id, Attribution.valid_from),
    "ended links": Look(_ended_links, None, Attribution.valid_to),
    "claims": Look(
        _by_item(Classification, Classification.classified_at), Classification.id, Classification.classified_at
    ),
    "decisions": Look(_by_item(Decision, Decision.at), Decision.id, Decision.at),
    "distributions": Look(_by_item(Distribution, Distribution.at), Distribution.id, Distribution.at),
    "replies": Look(_replies, None, Reply.sent_at),
    "ended cases": Look(_ended_cases, None, ProcessInstance.ended_at),
    "escapes": Look(_escapes, Escape.id, Escape.said_at),
    "set apart": Look(_set_apart, None, FeedbackItem.held_at),
    "undone imports": Look(_undone_imports, None, ImportRun.undone_at),
}
