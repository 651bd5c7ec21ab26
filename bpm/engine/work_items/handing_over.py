"""Open work items that go elsewhere many at once: somebody leaves, or a group's name stands for another group."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm.audit import Thing, record
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.identity import Permission, demand, find_actors

ITEM = cast("Table", WorkItem.__table__)


@dataclass(frozen=True)
class HeldItem:
    """An open work item that a person has."""

    id: int
    name: str
    instance_id: int
    group_key: str | None


def held_by(work: Work, user_id: int) -> list[HeldItem]:
    """The open work items that the person has, the oldest first."""
    query = select(ITEM.c.id, ITEM.c.name, ITEM.c.instance_id, ITEM.c.group_key).where(
        ITEM.c.assignee_id == user_id, ITEM.c.status == WorkItemStatus.OPEN
    )
    return [HeldItem(*row) for row in work.session.execute(query.order_by(ITEM.c.id))]


def hand_over_all(
    work: Work, user_id: int, *, reason: str, to_person: int | None = None, to_group: str | None = None
) -> int:
    """Give every open work item of a person to somebody else, to another group, or back to its own group when neither
    is named; gives how many. InvalidInputError for a person who does not sign in."""
    demand(work.actor, Permission.ADMIN)
    values: dict[str, Any] = {"assignee_id": to_person, "claimed_at": work.now() if to_person else None}
    if to_person is not None and to_person not in find_actors(work, [to_person]):
        raise InvalidInputError(_("This person does not sign in any more."), remedy=_("Choose somebody else."))
    if to_group is not None:
        values["group_key"] = to_group
    items = held_by(work, user_id)
    for item in items:
        work.session.execute(update(ITEM).where(ITEM.c.id == item.id).values(**values))
        before = {"assignee": user_id, "group": item.group_key}
        after = {"assignee": to_person, "group": to_group or item.group_key}
        thing = Thing("task", item.id, item.name, f"case {item.instance_id}")
        record(work, "task.hand_over", thing, before=before, after=after, reason=reason)
    work.nudge("work_items")
    return len(items)


def offer_elsewhere(work: Work, before: str, after: str) -> int:
    """Offer open work items of one group's key to another from now on; gives how many."""
    demand(work.actor, Permission.ADMIN)
    waiting = update(ITEM).where(ITEM.c.group_key == before, ITEM.c.status == WorkItemStatus.OPEN)
    moved = affected(work, waiting.values(group_key=after)) if before != after else 0
    if moved:
        record(work, "group.move_tasks", Thing("group", after, after), before={"group": before}, after={"tasks": moved})
        work.nudge("work_items")
    return moved
