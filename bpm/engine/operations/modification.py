"""Repair of one instance by an operator: each act needs a reason and goes on record with what it changed.

What suspending means
- Nothing moves: jobs and timers are held, work items are refused until it is resumed; what a worker has in hand when
  it happens is not taken and is done anew later.
- Nothing is lost: a message or signal for it waits as a held delivery. Timers that fell due fire when it is resumed.
- Its operator may still act on it: what that begins is held as the rest.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm.engine.definitions.version_cache import bind
from bpm.engine.instances.instances import advance
from bpm.engine.instances.loading import Loaded, lock
from bpm.engine.instances.on_record import Cause, put_on_record
from bpm.engine.instances.suspension import resume_waiting, suspend_waiting
from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.engine.rules.reasons import demand_reason
from bpm.engine.rules.variables import admit
from bpm.engine.spiff.step import Cancel, Look, Move, Retry, SetVariables, Skip
from bpm.engine.status import GOES_ON, ActivityStatus, InstanceStatus
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Work, affected
from bpm.identity import Permission, demand
from bpm.search import Changed

INSTANCE = cast("Table", ProcessInstance.__table__)
ACTIVITY = cast("Table", ActivityInstance.__table__)

_MISSING = object()


def cancel(work: Work, instance_id: int, *, reason: str) -> None:
    """End everything that is open in the instance, for a reason that stays on record."""
    loaded = _take(work, instance_id)
    detail = {"was": loaded.status}
    advance(work, loaded, Cancel(), cause=Cause("cancel", reason=demand_reason(reason), detail=detail))


def set_variables(work: Work, instance_id: int, variables: Mapping[str, Any], *, reason: str) -> None:
    """Change variables of a running instance, for a reason that stays on record."""
    admitted, loaded = admit(variables), _take(work, instance_id)
    cause = Cause("set_variables", reason=demand_reason(reason), detail=_change(work, instance_id, admitted))
    advance(work, loaded, SetVariables(admitted), cause=cause)


def skip_visit(
    work: Work, instance_id: int, uid: str, variables: Mapping[str, Any] | None = None, *, reason: str
) -> None:
    """Pass a failed or waiting visit over: it counts as completed, with `variables` instead of its results.

    ConflictError when it is not open any more, or is nothing that can be passed over.
    """
    admitted, loaded = admit(variables or {}), _take(work, instance_id)
    detail = {"element": _element(work, instance_id, uid), **_change(work, instance_id, admitted)}
    cause = Cause("skip", reason=demand_reason(reason), detail=detail)
    advance(work, loaded, Skip(uid, admitted), cause=cause)


def move(
    work: Work, instance_id: int, uid: str, to: str, variables: Mapping[str, Any] | None = None, *, reason: str
) -> None:
    """Cancel an open visit and begin at the element `to` of a scope that is open around it.

    InvalidInputError names why the element cannot be begun there, ConflictError why the visit cannot be left.
    """
    admitted, loaded = admit(variables or {}), _take(work, instance_id)
    came_from = _element(work, instance_id, uid)
    detail = {"from": came_from, "to": to, **_change(work, instance_id, admitted)}
    cause = Cause("move", reason=demand_reason(reason), detail=detail)
    advance(work, loaded, Move(uid, to, admitted), cause=cause)


def visit_at(work: Work, instance_id: int, element: str) -> str:
    """The uid of the one visit that is open at the element; ConflictError when there is none, or more than one."""
    here = (
        ACTIVITY.c.instance_id == instance_id,
        ACTIVITY.c.element == element,
        ACTIVITY.c.status == ActivityStatus.OPEN,
    )
    found = list(work.session.scalars(select(ACTIVITY.c.uid).where(*here).limit(2)))
    if len(found) == 1:
        return str(found[0])
    if found:
        raise ConflictError(
            f"{element} is open more than once in instance {instance_id}.", remedy="Act on one visit of its page."
        )
    raise ConflictError(f"{element} is not open in instance {instance_id}.", remedy="Look where it stands.")


def retry_visit(work: Work, instance_id: int, uid: str, *, reason: str) -> None:
    """Try a failed visit again; called processes that were missing are looked for anew."""
    loaded = lock(work, instance_id)
    if loaded.runnable.calls:
        bindings = {**bind(work, loaded.runnable.calls), **(loaded.bindings or {})}
        work.session.execute(update(INSTANCE).where(INSTANCE.c.id == loaded.id).values(bindings=bindings or None))
        loaded = replace(loaded, bindings=bindings)
    detail = {"element": _element(work, instance_id, uid)}
    advance(work, loaded, Retry(uid), cause=Cause("retry", reason=demand_reason(reason), detail=detail))


def suspend(work: Work, instance_id: int, *, reason: str) -> None:
    """Let nothing of the instance move until it is resumed. ConflictError when it is suspended already or has ended."""
    loaded = _take(work, instance_id)
    if loaded.status not in GOES_ON:
        raise ConflictError(f"Instance {instance_id} is suspended already.", remedy="Nothing was changed.")
    cause = Cause("suspend", reason=demand_reason(reason), detail={"was": loaded.status})
    saved = {"status": InstanceStatus.SUSPENDED, "revision": loaded.revision + 1}
    here = (INSTANCE.c.id == loaded.id, INSTANCE.c.revision == loaded.revision)
    if affected(work, update(INSTANCE).where(*here).values(saved)) != 1:
        raise ConflictError(f"Instance {instance_id} moved on in the meantime.", remedy="Look again, then decide.")
    put_on_record(work, loaded.id, loaded.revision + 1, cause)
    suspend_waiting(work, loaded.id)
    work.publish(Changed("case", (loaded.id,)))
    for topic in ("instances", "work_items"):
        work.nudge(topic)


def resume(work: Work, instance_id: int, *, reason: str) -> None:
    """Let a suspended instance go on: what was held is due again, overdue timers fire at once."""
    loaded = _take(work, instance_id)
    if loaded.status != InstanceStatus.SUSPENDED:
        raise ConflictError(f"Instance {instance_id} is not suspended.", remedy="Nothing was changed.")
    advance(
        work, replace(loaded, status=InstanceStatus.ACTIVE), Look(), cause=Cause("resume", reason=demand_reason(reason))
    )
    resume_waiting(work, loaded.id)
    work.publish(Changed("case", (loaded.id,)))
    work.nudge("work_items")


def _take(work: Work, instance_id: int) -> Loaded:
    """The instance, suspended or not, for somebody who may operate."""
    demand(work.actor, Permission.OPERATE)
    return lock(work, instance_id, even_suspended=True)


def _element(work: Work, instance_id: int, uid: str) -> str:
    """The element of an open visit; its uid where nothing of that name is open (the engine then says so)."""
    query = select(ACTIVITY.c.element).where(ACTIVITY.c.instance_id == instance_id, ACTIVITY.c.uid == uid)
    return work.session.scalar(query.limit(1)) or uid


def _change(work: Work, instance_id: int, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables before and after, of those that are set; one that is not there before is new."""
    if not variables:
        return {}
    held = work.session.scalar(select(INSTANCE.c.variables).where(INSTANCE.c.id == instance_id)) or {}
    before = {name: value for name in variables if (value := held.get(name, _MISSING)) is not _MISSING}
    return {"before": before, "after": dict(variables)}
