"""A task changes hands: given to a person or a group for good, delegated and given back, taken by a deputy, undone.

Delegating is as in Camunda 7: the task stays its owner's, who gets it back and completes it; meanwhile another works
on it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bpm.engine.events import WorkItemAssigned
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.engine.task_models import Absence, HandOver, Passing
from bpm.engine.work_items.access import (
    name_of,
    note,
    person_of,
    refuse_if_somebody_elses,
    say_who_was_first,
    see,
    stands_in_for,
    write_open,
)
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, get_user, may
from bpm.identity.models import Group

UNDONE_WITHIN = timedelta(minutes=15)
VERBS = {
    Passing.HANDED_OVER: "hand_over", Passing.DELEGATED: "delegate", Passing.GIVEN_BACK: "give_back",
    Passing.STOOD_IN: "stand_in",
}  # fmt: skip
"""How it is called on the audit trail."""
LONGEST_NOTE = 2_000
"""Characters."""


@dataclass(frozen=True)
class Recipient:
    """Who gets a task: a person, or else a group."""

    user_id: int | None = None
    group: str | None = None


def hand_over(work: Work, item_id: int, to: Recipient, *, text: str = "") -> int:
    """Give a task to a person or to a group, for good; gives the id of the hand-over, by which it can be undone."""
    row = _mine_to_give(work, item_id)
    values: dict[str, Any]
    if to.group is not None:
        _demand_group(work, to.group)
        values = {"assignee_id": None, "claimed_at": None, "group_key": to.group}
    else:
        values = {"assignee_id": _worker(work, to.user_id), "claimed_at": work.now()}
    write_open(work, item_id, {**values, "owner_id": None, "meant_for": None})
    return _write(work, row, Passing.HANDED_OVER, to, text)


def delegate(work: Work, item_id: int, user_id: int, *, text: str = "") -> int:
    """Ask a colleague to work on a task; it stays the actor's, who gets it back. Gives the id of the hand-over."""
    row = _mine_to_give(work, item_id)
    owner = row.owner_id or row.assignee_id or person_of(work)
    if _worker(work, user_id) == owner:
        raise InvalidInputError(_("The task is theirs already."), remedy=_("Give it back instead."))
    write_open(work, item_id, {"assignee_id": user_id, "claimed_at": work.now(), "owner_id": owner})
    return _write(work, row, Passing.DELEGATED, Recipient(user_id), text)


def give_back(work: Work, item_id: int, *, text: str = "") -> int:
    """Give a delegated task back, the draft with it: to its owner, to who stands in while they are away, or to its
    group when neither signs in any more."""
    row = _mine_to_give(work, item_id)
    if row.owner_id is None:
        raise ConflictError(_("Nobody delegated this task."), remedy=_("Hand it over, or release it."))
    to = _back_to(work, row)
    claimed_at = work.now() if to.user_id is not None else None
    write_open(work, item_id, {"assignee_id": to.user_id, "claimed_at": claimed_at, "owner_id": None})
    return _write(work, row, Passing.GIVEN_BACK, to, text)


def _back_to(work: Work, row: Any) -> Recipient:
    """Who sees to what belongs to the owner now."""
    deputy = select(Absence.deputy_id).where(Absence.user_id == row.owner_id, Absence.is_on).limit(1)
    for user_id in (work.session.scalar(deputy), row.owner_id):
        if user_id is not None and user_id != row.assignee_id and get_user(work, user_id).active:
            return Recipient(user_id)
    return Recipient(group=row.group_key)


def recipient_of(work: Work, hand_over_id: int) -> str:
    """Who got a task by that hand-over, as people call them; empty where everybody may claim it."""
    made = work.session.get_one(HandOver, hand_over_id)
    if made.to_id is not None:
        return get_user(work, made.to_id).display_name
    return work.session.scalar(select(Group.name).where(Group.key == made.to_group)) or made.to_group or ""


def take_as_deputy(work: Work, item_id: int) -> int:
    """Take a task of somebody who is away and for whom the actor stands in."""
    person, row = person_of(work), _open(work, item_id)
    if row.assignee_id is None or not stands_in_for(work, row.assignee_id):
        raise ForbiddenError(_("You do not stand in for who has this task."), remedy=_("Ask them to hand it over."))
    write_open(work, item_id, {"assignee_id": person, "claimed_at": work.now()})
    return _write(work, row, Passing.STOOD_IN, Recipient(person), "")


def undo_hand_over(work: Work, hand_over_id: int) -> int:
    """Take one's own last hand-over back while nothing has come of it; gives the task."""
    made = work.session.get(HandOver, hand_over_id)
    if made is None or made.by_id != person_of(work):
        raise NotFoundError(_("There is no hand-over %(id)s of yours.") % {"id": hand_over_id})
    item = work.session.get_one(WorkItem, made.item_id)
    last = work.session.scalar(select(func.max(HandOver.id)).where(HandOver.item_id == made.item_id))
    untouched = item.assignee_id == made.to_id and (made.to_group is None or item.group_key == made.to_group)
    in_time = work.now() - made.at <= UNDONE_WITHIN
    if item.status != WorkItemStatus.OPEN or not untouched or made.undone_at or last != made.id or not in_time:
        raise ConflictError(
            _("The hand-over cannot be undone any more."), remedy=_("Ask who has the task to hand it back.")
        )
    item.assignee_id, item.group_key, item.owner_id = made.from_id, made.from_group, made.from_owner_id
    item.claimed_at = work.now() if made.from_id else None
    made.undone_at = work.now()
    work.session.flush()
    after = {"assignee": name_of(work, made.from_id), "group": made.from_group}
    note(work, "undo_hand_over", (item.id, item.name, item.instance_id), {"hand_over": made.id}, after)
    work.nudge("work_items")
    work.nudge("talk")
    return item.id


def _open(work: Work, item_id: int) -> Any:
    row = see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        say_who_was_first(work, item_id)
    return row


def _mine_to_give(work: Work, item_id: int) -> Any:
    person_of(work)
    row = _open(work, item_id)
    refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    return row


def _worker(work: Work, user_id: int | None) -> int:
    person = get_user(work, user_id or 0)
    if not person.active or not may(actor_of(person), Permission.WORK):
        raise InvalidInputError(
            _("%(name)s does not work on tasks.") % {"name": person.display_name}, remedy=_("Choose somebody else.")
        )
    return person.id


def _demand_group(work: Work, key: str) -> None:
    if work.session.scalar(select(Group.id).where(Group.key == key)) is None:
        raise InvalidInputError(_("There is no group %(key)s.") % {"key": key}, remedy=_("Choose one of the list."))


def _write(work: Work, row: Any, kind: Passing, to: Recipient, text: str) -> int:
    said = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(said) > LONGEST_NOTE:
        raise InvalidInputError(
            _("The note is too long."), remedy=_("Keep it under %(most)s characters.") % {"most": LONGEST_NOTE}
        )
    made = HandOver(
        instance_id=row.instance_id, item_id=row.id, kind=kind, by_id=person_of(work), at=work.now(), note=said,
        from_id=row.assignee_id, from_group=row.group_key, from_owner_id=row.owner_id,
        to_id=to.user_id, to_group=to.group,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    work.publish(WorkItemAssigned(row.id, to.user_id, to.group, said))
    before = {"assignee": name_of(work, row.assignee_id), "group": row.group_key}
    after = {"assignee": name_of(work, to.user_id), "group": to.group or row.group_key, "note": said}
    note(work, VERBS[kind], (row.id, row.name, row.instance_id), before, after)
    work.nudge("talk")
    return made.id
