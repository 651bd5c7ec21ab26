"""Which facts the tasks of a list need and do not have: seen in the list, before anybody begins."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, select

from bpm.engine.bpmn.model import Fact
from bpm.engine.definitions.version_cache import runnable
from bpm.engine.models import ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.queries.work_items import WorkItemRow
from bpm.engine.status import WorkItemStatus
from bpm.engine.work_items.needs import is_missing, needs_of
from bpm.foundation.work import Work

ITEM = cast("Table", WorkItem.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)


def missing_facts_of(work: Work, rows: Sequence[WorkItemRow]) -> dict[int, tuple[str, ...]]:
    """{open task: labels of what it lacks}. Asks nothing where no task of the list needs to know anything."""
    opened = [row for row in rows if row.status == WorkItemStatus.OPEN]
    hashes = {row.version_id: row.content_hash for row in opened}
    called = {row.called_version_id for row in opened if row.called_version_id is not None} - set(hashes)
    if called:
        found = work.session.execute(select(VERSION.c.id, VERSION.c.content_hash).where(VERSION.c.id.in_(called)))
        hashes |= {row.id: row.content_hash for row in found}
    wanted: dict[tuple[int, str, str | None], tuple[Fact, ...]] = {}
    needs = {}
    for row in opened:
        drawn = row.called_version_id or row.version_id
        place = drawn, row.element, row.form
        if place not in wanted:
            wanted[place] = needs_of(runnable(work, drawn, hashes[drawn]), element=row.element, form=row.form)
        if wanted[place]:
            needs[row.id] = wanted[place]
    if not needs:
        return {}
    query = select(ITEM.c.id, ITEM.c.local, INSTANCE.c.variables).join(INSTANCE, INSTANCE.c.id == ITEM.c.instance_id)
    lacking = {}
    for item in work.session.execute(query.where(ITEM.c.id.in_(needs))):
        known = {**item.variables, **(item.local or {})}
        if gone := tuple(fact.label for fact in needs[item.id] if is_missing(known, fact.name)):
            lacking[item.id] = gone
    return lacking
