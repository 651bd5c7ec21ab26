"""Looks at rows that came in or changed behind a mark: each names the days that they change."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.feedback.models import (
    Classification,
    Conversation,
    ConversationLink,
    Customer,
    CustomerChange,
    Decision,
    Distribution,
    FeedbackItem,
    ImportRun,
    Promise,
    Reply,
)
from bpm.foundation.work import Work
from bpm.processes.changes import again
from bpm.processes.changes.days import chunks, note_cases, note_items, note_links, note_spent, note_starts
from bpm.processes.changes.marks import (
    BOTH,
    CASE,
    MEASURES,
    MOST,
    SETTLES,
    SPENT,
    Changes,
    Finder,
    Mark,
    day_of,
    days_between,
    note_instants,
    note_rows,
)
from bpm.processes.escapes.models import Escape
from bpm.processes.models import Attribution, Gesture


def _visits(work: Work, name: str, mark: Mark, found: Changes) -> None:
    visit, case = ActivityInstance, ProcessInstance
    rows = work.session.execute(
        select(
            visit.id, visit.opened_at, visit.version_id, case.started_at,
            func.coalesce(case.began_version_id, case.version_id), visit.closed_at, case.id.label("case_id"),
        )
        .join(case, case.id == visit.instance_id)
        .where(visit.id > mark.settled)
        .order_by(visit.id)
        .limit(MOST)
    ).all()  # fmt: skip
    for _id, opened, version_id, began, began_in, closed, case_id in rows:
        found.add_case((version_id, day_of(opened)), case_id)
        found.add_case((began_in, day_of(began)), case_id)
        found.add_line(day_of(began), CASE, case_id)
        found.spent.update(days_between(day_of(opened), day_of(closed or opened)))
    note_rows(found, name, mark, rows, work.now())


def _ended_visits(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """A visit that ends leaves no new row; the day on which it was opened counts how long it took."""
    visit = ActivityInstance
    rows = work.session.execute(
        select(visit.id, visit.closed_at, visit.version_id, visit.opened_at, visit.instance_id)
        .where(visit.closed_at >= mark.settled_at).order_by(visit.closed_at).limit(MOST)
    ).all()  # fmt: skip
    for _id, _closed, version_id, opened, case_id in rows:
        found.add_case((version_id, day_of(opened)), case_id)
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _promises(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Promises count on the day on which they are due, in the versions that their items are linked to."""
    rows = work.session.execute(
        select(Promise.id, Promise.changed_at, Promise.item_id)
        .where(Promise.changed_at >= mark.settled_at).order_by(Promise.changed_at).limit(MOST)
    ).all()  # fmt: skip
    for some in chunks([row[0] for row in rows]):
        due = select(Attribution.version_id, Promise.item_id, Promise.until_at)
        due = due.join(Promise, Promise.item_id == Attribution.item_id).where(Promise.id.in_(some))
        for version_id, item_id, until in work.session.execute(due):
            found.add_item((version_id, day_of(until)), item_id or 0)
    note_instants(found, name, mark, [row[1] for row in rows], work.now())


def _links(work: Work, name: str, mark: Mark, found: Changes) -> None:
    link = Attribution
    rows = work.session.execute(
        select(link.id, link.valid_from, link.item_id, link.instance_id)
        .where(link.id > mark.settled)
        .order_by(link.id)
        .limit(MOST)
    ).all()
    note_links(work, found, Attribution.id, [row[0] for row in rows])
    note_spent(work, found, {row[2] for row in rows})
    note_starts(work, found, {row[3] for row in rows if row[3] is not None})
    note_rows(found, name, mark, rows, work.now())


def _ended_links(work: Work, name: str, mark: Mark, found: Changes) -> None:
    since = mark.settled_at
    rows = work.session.execute(
        select(Attribution.id, Attribution.valid_to, Attribution.instance_id, Attribution.item_id)
        .where(Attribution.valid_to >= since).order_by(Attribution.valid_to).limit(MOST)
    ).all()  # fmt: skip
    note_links(work, found, Attribution.id, [row[0] for row in rows])
    note_spent(work, found, {row[3] for row in rows})
    note_starts(work, found, {row[2] for row in rows if row[2] is not None})
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _by_item(model: Any, at: Any, *, measures: bool = True, spent: bool = False) -> Finder:
    """A look at rows that say something new about an item: to measures, to the daybook."""

    def look(work: Work, name: str, mark: Mark, found: Changes) -> None:
        rows = work.session.execute(
            select(model.id, at, model.item_id).where(model.id > mark.settled).order_by(model.id).limit(MOST)
        ).all()
        items = {row[2] for row in rows}
        if measures:
            note_items(work, found, items)
        if spent:
            note_spent(work, found, items)
        note_rows(found, name, mark, rows, work.now())

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
    note_items(work, found, {row[2] for row in rows})
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _ended_cases(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """What was said about a case is acted on when it ends; and its own day counts it as one that ended."""
    case = ProcessInstance
    rows = work.session.execute(
        select(case.id, case.ended_at).where(case.ended_at >= mark.settled_at).order_by(case.ended_at).limit(MOST)
    ).all()
    ids = {row[0] for row in rows}
    note_cases(work, found, ids)
    found.spent |= {day_of(row[1]) for row in rows if row[1]}
    note_links(work, found, Attribution.instance_id, ids)
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _escapes(work: Work, name: str, mark: Mark, found: Changes) -> None:
    query = select(Escape.id, Escape.said_at, Escape.version_id, Escape.item_id).where(Escape.id > mark.settled)
    rows = work.session.execute(query.order_by(Escape.id).limit(MOST)).all()
    for _id, at, version, item_id in rows:
        if version is not None:
            found.add_item((version, day_of(at)), item_id)
    note_rows(found, name, mark, rows, work.now())


def _set_apart(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Items that were set apart as unwanted are current no more, without a new row."""
    item = FeedbackItem
    rows = work.session.execute(
        select(item.id, item.held_at).where(item.held_at >= mark.settled_at).order_by(item.held_at).limit(MOST)
    ).all()
    ids = {row[0] for row in rows}
    note_items(work, found, ids)
    again.note_again(work, found, ids)
    note_spent(work, found, ids)
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _decided_gestures(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """A gesture that waited for a person counts from the day it was offered on."""
    rows = work.session.execute(
        select(Gesture.id, Gesture.decided_at, Gesture.item_id)
        .where(Gesture.decided_at >= mark.settled_at).order_by(Gesture.decided_at).limit(MOST)
    ).all()  # fmt: skip
    note_spent(work, found, {row[2] for row in rows})
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def _parted(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """A conversation that others were taken apart into has their items, without a row for each."""
    rows = work.session.execute(
        select(Conversation.id, Conversation.started_at, FeedbackItem.id)
        .outerjoin(FeedbackItem, FeedbackItem.conversation_id == Conversation.id)
        .where(Conversation.id > mark.settled).order_by(Conversation.id).limit(MOST)
    ).all()  # fmt: skip
    note_spent(work, found, {row[2] for row in rows if row[2] is not None})
    note_rows(found, name, mark, rows, work.now())


def _items(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """What was said newly, and what it takes the place of: an edit at the source is a new row."""
    item, before = FeedbackItem, aliased(FeedbackItem)
    rows = work.session.execute(
        select(item.id, item.received_at, item.said_at, before.said_at, before.id)
        .outerjoin(before, before.id == item.supersedes_id)
        .where(item.id > mark.settled).order_by(item.id).limit(MOST)
    ).all()  # fmt: skip
    found.heard |= {day_of(at) for row in rows for at in (row[2], row[3]) if at is not None}
    ids = {each for row in rows for each in (row[0], row[4]) if each is not None}
    again.note_again(work, found, ids)
    note_spent(work, found, ids)
    note_rows(found, name, mark, rows, work.now())


def _undone_imports(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Items of an import that was undone are current no more, without a new row."""
    run = ImportRun
    rows = work.session.execute(
        select(run.id, run.undone_at).where(run.undone_at >= mark.settled_at).order_by(run.undone_at)
    ).all()
    items = select(FeedbackItem.id).where(FeedbackItem.import_run_id.in_([row[0] for row in rows]))
    if rows:
        undone = list(work.session.scalars(items))
        note_items(work, found, undone)
        again.note_again(work, found, undone)
        note_spent(work, found, undone)
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


@dataclass(frozen=True)
class Look:
    """How rows of one kind are looked at; `by_id` None: they are found by the instant alone."""

    find: Finder
    by_id: InstrumentedAttribute[int] | None
    at: InstrumentedAttribute[Any]
    tells: frozenset[str] = BOTH
    """Whether sums of measures or days of the daybook change by it."""
    behind: timedelta = SETTLES
    """How far behind now the instant is up to which it was looked."""

    def newest(self, work: Work) -> Mark:
        """Where to go on once everything was summed: behind the newest row that is old enough."""
        if self.by_id is None:
            return Mark(0, work.now() - self.behind)
        limit = work.now() - SETTLES
        query = select(self.by_id).where(self.at <= limit).order_by(self.by_id.desc()).limit(1)
        return Mark(work.session.scalar(query) or 0)


_MEASURES, _SPENT = frozenset((MEASURES,)), frozenset((SPENT,))
LOOKS = {
    "items": Look(_items, FeedbackItem.id, FeedbackItem.received_at),
    "visits": Look(_visits, ActivityInstance.id, ActivityInstance.opened_at),
    "ended visits": Look(_ended_visits, None, ActivityInstance.closed_at, _MEASURES),
    "promises": Look(_promises, None, Promise.changed_at, _MEASURES),
    "over": Look(again.over, None, ProcessInstance.ended_at, _MEASURES, again.AGAIN_WITHIN),
    "changed people": Look(again.changed_people, CustomerChange.id, CustomerChange.at, _MEASURES),
    "undone people": Look(again.undone_people, None, CustomerChange.undone_at, _MEASURES),
    "new people": Look(again.new_people, Customer.id, Customer.created_at, _MEASURES),
    "links": Look(_links, Attribution.id, Attribution.valid_from),
    "ended links": Look(_ended_links, None, Attribution.valid_to),
    "claims": Look(
        _by_item(Classification, Classification.classified_at, spent=True),
        Classification.id, Classification.classified_at,
    ),
    "decisions": Look(_by_item(Decision, Decision.at), Decision.id, Decision.at, _MEASURES),
    "distributions": Look(_by_item(Distribution, Distribution.at), Distribution.id, Distribution.at, _MEASURES),
    "replies": Look(_replies, None, Reply.sent_at, _MEASURES),
    "ended cases": Look(_ended_cases, None, ProcessInstance.ended_at),
    "escapes": Look(_escapes, Escape.id, Escape.said_at, _MEASURES),
    "set apart": Look(_set_apart, None, FeedbackItem.held_at),
    "undone imports": Look(_undone_imports, None, ImportRun.undone_at),
    "gestures": Look(_by_item(Gesture, Gesture.at, measures=False, spent=True), Gesture.id, Gesture.at, _SPENT),
    "decided gestures": Look(_decided_gestures, None, Gesture.decided_at, _SPENT),
    "conversations": Look(_parted, Conversation.id, Conversation.started_at, _SPENT),
    "moved items": Look(
        _by_item(ConversationLink, ConversationLink.valid_from, measures=False, spent=True),
        ConversationLink.id, ConversationLink.valid_from, _SPENT,
    ),
}  # fmt: skip
"""Every kind of row that sums and days are made of."""
