"""Work items: claimed, released, assigned, drafted and completed; whoever comes second reads who was first and when."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import bindparam, func, null, select, update

from bpm.engine.definitions.version_cache import get_version_runnable, runnable
from bpm.engine.events import WorkItemAssigned, WorkItemCompleted
from bpm.engine.instances.instances import advance
from bpm.engine.instances.loading import instance_query, loaded_from
from bpm.engine.instances.on_record import Cause
from bpm.engine.models import ProcessInstance
from bpm.engine.rules.variables import plain
from bpm.engine.spiff.step import Complete
from bpm.engine.status import ENDED, WorkItemStatus
from bpm.engine.task_models import HandOver, Passing
from bpm.engine.work_items.access import (
    ITEM,
    name_of,
    note,
    person_of,
    refuse_if_somebody_elses,
    say_who_was_first,
    see,
    seen_by,
    stands_in_for,
    visible_to,
    write_open,
)
from bpm.engine.work_items.forms import Situation, accept, declared, find_schema, without_note
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.identity import Permission, get_user, may

_READ = ("uid", "name", "element", "form", "status", "assignee_id", "claimed_at", "called_version_id", "owner_id",
         "group_key")  # fmt: skip
_ITEM_COLUMNS = [ITEM.c[name].label(f"item_{name}") for name in _READ]

LARGEST_DRAFT = 100_000
"""Bytes of JSON."""


# The statements of every completed work item, built once: building them costs more than running them.
_LOCK = (
    instance_query(*_ITEM_COLUMNS)
    .join(ITEM, ITEM.c.instance_id == ProcessInstance.id)
    .where(ITEM.c.id == bindparam("item"))
)
_LOCK_IF_SEEN = _LOCK.where(seen_by(bindparam("person"), "groups"))
_WIN = (
    update(ITEM)
    .where(ITEM.c.id == bindparam("item"), ITEM.c.status == WorkItemStatus.OPEN)
    .values(
        status=WorkItemStatus.COMPLETED,
        completed_at=bindparam("at"),
        completed_by=bindparam("by", type_=ITEM.c.completed_by.type),
        # Who does what nobody had, had it: so it stands among the work of theirs that is finished.
        assignee_id=func.coalesce(ITEM.c.assignee_id, bindparam("by", type_=ITEM.c.completed_by.type)),
        result=bindparam("values"),
        draft=null(),
    )
)


def complete(work: Work, item_id: int, variables: Mapping[str, Any], *, by_form: bool = False) -> None:
    """Complete a work item with the values of its form; `by_form`: as a person filled it in.

    A form that was made from what the model reads binds people; programs may bring any variables to such a task.
    Raises NotFoundError (or not for this person), ConflictError (completed, cancelled or claimed by somebody else),
    InvalidInputError with a message per field.
    """
    row = _lock_with_instance(work, item_id)
    # After a wait for the lock PostgreSQL shows the instance as it is now, but the work item as it was before.
    if row.item_status != WorkItemStatus.OPEN or row.instance_status in ENDED:
        say_who_was_first(work, item_id)
    refuse_if_somebody_elses(work, row.item_assignee_id, row.item_claimed_at)
    _refuse_if_delegated(work, row)
    loaded = loaded_from(work, row)
    called = row.item_called_version_id
    version = loaded.runnable if called is None else get_version_runnable(work, called)
    situation = Situation(lambda: _known(work, item_id), work.now(), by_form=by_form)
    values = accept(version, variables, form=row.item_form, element=row.item_element, situation=situation)
    result = {"item": item_id, "at": work.now(), "by": work.actor.user_id, "values": values}
    deputy = _is_deputy(work, row)
    if affected(work, _WIN, result) != 1:
        say_who_was_first(work, item_id)
    if deputy:
        _take_for(work, item_id, row, loaded.id)
    if by_form:
        values = without_note(version, values, form=row.item_form, element=row.item_element)
    advance(work, loaded, Complete(row.item_uid, values), cause=Cause("complete", settled=True))
    task = (item_id, row.item_name, loaded.id)
    before: dict[str, Any] = {"status": WorkItemStatus.OPEN}
    after: dict[str, Any] = {"status": WorkItemStatus.COMPLETED, "answers": dict(values)}
    if deputy:
        after["for"] = name_of(work, row.item_assignee_id)
    note(work, "complete", task, before, after)
    work.publish(WorkItemCompleted(item_id, loaded.id, work.actor.user_id, row.item_element))
    work.nudge("work_items")


def _is_deputy(work: Work, row: Any) -> bool:
    """Whether it is somebody's who is away and for whom the actor stands in."""
    if not work.actor.is_person or row.item_assignee_id in (None, work.actor.user_id):
        return False
    return stands_in_for(work, row.item_assignee_id)


def _take_for(work: Work, item_id: int, row: Any, instance_id: int) -> None:
    """What a deputy completes is theirs, and the case says whose it was."""
    person = person_of(work)
    work.session.execute(update(ITEM).where(ITEM.c.id == item_id).values(assignee_id=person))
    taken = HandOver(
        instance_id=instance_id, item_id=item_id, kind=Passing.STOOD_IN, by_id=person, at=work.now(), note="",
        from_id=row.item_assignee_id, from_group=row.item_group_key, from_owner_id=row.item_owner_id, to_id=person,
    )  # fmt: skip
    work.session.add(taken)
    work.nudge("talk")


def _refuse_if_delegated(work: Work, row: Any) -> None:
    """Who was asked to help gives it back; its owner completes it."""
    if row.item_owner_id is None or row.item_owner_id == work.actor.user_id or not work.actor.is_person:
        return
    if not may(work.actor, Permission.OPERATE):
        owner = get_user(work, row.item_owner_id).display_name
        raise ConflictError(
            _("%(owner)s asked for help with this task and completes it.") % {"owner": owner},
            remedy=_("Give it back; what you entered as a draft goes with it."),
        )


def _known(work: Work, item_id: int) -> dict[str, Any]:
    """What the process knows at the work item: its instance's variables, with the visit's own on top."""
    query = select(ProcessInstance.variables, ITEM.c.local).join(ITEM, ITEM.c.instance_id == ProcessInstance.id)
    row = work.session.execute(query.where(ITEM.c.id == item_id)).one()
    return {**row.variables, **(row.local or {})}


def _lock_with_instance(work: Work, item_id: int) -> Any:
    actor = work.actor
    if may(actor, Permission.OPERATE):
        row = work.session.execute(_LOCK, {"item": item_id}).first()
    else:
        seen = {"item": item_id, "person": actor.user_id, "groups": sorted(actor.groups)}
        row = work.session.execute(_LOCK_IF_SEEN, seen).first()
    if row is None:
        raise NotFoundError(f"There is no work item {item_id}.")
    return row


def claim(work: Work, item_id: int) -> None:
    """Take the work item; ConflictError names who has it."""
    person = person_of(work)
    free = (
        ITEM.c.id == item_id,
        ITEM.c.status == WorkItemStatus.OPEN,
        ITEM.c.assignee_id.is_(None),
        visible_to(work.actor),
    )
    taking = update(ITEM).where(*free).values(assignee_id=person, claimed_at=work.now())
    taken = work.session.execute(taking.returning(ITEM.c.name, ITEM.c.instance_id)).first()
    if taken is not None:
        note(work, "claim", (item_id, *taken), {"assignee": None}, {"assignee": work.actor.display_name})
        work.nudge("work_items")
        return
    row = see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        say_who_was_first(work, item_id)
    if row.assignee_id == person:
        return
    who = get_user(work, row.assignee_id).display_name
    at = f" at {row.claimed_at:%Y-%m-%d %H:%M} UTC" if row.claimed_at else ""
    raise ConflictError(f"{who} claimed this work item{at}.", remedy="Choose another one.")


def release(work: Work, item_id: int) -> None:
    """Give a work item back to its group; only who has it may, or an operator."""
    row = see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        say_who_was_first(work, item_id)
    refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    write_open(work, item_id, {"assignee_id": None, "claimed_at": None, "owner_id": None})
    before = {"assignee": name_of(work, row.assignee_id)}
    note(work, "release", (item_id, row.name, row.instance_id), before, {"assignee": None})


def assign(work: Work, item_id: int, user_id: int) -> None:
    """Give the work item to a person who works on items: by who has it, a colleague of its group, or an operator."""
    row = see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        say_who_was_first(work, item_id)
    refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    person = get_user(work, user_id)
    if not person.active:
        raise InvalidInputError("This person does not sign in any more.", remedy="Choose somebody else.")
    write_open(work, item_id, {"assignee_id": user_id, "claimed_at": work.now(), "meant_for": None, "owner_id": None})
    work.publish(WorkItemAssigned(item_id, user_id))
    before = {"assignee": name_of(work, row.assignee_id)}
    note(work, "assign", (item_id, row.name, row.instance_id), before, {"assignee": person.display_name})


def save_draft(work: Work, item_id: int, values: Mapping[str, Any]) -> None:
    """Keep what was typed so far; incomplete is fine. Fields that the form does not have are left out.

    What an earlier version's form had asked for stays in the draft, though it is never sent.
    """
    row = see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        say_who_was_first(work, item_id)
    refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    forms = runnable(work, row.drawn_version_id, row.content_hash).forms
    schema, kept = find_schema(forms, form=row.form, element=row.element), row.draft or {}
    vanished = {name: value for name, value in kept.items() if name not in declared(schema, kept)}
    draft = {**vanished, **plain(declared(schema, values))}
    size = len(orjson.dumps(draft))
    if size > LARGEST_DRAFT:
        raise TooLargeError(f"The draft comes to {size} bytes.", remedy=f"Keep it under {LARGEST_DRAFT}.")
    write_open(work, item_id, {"draft": draft})
