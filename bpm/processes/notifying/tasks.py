"""Tasks that are given to people: by a colleague, told at once; by a process, folded by activity."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from bpm import notices
from bpm.engine.events import WorkItemAssigned, WorkItemOpened
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, list_users, may
from bpm.notices import Many
from bpm.processes.handing_over.shipped import HANDED_OVER

MINE = "/tasks?scope=mine"


def on_opened(work: Work, event: WorkItemOpened) -> None:
    """A process gives a task to a person: told by a worker, for it may be one of a thousand."""
    if event.assignee_id is not None:
        notices.give_cue(work, "assigned", event.item_id)


def on_assigned(work: Work, event: WorkItemAssigned) -> None:
    """Somebody gives a task to a colleague, or to the people of a group, who read the note at once."""
    row = work.session.execute(_tasks((event.item_id,))).one()
    words = {"who": work.actor.display_name, "task": row.name, "case": _case(row), "note": event.note}
    if event.user_id is None:
        people = _workers_of(work, event.group or "")
        subject = _("%(who)s handed “%(task)s” (%(case)s) to your group") % words
    else:
        people, subject = [event.user_id], _("%(who)s gave you “%(task)s” (%(case)s)") % words
    notices.raise_for(
        work,
        people,
        "assigned",
        _("%(subject)s: %(note)s") % {**words, "subject": subject} if event.note else subject,
        task_link(event.item_id),
        about=("task" if event.user_id is not None else "group_task", event.item_id),
        key=f"assigned:{event.item_id}",
    )


def _workers_of(work: Work, group: str) -> list[int]:
    """The active people of the group who work on tasks."""
    users = (user for user in list_users(work) if user.active and group in {each.key for each in user.groups})
    return [user.id for user in users if may(actor_of(user), Permission.WORK)]


def tell_assigned(work: Work, item_ids: Sequence[int]) -> None:
    """Tell people of the tasks that processes gave them; those of one activity are one notice."""
    groups: dict[tuple[int, int, str], list[Any]] = defaultdict(list)
    # What a person handed over was told at once, with its note.
    waiting = _tasks(item_ids).where(WorkItem.status == WorkItemStatus.OPEN, ProcessDefinition.key != HANDED_OVER)
    for row in work.session.execute(waiting):
        if row.assignee_id is not None:
            groups[row.assignee_id, row.version_id, row.element].append(row)
    for (person, version, element), rows in groups.items():
        last = rows[-1]
        words = {"task": last.name, "case": _case(last)}
        many = Many(_("Tasks for you: “%(task)s” (%(process)s)") % {"task": last.name, "process": last.process}, MINE)
        one = (_("A task for you: “%(task)s” (%(case)s)") % words, task_link(last.id))
        subject, link = one if len(rows) == 1 else (many.subject, many.link)
        notices.raise_for(
            work, [person], "assigned", subject, link, about=("task", last.id),
            key=f"assigned:{version}:{element}"[:200], many=many, count=len(rows),
        )  # fmt: skip


def _tasks(item_ids: Sequence[int]) -> Any:
    return (
        select(
            WorkItem.id, WorkItem.name, WorkItem.assignee_id, WorkItem.version_id, WorkItem.element,
            ProcessInstance.business_key, ProcessDefinition.name.label("process"),
        )
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .join(ProcessVersion, ProcessVersion.id == WorkItem.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(WorkItem.id.in_(item_ids))
        .order_by(WorkItem.id)
    )  # fmt: skip


def case_and_task(work: Work, item_id: int) -> dict[str, str]:
    """How a task and its case are named in a notice."""
    row = work.session.execute(_tasks((item_id,))).one()
    return {"task": str(row.name), "case": _case(row)}


def _case(row: Any) -> str:
    return f"{row.process} {row.business_key}" if row.business_key else str(row.process)


def task_link(item_id: int) -> str:
    """Path of the task's page."""
    return f"/tasks/{item_id}"
