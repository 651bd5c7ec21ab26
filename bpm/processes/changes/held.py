"""Tasks that somebody held when it was last looked: what changed about them changes the days that they were held.

A day that is over holds a task as it was then. So it changes only when somebody else turns out to have held it, when
it was let go (then nobody did), or when it ended before that day.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select

from bpm.engine.models import ActivityInstance, ProcessInstance, WorkItem
from bpm.engine.status import RUNNING
from bpm.foundation.work import Work
from bpm.processes.changes.marks import day_of, days_between
from bpm.processes.daybook.models import HeldTask

BY_PEOPLE = ("userTask", "manualTask")
CHUNK = 500
HELD = cast("Table", HeldTask.__table__)

VISIT, ITEM = ActivityInstance, WorkItem
CLAIMED_AT = func.coalesce(VISIT.claimed_at, ITEM.claimed_at)
PERSON = func.coalesce(ITEM.completed_by, VISIT.actor_id, ITEM.assignee_id)
OF_VISIT = and_(ITEM.instance_id == VISIT.instance_id, ITEM.uid == VISIT.uid)


@dataclass(frozen=True)
class Held:
    """Days that hold other work than before, and the rows to keep so that they are not found again."""

    days: set[date]
    fresh: Mapping[int, tuple[str, date]]
    """{visit: (its mark, since when it is held)}, of those that are new or changed"""
    gone: Collection[int]


def find_held(work: Work) -> Held:
    """What changed about held tasks; reads only."""
    kept = {row.visit_id: (row.mark, row.claimed_on) for row in work.session.execute(select(HELD))}
    now = {visit: (mark, day_of(at)) for visit, mark, at, _closed in _marks(work, *_HELD_NOW)}
    today, days = day_of(work.now()), set[date]()
    fresh = {visit: told for visit, told in now.items() if kept.get(visit) != told}
    for visit, (_mark, claimed_on) in fresh.items():
        days.update(days_between(min(claimed_on, kept.get(visit, ("", claimed_on))[1]), today))
    gone = kept.keys() - now.keys()
    ended = dict(_ended(work, gone))
    for visit in gone:
        mark, claimed_on = kept[visit]
        same = visit in ended and ended[visit][0] == mark
        days.update(days_between(ended[visit][1] if same else claimed_on, today))
    return Held(days, fresh, gone)


def keep_held(work: Work, held: Held) -> None:
    """Note what was found, so that the next look starts from it."""
    old = sorted({*held.gone, *held.fresh})
    for start in range(0, len(old), CHUNK):
        work.session.execute(delete(HELD).where(HELD.c.visit_id.in_(old[start : start + CHUNK])))
    rows = [{"visit_id": each, "mark": mark, "claimed_on": day} for each, (mark, day) in held.fresh.items()]
    if rows:
        work.session.execute(insert(HELD), rows)


def _ended(work: Work, gone: Collection[int]) -> Iterator[tuple[int, tuple[str, date]]]:
    """(visit, (its mark, the day it ended)) of those that ended."""
    listed = sorted(gone)
    for start in range(0, len(listed), CHUNK):
        them = VISIT.id.in_(listed[start : start + CHUNK])
        for visit, mark, _at, closed in _marks(work, them, VISIT.closed_at.is_not(None)):
            yield visit, (mark, day_of(closed))


_HELD_NOW = (ProcessInstance.status.in_(RUNNING), VISIT.closed_at.is_(None), VISIT.type.in_(BY_PEOPLE))
"""From the cases' side: visits that ended are many, cases that run are few."""


def _marks(work: Work, *conditions: ColumnElement[bool]) -> Iterator[tuple[int, str, datetime, Any]]:
    rows = work.session.execute(
        select(VISIT.id, CLAIMED_AT.label("claimed_at"), PERSON.label("person"), ITEM.group_key, VISIT.closed_at)
        .select_from(ProcessInstance)
        .join(VISIT, VISIT.instance_id == ProcessInstance.id)
        .outerjoin(ITEM, OF_VISIT)
        .where(CLAIMED_AT.is_not(None), *conditions)
    )
    for row in rows:
        mark = f"{row.claimed_at.isoformat()} {row.person or ''} {row.group_key or ''}"
        yield row.id, mark, row.claimed_at, row.closed_at
