"""Notices about what is over: a task that is done or somebody else's, a failure that is resolved."""

from typing import cast

from sqlalchemy import Table, and_, exists, or_, select, update

from bpm.engine.models import Failure, WorkItem
from bpm.engine.status import FailureStatus, WorkItemStatus
from bpm.engine.task_models import Absence
from bpm.foundation.work import Transactions, affected
from bpm.notices import PersonNotice

NOTICE = cast("Table", PersonNotice.__table__)
_OPEN = NOTICE.c.done_at.is_(None)

_STANDS_IN = exists().where(
    Absence.user_id == WorkItem.assignee_id, Absence.deputy_id == NOTICE.c.user_id, Absence.is_on
)
_MINE = and_(WorkItem.status == WorkItemStatus.OPEN, or_(WorkItem.assignee_id == NOTICE.c.user_id, _STANDS_IN))
_ONE_IS_MINE = exists().where(_MINE, WorkItem.id == NOTICE.c.about_id)
_ANY_IS_MINE = exists().where(_MINE)
_TASKS_OVER = and_(
    NOTICE.c.about_type == "task",
    NOTICE.c.kind.in_(("assigned", "due_soon", "overdue")),
    _OPEN,
    or_(and_(NOTICE.c.count == 1, ~_ONE_IS_MINE), and_(NOTICE.c.count > 1, ~_ANY_IS_MINE)),
)
_GROUPS_TASK_OVER = and_(
    NOTICE.c.about_type == "group_task",
    _OPEN,
    ~exists().where(
        WorkItem.id == NOTICE.c.about_id, WorkItem.status == WorkItemStatus.OPEN, WorkItem.assignee_id.is_(None)
    ),
)
_FAILURES_OVER = and_(
    NOTICE.c.about_type == "failure",
    _OPEN,
    ~exists().where(Failure.id == NOTICE.c.about_id, Failure.status == FailureStatus.OPEN),
)


def sweep_settled(unit_of_work: Transactions) -> int:
    """Mark as done what people need not look at any more; how many notices."""
    with unit_of_work.reading() as work:
        over = list(
            work.session.scalars(
                select(NOTICE.c.id).where(or_(_TASKS_OVER, _GROUPS_TASK_OVER, _FAILURES_OVER)).limit(500)
            )
        )
    if not over:
        return 0
    with unit_of_work() as work:
        work.nudge("notices")
        return affected(work, update(NOTICE).where(NOTICE.c.id.in_(over), _OPEN).values(done_at=work.now()))
