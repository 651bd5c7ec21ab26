"""Where a process goes from one group's work to another's, and whether the promise between them is kept (OLA).

The promise is the due date of the first task behind the crossing: as its model says, or by the service target of the
process, the element or the group. One counts when it was kept or is broken; a task without a date promised nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select

from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.work import Work
from bpm.processes.ownership.raci import Activity
from bpm.statistics import Share, share


@dataclass(frozen=True)
class LaneCrossing:
    """From one group's activity to another group's task, with what became of the promises of a period."""

    before: Activity
    task: Activity
    tasks: int
    """Tasks that were opened there in the period, on this version."""
    kept: Share
    open_late: int
    """Of the broken ones those that are open still."""

    @property
    def broken(self) -> int:
        return self.kept.n - self.kept.hits


def crossings(activities: Sequence[Activity], after: Mapping[str, Sequence[str]]) -> list[tuple[Activity, Activity]]:
    """(activity, task) wherever work goes to another group, in the order of the flows. Pure."""
    known = {each.id: each for each in activities}
    return [
        (known[before], known[following])
        for before in (each.id for each in activities)
        for following in after.get(before, ())
        if following in known
        and known[before].group
        and known[following].group
        and known[before].group != known[following].group
    ]


def lane_promises(
    work: Work, version_id: int, activities: Sequence[Activity], after: Mapping[str, Sequence[str]], *,
    since: datetime, until: datetime,
) -> tuple[LaneCrossing, ...]:  # fmt: skip
    """The crossings of a version with the promises of tasks that were opened in the period."""
    found = crossings(activities, after)
    elements = {task.id for _before, task in found}
    if not elements:
        return ()
    done = WorkItem.status == WorkItemStatus.COMPLETED
    is_open = WorkItem.status == WorkItemStatus.OPEN
    kept = and_(done, WorkItem.completed_at <= WorkItem.due_at)
    late = and_(is_open, WorkItem.due_at < work.now())
    broken = or_(and_(done, WorkItem.completed_at > WorkItem.due_at), late)
    rows = work.session.execute(
        select(
            WorkItem.element,
            func.count(),
            func.sum(case((kept, 1), else_=0)),
            func.sum(case((broken, 1), else_=0)),
            func.sum(case((late, 1), else_=0)),
        )
        .where(
            WorkItem.version_id == version_id,
            WorkItem.element.in_(elements),
            WorkItem.created_at >= since,
            WorkItem.created_at < until,
        )
        .group_by(WorkItem.element)
    )
    by_element = {element: tuple(int(each or 0) for each in figures) for element, *figures in rows}
    return tuple(_crossing(before, task, by_element.get(task.id, (0, 0, 0, 0))) for before, task in found)


def _crossing(before: Activity, task: Activity, figures: tuple[int, ...]) -> LaneCrossing:
    tasks, kept, broken, late = figures
    return LaneCrossing(before, task, tasks, share(kept, kept + broken), late)
