"""A case is taken up again: a new one begins where its operator says, with the values of the old one.

What it means (as Camunda 7's restart of a process instance)
- The old case stays as it is, finished, cancelled or failed; the new one says which it was restarted from.
- A token begins at each chosen element, or on the one flow that leads out of it, and nothing else is opened.
- Values: those that the old case had last, or those that it began with; the ones given here come on top.
- Version: the one that the old case ran last, or the one that is live now. Called processes keep the versions that
  the old case had bound, where the version is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from sqlalchemy import Table, select

from bpm import audit
from bpm.engine.definitions.version_cache import (
    Bindings,
    Startable,
    bind,
    get_live,
    get_version_runnable,
    provide_specs,
)
from bpm.engine.instances.on_record import Cause
from bpm.engine.instances.starting import NewInstance, keep_new
from bpm.engine.models import ProcessInstance, StepRecord
from bpm.engine.rules.audit_names import case
from bpm.engine.rules.reasons import demand_reason
from bpm.engine.rules.variables import admit
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import StartPlace
from bpm.engine.status import ENDED, InstanceStatus
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

INSTANCE = cast("Table", ProcessInstance.__table__)
RECORD = cast("Table", StepRecord.__table__)
TAKEN_UP = ENDED | {InstanceStatus.FAILED}
"""States of a case that can be taken up again."""


@dataclass(frozen=True)
class Restart:
    """How a case is taken up again."""

    before: tuple[str, ...] = ()
    """Elements to begin at, as drawn."""
    after: tuple[str, ...] = ()
    """Elements to begin behind."""
    values: Literal["last", "initial"] = "last"
    variables: Mapping[str, Any] = field(default_factory=dict)
    """What is changed or added."""
    version: Literal["same", "live"] = "same"


def restart(work: Work, instance_id: int, order: Restart, *, reason: str) -> ProcessInstance:
    """Begin a new case from an old one; gives the new one.

    ConflictError while the old one runs or once its values are erased, InvalidInputError for an element that nothing
    can begin at.
    """
    demand(work.actor, Permission.OPERATE)
    old = _old(work, instance_id)
    had = _values(work, old, order)
    values = admit({**had, **order.variables})
    chosen, bindings = _version(work, old, order)
    compiled = provide_specs(work, chosen.runnable.compiled(chosen.process_id, bindings))
    places = [StartPlace(element) for element in order.before]
    places += [StartPlace(element, after=True) for element in order.after]
    initiator = work.actor.name if work.actor.is_person else None
    step = execution.start_at(compiled, values, places, now=work.now(), initiator=initiator)
    new = NewInstance(chosen.runnable, chosen.process_id, bindings, old.business_key, old.id)
    at = [*order.before, *(f"behind {element}" for element in order.after)]
    known = {name: had[name] for name in order.variables if name in had}
    changed = {"before": known, "after": dict(order.variables)} if order.variables else {}
    detail = {"from": old.id, "at": at, "values": order.values, **changed}
    cause, brought = (
        Cause("restart", reason=demand_reason(reason), detail=detail),
        {"act": "restart", "variables": values},
    )
    began = keep_new(work, new, step, cause=cause, brought=brought)
    audit.record(work, "case.restarted", case(old.id, old.business_key), after={"as": began.id}, reason=reason)
    return began


def _old(work: Work, instance_id: int) -> Any:
    columns = (
        INSTANCE.c.id, INSTANCE.c.status, INSTANCE.c.version_id, INSTANCE.c.process_id, INSTANCE.c.bindings,
        INSTANCE.c.variables, INSTANCE.c.business_key, INSTANCE.c.erased_at,
    )  # fmt: skip
    old = work.session.execute(select(*columns).where(INSTANCE.c.id == instance_id)).first()
    if old is None:
        raise NotFoundError(_("There is no case %(id)s.") % {"id": instance_id})
    if old.erased_at is not None:
        raise ConflictError(
            _("The values of case %(id)s are erased.") % {"id": instance_id}, remedy=_("Start a new case instead.")
        )
    if old.status not in TAKEN_UP:
        raise ConflictError(
            _("Case %(id)s still runs.") % {"id": instance_id}, remedy=_("Move it to another step, or cancel it first.")
        )
    return old


def _values(work: Work, old: Any, order: Restart) -> Mapping[str, Any]:
    if order.values == "last":
        return cast("Mapping[str, Any]", old.variables)
    first = select(RECORD.c.brought).where(RECORD.c.instance_id == old.id, RECORD.c.revision == 1)
    brought = work.session.scalar(first) or {}
    if "variables" not in brought:
        raise ConflictError(
            _("It is not on record what case %(id)s began with.") % {"id": old.id},
            remedy=_("It began before that was kept; take it up with the values that it had last."),
        )
    return cast("Mapping[str, Any]", brought["variables"])


def _version(work: Work, old: Any, order: Restart) -> tuple[Startable, Bindings | None]:
    same = get_version_runnable(work, old.version_id)
    chosen = Startable(same, old.process_id or same.primary)
    if order.version == "live":
        chosen = get_live(work, same.key_of(old.process_id))
    calls = chosen.runnable.calls
    bound = bind(work, calls) if calls else {}
    if chosen.runnable.version_id == old.version_id:
        bound = {**bound, **(old.bindings or {})}
    return chosen, bound or None


def order_of(parameters: Mapping[str, Any]) -> Restart:
    """The order as a bulk action keeps it, from plain JSON; InvalidInputError for what is none."""
    order = Restart(
        before=tuple(parameters.get("before") or ()),
        after=tuple(parameters.get("after") or ()),
        values=parameters.get("values", "last"),
        variables=dict(parameters.get("variables") or {}),
        version=parameters.get("version", "same"),
    )
    if order.values not in ("last", "initial") or order.version not in ("same", "live"):
        raise InvalidInputError(
            _("It is not said how to restart."),
            remedy=_("Choose the values (last, initial) and the version (same, live)."),
        )
    if not order.before and not order.after:
        raise InvalidInputError(_("It is not said where to begin."), remedy=_("Choose at least one step."))
    return order
