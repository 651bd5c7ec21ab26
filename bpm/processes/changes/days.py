"""Which days things stand on: what was said and promised, what it is linked to, when its cases began."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem, Promise
from bpm.foundation.work import Work
from bpm.processes.changes.marks import CASE, ITEM, Changes, day_of
from bpm.processes.models import Attribution, Gesture

CHUNK = 500


def note_items(work: Work, found: Changes, ids: Iterable[int]) -> None:
    """Days on which those items were said, and on which the cases began that they are linked to."""
    wanted = sorted(set(ids))
    for some in chunks(wanted):
        said = select(FeedbackItem.said_at).where(FeedbackItem.id.in_(some), FeedbackItem.said_at.is_not(None))
        found.heard |= {day_of(at) for at in work.session.scalars(said.distinct()) if at is not None}
    note_links(work, found, Attribution.item_id, wanted)


def note_spent(work: Work, found: Changes, ids: Iterable[int]) -> None:
    """Days of the daybook that those items are in: when they were said, given something for, their cases began."""
    one = aliased(FeedbackItem)
    for some in chunks(sorted(set(ids))):
        lasting = select(func.coalesce(one.first_id, one.id)).where(one.id.in_(some))
        versions = select(one.id).where(one.id.in_(lasting) | one.first_id.in_(lasting))
        said = select(FeedbackItem.id, FeedbackItem.placed_at).where(FeedbackItem.id.in_(some))
        given = select(Gesture.item_id, Gesture.at).where(Gesture.item_id.in_(versions))
        for query in (said, given):
            for item_id, at in work.session.execute(query):
                found.add_line(day_of(at), ITEM, item_id)
        cases = select(Attribution.instance_id).where(
            Attribution.item_id.in_(some), Attribution.instance_id.is_not(None)
        )
        for case, _version, at in _began(work, {each for each in work.session.scalars(cases) if each is not None}):
            found.add_line(day_of(at), CASE, case)


def note_starts(work: Work, found: Changes, cases: Iterable[int]) -> None:
    """Days on which those cases began."""
    for case, _version, at in note_cases(work, found, cases):
        found.add_line(day_of(at), CASE, case)


def note_cases(work: Work, found: Changes, cases: Iterable[int]) -> list[tuple[int, int, datetime]]:
    """The same of sums alone; (case, the version that it began in, when) of each."""
    rows = list(_began(work, cases))
    for case, version, at in rows:
        found.add_case((version, day_of(at)), case)
    return rows


def note_links(work: Work, found: Changes, column: InstrumentedAttribute[Any], ids: Iterable[int]) -> None:
    """Days of the items of those links: when they were said, what was promised about them is due, their cases began."""
    link, item = Attribution, FeedbackItem
    for some in chunks(sorted(set(ids))):
        query = select(link.version_id, item.id, item.said_at).join(item, item.id == link.item_id)
        for version, item_id, at in work.session.execute(query.where(column.in_(some), item.said_at.is_not(None))):
            if at is not None:
                found.add_item((version, day_of(at)), item_id)
                found.heard.add(day_of(at))
        promised = select(link.version_id, link.item_id, Promise.until_at).join(
            Promise, Promise.item_id == link.item_id
        )
        for version, item_id, at in work.session.execute(promised.where(column.in_(some))):
            found.add_item((version, day_of(at)), item_id)
        cases = select(link.instance_id).where(column.in_(some), link.instance_id.is_not(None)).distinct()
        note_cases(work, found, {each for each in work.session.scalars(cases) if each is not None})


def _began(work: Work, cases: Iterable[int]) -> Iterator[tuple[int, int, datetime]]:
    """(case, the version that it began in, when) of each."""
    of = ProcessInstance
    query = select(of.id, func.coalesce(of.began_version_id, of.version_id), of.started_at)
    for some in chunks(sorted(set(cases))):
        for row in work.session.execute(query.where(of.id.in_(some))):
            yield row[0], row[1], row[2]


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, so many at a time as a statement takes."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
