"""Which days things stand on: what was said, what it is linked to, when its cases began."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.changes.marks import Changes, Day, day_of
from bpm.processes.models import Attribution, Gesture


def note_items(work: Work, found: Changes, ids: Iterable[int]) -> None:
    """Days on which those items were said, and on which the cases began that they are linked to."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        said = select(FeedbackItem.said_at).where(
            FeedbackItem.id.in_(wanted[start : start + 500]), FeedbackItem.said_at.is_not(None)
        )
        found.heard |= {day_of(at) for at in work.session.scalars(said.distinct()) if at is not None}
    note_links(work, found, Attribution.item_id, wanted)


def note_spent(work: Work, found: Changes, ids: Iterable[int]) -> None:
    """Days of the daybook that those items are in: when they were said, given something for, their cases began."""
    wanted, one = sorted(set(ids)), aliased(FeedbackItem)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        lasting = select(func.coalesce(one.first_id, one.id)).where(one.id.in_(some))
        versions = select(one.id).where(one.id.in_(lasting) | one.first_id.in_(lasting))
        said = select(FeedbackItem.placed_at).where(FeedbackItem.id.in_(some))
        given = select(Gesture.at).where(Gesture.item_id.in_(versions))
        found.spent |= {day_of(at) for query in (said, given) for at in work.session.scalars(query)}
        cases = select(Attribution.instance_id).where(
            Attribution.item_id.in_(some), Attribution.instance_id.is_not(None)
        )
        found.spent |= {at for _version, at in starts(work, {c for c in work.session.scalars(cases) if c is not None})}


def note_starts(work: Work, found: Changes, cases: Iterable[int]) -> None:
    """Days on which those cases began."""
    days = starts(work, cases)
    found.days |= days
    found.spent |= {day for _version, day in days}


def note_links(work: Work, found: Changes, column: InstrumentedAttribute[Any], ids: Iterable[int]) -> None:
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
        found.days |= starts(work, {each for each in cases if each is not None})


def starts(work: Work, cases: Iterable[int]) -> set[Day]:
    """On which those cases began, and in which versions."""
    wanted, found = sorted(set(cases)), set()
    for start in range(0, len(wanted), 500):
        rows = work.session.execute(
            select(
                func.coalesce(ProcessInstance.began_version_id, ProcessInstance.version_id), ProcessInstance.started_at
            ).where(ProcessInstance.id.in_(wanted[start : start + 500]))
        )
        found |= {(row[0], day_of(row[1])) for row in rows}
    return found
