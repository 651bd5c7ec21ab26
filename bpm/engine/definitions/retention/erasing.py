"""How long what ended is kept: after that an instance is erased in bounded chunks, and its bare facts stay.

What goes: variables, business key, who started it, bindings, work items with drafts and results, comments, hand-overs,
attached files, jobs, subscriptions, failures, the steps on record, and who did what. What stays, because measures and
attributions read it: the visits with element and instants (when a person claimed it included), and the instance's
version, status and instants.
"""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, func, select, update

from bpm import attachments, audit, search
from bpm.engine.definitions.retention.changes import apply_due_changes
from bpm.engine.definitions.retention.spent import GOES, INSTANCE, is_over
from bpm.engine.models import ActivityInstance, ProcessVersion, WorkItem
from bpm.engine.rules.audit_names import about
from bpm.foundation.work import Transactions, Work

ACTIVITY = cast("Table", ActivityInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
ITEM = cast("Table", WorkItem.__table__)

CHUNK = 200
"""Instances erased in one transaction."""
CHUNKS = 5
"""Transactions in one sweep: other work is not kept waiting."""


def sweep_retention(unit_of_work: Transactions) -> int:
    """Erase a bounded number of instances whose time is over; gives how many."""
    apply_due_changes(unit_of_work)
    with unit_of_work.reading() as work:
        rows = work.session.execute(
            select(VERSION.c.id, VERSION.c.keep_for_days).where(VERSION.c.keep_for_days.is_not(None))
        ).all()
        limits = {row.id: work.now() - timedelta(days=row.keep_for_days) for row in rows}
        due = [version_id for version_id, until in limits.items() if _first(work, version_id, until)]
    erased = chunks = 0
    while due and chunks < CHUNKS:
        with unit_of_work() as work:
            taken = _erase_chunk(work, due[0], limits[due[0]])
        erased, chunks = erased + taken, chunks + 1
        if taken < CHUNK:
            due.pop(0)
    return erased


def _first(work: Work, version_id: int, until: datetime) -> int | None:
    return work.session.scalar(select(INSTANCE.c.id).where(*is_over(version_id, until)).limit(1))


def _erase_chunk(work: Work, version_id: int, until: datetime) -> int:
    chosen = select(INSTANCE.c.id).where(*is_over(version_id, until)).order_by(INSTANCE.c.ended_at).limit(CHUNK)
    ids = list(work.session.scalars(chosen.with_for_update(skip_locked=True, of=INSTANCE)))
    if not ids:
        return 0
    claimed = (
        select(func.max(ITEM.c.claimed_at))
        .where(ITEM.c.instance_id == ACTIVITY.c.instance_id, ITEM.c.uid == ACTIVITY.c.uid)
        .scalar_subquery()
    )
    here = ACTIVITY.c.instance_id.in_(ids)
    work.session.execute(update(ACTIVITY).where(here).values(claimed_at=claimed, actor_id=None))
    for table in GOES:
        work.session.execute(delete(table).where(table.c.instance_id.in_(ids)))
    attachments.erase(work, "case", ids)
    search.erase(work, "case", ids)
    bare = {
        "erased_at": work.now(),
        "variables": {},
        "business_key": None,
        "bindings": None,
        "started_by": None,
        "state": None,
    }
    work.session.execute(update(INSTANCE).where(INSTANCE.c.id.in_(ids)).values(bare))
    audit.erase_values(work, [about(instance_id) for instance_id in ids])
    audit.record(work, "retention.erase", audit.Thing("version", version_id), after={"cases": len(ids)})
    return len(ids)
