"""Who else has a task open, and who is typing at it: so that two people do not do the same work."""

from datetime import timedelta
from typing import cast

from sqlalchemy import Table, case, select, update
from sqlalchemy.exc import IntegrityError

from bpm.engine.task_models import TaskLook
from bpm.engine.work_items.access import person_of, see
from bpm.foundation.work import Work, affected
from bpm.identity.entry.presence import THERE_FOR, Colleague
from bpm.identity.models import User

LOOK = cast("Table", TaskLook.__table__)
TYPES_FOR = timedelta(seconds=45)
"""How long somebody counts as typing after their page last said so."""
MOST = 10


def look_at_task(work: Work, item_id: int, *, types: bool = False) -> tuple[Colleague, ...]:
    """Say that the person who acts has the task open, and whether they type; gives who else has, by name.

    NotFoundError where there is no such task, or it is not for the actor.
    """
    person = person_of(work)
    see(work, item_id)
    _note(work, person, item_id, types=types)
    now = work.now()
    rows = work.session.execute(
        select(User.display_name, TaskLook.typed_at)
        .join(TaskLook, TaskLook.user_id == User.id)
        .where(TaskLook.item_id == item_id, TaskLook.at > now - THERE_FOR, User.id != person)
        .order_by(User.display_name)
        .limit(MOST)
    )
    return tuple(Colleague(name, typed_at is not None and typed_at > now - TYPES_FOR) for name, typed_at in rows)


def _note(work: Work, person: int, item_id: int, *, types: bool) -> None:
    """One row for each person: whoever goes on to another task has left this one."""
    now = work.now()
    typed_at = now if types else case((LOOK.c.item_id == item_id, LOOK.c.typed_at), else_=None)
    mine = update(LOOK).where(LOOK.c.user_id == person).values(item_id=item_id, at=now, typed_at=typed_at)
    if affected(work, mine):
        return
    try:
        with work.session.begin_nested():
            work.session.add(TaskLook(user_id=person, item_id=item_id, at=now, typed_at=now if types else None))
    except IntegrityError:  # another page of the same person came first
        work.session.execute(mine)
