"""Tasks that somebody held when it was last looked: what changed about them changes the days that they were held.

A day that is over holds a task as it was then. So it changes only when somebody else turns out to have held it, when
it was let go (then nobody did), or when it ended before that day. The day on which a task was opened counts how long
it waited: it changes with each of these, too.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, text

from bpm.engine.models import ActivityInstance, ProcessInstance, WorkItem
from bpm.engine.models.waiting import OPEN_ITEM
from bpm.engine.status import RUNNING
from bpm.foundation.work import Work
from bpm.processes.changes.marks import Day, day_of, days_between
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
    opened: set[tuple[Day, int]]
    """(the day of a version on which a task was opened, its case), of those that are new, changed or gone."""
    fresh: Mapping[int, tuple[str, date]]
    """{visit: (its mark, since when it is held)}, of those that are new or changed"""
    gone: Collection[int]


def find_held(work: Work) -> Held:
    """What changed about held tasks; reads only."""
    kept = {row.visit_id: (row.mark, row.claimed_on) for row in work.session.execute(select(HELD))}
    marked = {row.id: row for row in _rows(work, *_HELD_NOW)}
    now = {visit: (_mark(row), day_of(row.claimed_at)) for visit, row in marked.items()}
    today, days = day_of(work.now()), set[date]()
    fresh = {visit: told for visit, told in now.items() if kept.get(visit) != told}
    for visit, (_name, claimed_on) in fresh.items():
        days.update(days_between(min(claimed_on, kept.get(visit, ("", claimed_on))[1]), today))
    gone = kept.keys() - now.keys()
    ended = {row.id: row for row in _of(work, gone)}
    for visit in gone:
        mark, claimed_on = kept[visit]
        row = ended.get(visit)
        same = row is not None and row.closed_at is not None and row.claimed_at is not None and _mark(row) == mark
        days.update(days_between(day_of(row.closed_at) if row is not None and same else claimed_on, today))
    changed = [*(marked[visit] for visit in fresh), *ended.values()]
    opened = {((row.version_id, day_of(row.opened_at)), row.instance_id) for row in changed}
    return Held(days, opened, fresh, gone)


def keep_held(work: Work, held: Held) -> None:
    """Note what was found, so that the next look starts from it."""
    old = sorted({*held.gone, *held.fresh})
    for start in range(0, len(old), CHUNK):
        work.session.execute(delete(HELD).where(HELD.c.visit_id.in_(old[start : start + CHUNK])))
    rows = [{"visit_id": each, "mark": mark, "claimed_on": day} for each, (mark, day) in held.fresh.items()]
    if rows:
        work.session.execute(insert(HELD), rows)


def _of(work: Work, gone: Collection[int]) -> Iterator[Any]:
    """Those that are held no more: they ended, or were let go."""
    listed = sorted(gone)
    for start in range(0, len(listed), CHUNK):
        yield from _rows(work, VISIT.id.in_(listed[start : start + CHUNK]))


_HELD_NOW = (
    text(OPEN_ITEM.replace("status", "work_item.status")), ITEM.assignee_id.is_not(None), CLAIMED_AT.is_not(None),
    ProcessInstance.status.in_(RUNNING), VISIT.closed_at.is_(None), VISIT.type.in_(BY_PEOPLE),
)  # fmt: skip
"""From the open tasks' side: visits that ended are many, and so are cases that run and wait for anybody."""


def _rows(work: Work, *conditions: ColumnElement[bool] | Any) -> Iterator[Any]:
    yield from work.session.execute(
        select(
            VISIT.id, VISIT.instance_id, VISIT.version_id, VISIT.opened_at, CLAIMED_AT.label("claimed_at"),
            PERSON.label("person"), ITEM.group_key, VISIT.closed_at,
        )
        .select_from(VISIT)
        .join(ProcessInstance, VISIT.instance_id == ProcessInstance.id)
        .outerjoin(ITEM, OF_VISIT)
        .where(*conditions)
    )  # fmt: skip


def _mark(row: Any) -> str:
    return f"{row.claimed_at.isoformat()} {row.person or ''} {row.group_key or ''}"
