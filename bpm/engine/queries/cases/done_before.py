"""The same task in finished cases: what was entered there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select

from bpm.engine.models import ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.status import ENDED, WorkItemStatus
from bpm.engine.work_items.access import visible_to
from bpm.foundation.work import Work

ITEM = cast("Table", WorkItem.__table__)
LOOKED_AT = 5_000
"""Tasks done last, of all processes, among which the same one is looked for."""
MOST = 200


@dataclass(frozen=True)
class DoneBefore:
    """The task as it was done in another case of the same process."""

    item_id: int
    instance_id: int
    business_key: str | None
    completed_at: datetime
    result: dict[str, Any]


def same_task_done_before(work: Work, item_id: int) -> tuple[DoneBefore, ...]:
    """The latest of the same process and element that the actor may see, whose cases have ended."""
    here = (
        select(ITEM.c.element, ITEM.c.instance_id, ProcessVersion.definition_id)
        .join(ProcessVersion, ProcessVersion.id == func.coalesce(ITEM.c.called_version_id, ITEM.c.version_id))
        .where(ITEM.c.id == item_id)
        .subquery()
    )
    last = (
        select(ITEM.c.id).where(ITEM.c.status == WorkItemStatus.COMPLETED).order_by(ITEM.c.id.desc()).limit(LOOKED_AT)
    )
    query = (
        select(ITEM.c.id, ITEM.c.instance_id, ProcessInstance.business_key, ITEM.c.completed_at, ITEM.c.result)
        .join(ProcessInstance, ProcessInstance.id == ITEM.c.instance_id)
        .join(ProcessVersion, ProcessVersion.id == func.coalesce(ITEM.c.called_version_id, ITEM.c.version_id))
        .join(here, (here.c.element == ITEM.c.element) & (here.c.definition_id == ProcessVersion.definition_id))
        .where(ITEM.c.id.in_(last), ITEM.c.instance_id != here.c.instance_id)
        .where(ProcessInstance.status.in_(ENDED), visible_to(work.actor))
        .order_by(ITEM.c.id.desc())
        .limit(MOST)
    )
    return tuple(
        DoneBefore(row.id, row.instance_id, row.business_key, row.completed_at, row.result or {})
        for row in work.session.execute(query)
    )
