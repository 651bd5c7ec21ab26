"""Groups in which more tasks are open than may be: one line above the list of tasks."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.work import Work
from bpm.identity.models import Group


@dataclass(frozen=True)
class OverLimit:
    name: str
    open_tasks: int
    limit: int


def over_limits(work: Work, limits: dict[str, int], groups: Collection[str]) -> tuple[OverLimit, ...]:
    """Of these groups those above their limit, by name; reads nothing where none of them has one."""
    wanted = sorted(set(limits) & set(groups))
    if not wanted:
        return ()
    rows = work.session.execute(
        select(Group.key, Group.name, func.count(WorkItem.id))
        .join(WorkItem, WorkItem.group_key == Group.key)
        .where(Group.key.in_(wanted), WorkItem.status == WorkItemStatus.OPEN)
        .group_by(Group.key, Group.name)
        .order_by(Group.name)
    )
    return tuple(OverLimit(name, count, limits[key]) for key, name, count in rows if count > limits[key])
