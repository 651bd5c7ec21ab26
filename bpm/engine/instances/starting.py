"""Instances that begin: of the live version, or at an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpm import audit
from bpm.engine.definitions.service_targets import Targets
from bpm.engine.definitions.version_cache import (
    Bindings,
    Runnable,
    Startable,
    bind,
    get_live,
    get_version_runnable,
    provide_specs,
)
from bpm.engine.events import InstanceStarted
from bpm.engine.instances.audit_rows import is_commanded
from bpm.engine.instances.loading import called_versions
from bpm.engine.instances.on_record import Cause, put_on_record, tell
from bpm.engine.instances.place import Place
from bpm.engine.instances.projection import project
from bpm.engine.instances.version_choice import Beginning, choose_version
from bpm.engine.models import ProcessInstance
from bpm.engine.rules.audit_names import case
from bpm.engine.rules.variables import admit
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Step
from bpm.engine.status import ENDED
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Work
from bpm.search import Changed


@dataclass(frozen=True)
class NewInstance:
    """An instance that is not kept yet: of what, and under which key."""

    chosen: Runnable
    process_id: str | None
    bindings: Bindings | None
    business_key: str | None
    restarted_from: int | None = None
    targets: Targets | None = None
    """See `place.Place`."""


def start(
    work: Work,
    key: str,
    variables: Mapping[str, Any],
    *,
    business_key: str | None = None,
    version_id: int | None = None,
    whose: int | None = None,
) -> ProcessInstance:
    """Start the live version of the process `key` (or the version `version_id` of it, live or retired).

    `whose`: see `version_choice.Beginning`.
    """
    chosen = get_live(work, key) if version_id is None else _of_version(work, version_id, key)
    return begin_at(work, chosen, variables, business_key=business_key, whose=whose)


def begin_at(
    work: Work,
    chosen: Startable,
    variables: Mapping[str, Any],
    *,
    business_key: str | None = None,
    whose: int | None = None,
) -> ProcessInstance:
    """A new instance of a process of a live version."""
    return begin(
        work, chosen.runnable, variables,
        business_key=business_key, process_id=chosen.process_id, targets=chosen.targets, whose=whose,
    )  # fmt: skip


def _of_version(work: Work, version_id: int, key: str) -> Startable:
    chosen = get_version_runnable(work, version_id, trial=False)
    process_id = chosen.find_process(key)
    if process_id is None:
        raise InvalidInputError(f"Version {version_id} is one of {chosen.key!r}.", remedy=f"Not of {key!r}.")
    return Startable(chosen, process_id)


def begin(
    work: Work,
    chosen: Runnable,
    variables: Mapping[str, Any],
    *,
    business_key: str | None = None,
    process_id: str | None = None,
    element: str | None = None,
    hops: int = 0,
    targets: Targets | None = None,
    whose: int | None = None,
) -> ProcessInstance:
    """A new instance of `chosen`; at the start event `element` the variables are what the event brought.

    Beside a version on trial it may be one of that. `targets`: see `place.Place`.
    """
    admitted = admit(variables)
    chosen, choice = choose_version(work, chosen, Beginning(chosen.version_id, admitted, business_key, whose))
    bindings = bind(work, chosen.calls) if chosen.calls else None
    compiled = provide_specs(work, chosen.compiled(process_id, bindings))
    now = work.now()
    initiator = work.actor.name if work.actor.is_person else None
    if element is None:
        step = execution.start(compiled, admitted, now=now, initiator=initiator)
    else:
        step = execution.start(compiled, {}, now=now, element=element, payload=admitted, initiator=initiator)
    new = NewInstance(chosen, process_id, bindings, business_key, targets=targets)
    brought = {"act": "start", "element": element, "variables": dict(admitted), "initiator": initiator}
    instance = keep_new(work, new, step, cause=Cause("start", hops=hops), brought=brought)
    if choice is not None:
        choice.keep(work, instance.id)
    if not hops and is_commanded(work):
        began = {"status": step.status, "process": chosen.key_of(process_id), "variables": dict(admitted)}
        audit.record(work, "case.start", case(instance.id, business_key), after=began)
    return instance


def keep_new(
    work: Work, new: NewInstance, step: Step, *, cause: Cause, brought: Mapping[str, Any] | None = None
) -> ProcessInstance:
    """Save an instance as its first step left it, put that and what was brought on record, and write its rows."""
    now, chosen, process_id = work.now(), new.chosen, new.process_id
    instance = ProcessInstance(
        version_id=chosen.version_id,
        process_id=process_id if process_id != chosen.primary else None,
        bindings=new.bindings or None,
        status=step.status,
        revision=1,
        state=None if step.status in ENDED else step.state,
        variables=step.variables,
        restarted_from=new.restarted_from,
        business_key=new.business_key,
        started_at=now,
        ended_at=now if step.status in ENDED else None,
        started_by=work.actor.user_id,
    )
    work.session.add(instance)
    work.session.flush()
    called = called_versions(new.bindings, chosen)
    place = Place(instance.id, chosen.version_id, process_id or chosen.primary, called=called, targets=new.targets)
    put_on_record(work, instance.id, 1, cause, step=step, brought=brought)
    project(work, place, step)
    work.publish(InstanceStarted(instance.id, chosen.key_of(process_id)))
    work.publish(Changed("case", (instance.id,)))
    tell(work, instance.id, step, hops=cause.hops)
    return instance
