"""Tasks that are due soon or overdue: their person is told, once each."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, select

from bpm import notices
from bpm.engine.models import WorkItem
from bpm.engine.queries import Clocked, is_overdue
from bpm.engine.status import WorkItemStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.notices import PersonNotice
from bpm.processes.notifying.tasks import task_link

SOON = timedelta(hours=4)
"""How long before its due time a person is told of a task."""
TOLD_UNTIL = timedelta(days=3)
"""What fell due longer ago is told no more: nobody was there to tell it then."""
AT_ONCE = 500
TOLD_BY = (
    WorkItem.id, WorkItem.name, WorkItem.assignee_id, WorkItem.created_at, WorkItem.due_at, WorkItem.target_seconds,
    WorkItem.paused_at, WorkItem.paused_seconds,
)  # fmt: skip


def due_kind(task: Clocked, now: datetime) -> str | None:
    """Which notice a task is worth now: `overdue`, `due_soon`, or none; pure.

    Overdue is what every screen calls so: a clock that stands still is read as of when it was stopped. A task that is
    given less time than `SOON` from the beginning is not told of as due soon.
    """
    if task.due_at is None:
        return None
    if is_overdue(task, now=now):
        return "overdue"
    return "due_soon" if task.created_at < task.due_at - SOON <= now < task.due_at else None


def sweep_due(unit_of_work: Transactions) -> int:
    """Tell people of their tasks that became due soon or overdue; how many tasks were told of."""
    with unit_of_work.reading() as work:
        kinds = [(row, due_kind(row, work.now())) for row in work.session.execute(_untold(work))]
    told = [(row, kind) for row, kind in kinds if kind is not None]
    if told:
        with unit_of_work() as work:
            for row, kind in told:
                _tell(work, row, kind)
    return len(told)


def _untold(work: Work) -> Any:
    """Open tasks of people that are due soon or overdue and of which they were not told since their due time was set.

    A notice of an earlier due time came before the present one was near.
    """
    now = work.now()
    told = and_(PersonNotice.user_id == WorkItem.assignee_id, PersonNotice.about_type == "task")
    told = and_(told, PersonNotice.about_id == WorkItem.id)
    overdue = exists().where(told, PersonNotice.kind == "overdue", PersonNotice.raised_at >= WorkItem.due_at)
    soon = exists().where(told, PersonNotice.kind == "due_soon", PersonNotice.raised_at >= now - SOON)
    return (
        select(*TOLD_BY)
        .where(
            WorkItem.status == WorkItemStatus.OPEN,
            WorkItem.assignee_id.is_not(None),
            WorkItem.due_at > now - TOLD_UNTIL,
            ((WorkItem.due_at <= now) & ~overdue) | ((WorkItem.due_at > now) & (WorkItem.due_at <= now + SOON) & ~soon),
        )
        .order_by(WorkItem.due_at, WorkItem.id)
        .limit(AT_ONCE)
    )


def _tell(work: Work, row: Any, kind: str) -> None:
    text = _("Overdue: “%(task)s”") if kind == "overdue" else _("Due soon: “%(task)s”")
    notices.raise_for(
        work, [row.assignee_id], kind, text % {"task": row.name}, task_link(row.id),
        about=("task", row.id), key=f"{kind}:{row.id}",
    )  # fmt: skip
