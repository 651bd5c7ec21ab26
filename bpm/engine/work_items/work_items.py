"""Work items: claimed, released, assigned, drafted and completed; whoever comes second reads who was first and when."""

from collections.abc import Mapping
from typing import Any, Never, cast

import orjson
from sqlalchemy import Table, bindparam, func, null, or_, select, update

from bpm import audit
from bpm.engine.definitions.version_cache import get_version_runnable, runnable
from bpm.engine.events import WorkItemAssigned, WorkItemCompleted
from bpm.engine.instances.audit_rows import is_commanded
from bpm.engine.instances.instances import Cause, advance, instance_query, loaded_from
from bpm.engine.models import ProcessInstance, ProcessVersion, WorkItem
from bpm.engine.rules.audit_names import about
from bpm.engine.rules.variables import plain
from bpm.engine.spiff.step import Complete
from bpm.engine.status import ENDED, WorkItemStatus
from bpm.engine.work_items.forms import Situation, accept, declared, find_schema, without_note
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, TooLargeError
from bpm.foundation.work import Actor, Work, affected
from bpm.identity import Permission, get_user, may
from bpm.identity.models import User

ITEM = cast("Table", WorkItem.__table__)
_READ = ("uid", "name", "element", "form", "status", "assignee_id", "claimed_at", "called_version_id")
_ITEM_COLUMNS = [ITEM.c[name].label(f"item_{name}") for name in _READ]

Values = Mapping[str, Any]

LARGEST_DRAFT = 100_000
"""Bytes of JSON."""


def visible_to(actor: Actor) -> Any:
    """The condition under which `actor` sees a work item: theirs, their groups', nobody's in particular, or all."""
    if may(actor, Permission.OPERATE):
        return ITEM.c.id.is_not(None)
    return seen_by(actor.user_id, sorted(actor.groups))


def seen_by(person: Any, groups: Any) -> Any:
    """The same for one who is no operator, from values or bind parameters."""
    return or_(ITEM.c.assignee_id == person, ITEM.c.group_key.is_(None), ITEM.c.group_key.in_(groups))


# The statements of every completed work item, built once: building them costs more than running them.
_LOCK = (
    instance_query(*_ITEM_COLUMNS)
    .join(ITEM, ITEM.c.instance_id == ProcessInstance.id)
    .where(ITEM.c.id == bindparam("item"))
)
_LOCK_IF_SEEN = _LOCK.where(seen_by(bindparam("person"), bindparam("groups", expanding=True)))
_WIN = (
    update(ITEM)
    .where(ITEM.c.id == bindparam("item"), ITEM.c.status == WorkItemStatus.OPEN)
    .values(
        status=WorkItemStatus.COMPLETED,
        completed_at=bindparam("at"),
        completed_by=bindparam("by"),
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
        _say_who_was_first(work, item_id)
    _refuse_if_somebody_elses(work, row.item_assignee_id, row.item_claimed_at)
    loaded = loaded_from(work, row)
    called = row.item_called_version_id
    version = loaded.runnable if called is None else get_version_runnable(work, called)
    situation = Situation(lambda: _known(work, item_id), work.now(), by_form=by_form)
    values = accept(version, variables, form=row.item_form, element=row.item_element, situation=situation)
    result = {"item": item_id, "at": work.now(), "by": work.actor.user_id, "values": values}
    if affected(work, _WIN, result) != 1:
        _say_who_was_first(work, item_id)
    if by_form:
        values = without_note(version, values, form=row.item_form, element=row.item_element)
    advance(work, loaded, Complete(row.item_uid, values), cause=Cause("complete", settled=True))
    task = (item_id, row.item_name, loaded.id)
    before, after = {"status": WorkItemStatus.OPEN}, {"status": WorkItemStatus.COMPLETED, "answers": dict(values)}
    _note(work, "complete", task, before, after)
    work.publish(WorkItemCompleted(item_id, loaded.id, work.actor.user_id))
    work.nudge("work_items")


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


def _refuse_if_somebody_elses(work: Work, assignee_id: int | None, claimed_at: Any) -> None:
    if assignee_id is None or assignee_id == work.actor.user_id or not work.actor.is_person:
        return
    if may(work.actor, Permission.OPERATE):
        return
    who = get_user(work, assignee_id).display_name
    since = f" since {claimed_at:%Y-%m-%d %H:%M} UTC" if claimed_at else ""
    raise ConflictError(f"{who} has this work item{since}.", remedy="Ask them to release it. Nothing was changed.")


def _say_who_was_first(work: Work, item_id: int) -> Never:
    query = (
        select(ITEM.c.status, ITEM.c.completed_at, ITEM.c.completed_by, User.display_name)
        .outerjoin(User, User.id == ITEM.c.completed_by)
        .where(ITEM.c.id == item_id)
    )
    row = work.session.execute(query).one()
    at = f"{row.completed_at:%Y-%m-%d %H:%M:%S} UTC" if row.completed_at else "meanwhile"
    if row.status == WorkItemStatus.COMPLETED:
        mine = row.completed_by is not None and row.completed_by == work.actor.user_id
        message = f"{'You' if mine else row.display_name or 'Earshot'} completed this work item at {at}."
    else:
        message = f"This work item was withdrawn by its process at {at}."
    raise ConflictError(message, remedy="Nothing that you entered was applied.")


def claim(work: Work, item_id: int) -> None:
    """Take the work item; ConflictError names who has it."""
    person = _person(work)
    free = (
        ITEM.c.id == item_id,
        ITEM.c.status == WorkItemStatus.OPEN,
        ITEM.c.assignee_id.is_(None),
        visible_to(work.actor),
    )
    taking = update(ITEM).where(*free).values(assignee_id=person, claimed_at=work.now())
    taken = work.session.execute(taking.returning(ITEM.c.name, ITEM.c.instance_id)).first()
    if taken is not None:
        _note(work, "claim", (item_id, *taken), {"assignee": None}, {"assignee": work.actor.display_name})
        work.nudge("work_items")
        return
    row = _see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        _say_who_was_first(work, item_id)
    if row.assignee_id == person:
        return
    who = get_user(work, row.assignee_id).display_name
    at = f" at {row.claimed_at:%Y-%m-%d %H:%M} UTC" if row.claimed_at else ""
    raise ConflictError(f"{who} claimed this work item{at}.", remedy="Choose another one.")


def release(work: Work, item_id: int) -> None:
    """Give a work item back to its group; only who has it may, or an operator."""
    row = _see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        _say_who_was_first(work, item_id)
    _refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    _write_open(work, item_id, {"assignee_id": None, "claimed_at": None})
    before = {"assignee": _name_of(work, row.assignee_id)}
    _note(work, "release", (item_id, row.name, row.instance_id), before, {"assignee": None})


def assign(work: Work, item_id: int, user_id: int) -> None:
    """Give the work item to a person who works on items: by who has it, a colleague of its group, or an operator."""
    row = _see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        _say_who_was_first(work, item_id)
    _refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    person = get_user(work, user_id)
    if not person.active:
        raise InvalidInputError("This person does not sign in any more.", remedy="Choose somebody else.")
    _write_open(work, item_id, {"assignee_id": user_id, "claimed_at": work.now(), "meant_for": None})
    work.publish(WorkItemAssigned(item_id, user_id))
    before = {"assignee": _name_of(work, row.assignee_id)}
    _note(work, "assign", (item_id, row.name, row.instance_id), before, {"assignee": person.display_name})


def save_draft(work: Work, item_id: int, values: Mapping[str, Any]) -> None:
    """Keep what was typed so far; incomplete is fine. Fields that the form does not have are left out.

    What an earlier version's form had asked for stays in the draft, though it is never sent.
    """
    row = _see(work, item_id)
    if row.status != WorkItemStatus.OPEN:
        _say_who_was_first(work, item_id)
    _refuse_if_somebody_elses(work, row.assignee_id, row.claimed_at)
    forms = runnable(work, row.drawn_version_id, row.content_hash).forms
    schema, kept = find_schema(forms, form=row.form, element=row.element), row.draft or {}
    vanished = {name: value for name, value in kept.items() if name not in declared(schema, kept)}
    draft = {**vanished, **plain(declared(schema, values))}
    size = len(orjson.dumps(draft))
    if size > LARGEST_DRAFT:
        raise TooLargeError(f"The draft comes to {size} bytes.", remedy=f"Keep it under {LARGEST_DRAFT}.")
    _write_open(work, item_id, {"draft": draft})


def _see(work: Work, item_id: int) -> Any:
    query = (
        select(
            ITEM.c.name, ITEM.c.instance_id,
            ITEM.c.status, ITEM.c.assignee_id, ITEM.c.claimed_at, ITEM.c.form, ITEM.c.element, ITEM.c.draft,
            ProcessVersion.id.label("drawn_version_id"), ProcessVersion.content_hash,
        )
        .join(ProcessVersion, ProcessVersion.id == func.coalesce(ITEM.c.called_version_id, ITEM.c.version_id))
        .where(ITEM.c.id == item_id, visible_to(work.actor))
    )  # fmt: skip
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no work item {item_id}.")
    return row


def _write_open(work: Work, item_id: int, values: dict[str, Any]) -> None:
    if (
        affected(work, update(ITEM).where(ITEM.c.id == item_id, ITEM.c.status == WorkItemStatus.OPEN).values(values))
        != 1
    ):
        _say_who_was_first(work, item_id)
    work.nudge("work_items")


def _note(work: Work, verb: str, task: tuple[int, str, int], before: Values, after: Values) -> None:
    """Put it on the trail; `task`: its id, its name, its instance."""
    if is_commanded(work):
        item_id, name, instance_id = task
        thing = audit.Thing("task", item_id, name or f"Task {item_id}", about(instance_id))
        audit.record(work, f"task.{verb}", thing, before=before, after=after)


def _name_of(work: Work, user_id: int | None) -> str | None:
    if user_id is None:
        return None
    return work.actor.display_name if user_id == work.actor.user_id else get_user(work, user_id).display_name


def _person(work: Work) -> int:
    if work.actor.user_id is None:
        raise ForbiddenError("Only a person can claim a work item.", remedy="Sign in.")
    return work.actor.user_id
