"""Which days changed since they were summed or written into the daybook, of which versions.

1. New rows are found by id, changed ones by the instant of their change: each kind has a mark up to which it was
   looked at. A row below a mark may still come in (a transaction that began earlier ends later), so a mark never goes
   nearer to now than `SETTLES`: what lies behind it is looked at again.
2. A visit that ends or is taken leaves no new row. The open visits of a day have a name (`open_mark`); a day whose
   name changed since it was summed has changed.
3. Asking twice gives the same days: it reads only. The sweep writes marks and due days in one transaction.
"""

import hashlib
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import and_, func, or_, select

from bpm.engine.models import ActivityInstance, ProcessInstance, WorkItem
from bpm.engine.status import RUNNING
from bpm.foundation.work import Work
from bpm.processes.changes.held import find_held
from bpm.processes.changes.looks import LOOKS
from bpm.processes.changes.marks import MEASURES, SPENT, Changes, Day, Mark, day_of
from bpm.processes.measures.models import MeasuredDay, MeasureMark


def find_changes(work: Work, version_id: int | None = None, *, tell: str = "") -> Changes:
    """Everything that changed since the marks; visits that ended in one version alone where it is given.

    `tell`: only what sums of measures or days of the daybook are told by (`MEASURES`, `SPENT`); empty: by either.
    """
    marks = {row.name: Mark(row.settled, row.settled_at) for row in work.session.scalars(select(MeasureMark))}
    found = Changes(set(), {})
    for name, look in LOOKS.items():
        if not tell or tell in look.tells:
            look.find(work, name, marks.get(name, Mark()), found)
    if tell != SPENT:
        found.days |= _reopened(work, version_id)
    if tell != MEASURES:
        found.spent |= find_held(work).days
    return found


def open_marks(work: Work, version_id: int | None = None, day: date | None = None) -> dict[Day, str]:
    """{day: name of its open visits}, read from the cases' side: visits that ended are many, cases that run are few."""
    visit, case, item = ActivityInstance, ProcessInstance, WorkItem
    query = (
        select(visit.version_id, visit.opened_at, visit.id, func.coalesce(visit.claimed_at, item.claimed_at))
        .select_from(case)
        .join(visit, visit.instance_id == case.id)
        .outerjoin(item, and_(item.instance_id == visit.instance_id, item.uid == visit.uid))
        .where(case.status.in_(RUNNING), visit.closed_at.is_(None))
    )
    if version_id is not None:
        query = query.where(visit.version_id + 0 == version_id)  # never all visits of the version
    if day is not None:
        begin = datetime.combine(day, datetime.min.time(), UTC)
        query = query.where(visit.opened_at >= begin, visit.opened_at < begin + timedelta(days=1))
    open_: dict[Day, list[tuple[int, str]]] = defaultdict(list)
    for version, opened, visit_id, claimed in work.session.execute(query):
        open_[version, day_of(opened)].append((visit_id, claimed.isoformat() if claimed else ""))
    return {at: hashlib.md5(repr(sorted(them)).encode(), usedforsecurity=False).hexdigest()
            for at, them in open_.items()}  # fmt: skip


def _reopened(work: Work, version_id: int | None) -> set[Day]:
    """Days that are summed and whose open visits are others now."""
    now = open_marks(work, version_id)
    query = select(MeasuredDay.version_id, MeasuredDay.day, MeasuredDay.open_mark).where(
        or_(MeasuredDay.open_mark != "", MeasuredDay.day.in_({day for _, day in now}))
    )
    if version_id is not None:
        query = query.where(MeasuredDay.version_id == version_id)
    kept = {(row[0], row[1]): row[2] for row in work.session.execute(query)}
    return {at for at, mark in kept.items() if now.get(at, "") != mark}
