"""Instances: started, advanced by one command at a time, and saved under their revision.

How a step is saved, and what keeps two from doing it at once
1. The instance is read with a row lock (PostgreSQL) inside a writing transaction (SQLite lets only one in).
2. The command is worked out purely: `execution.advance` gives a Step.
3. `UPDATE ... WHERE revision = ?` saves state and variables; if not exactly one row changed, somebody was faster and
   the whole command leaves as ConflictError with nothing kept.
4. The step goes on record (who, what, why) under its revision, and the projection writes its rows.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, insert, select, update
from sqlalchemy.orm import undefer

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
    runnable,
)
from bpm.engine.events import InstanceEnded, InstanceStarted, MessageThrown, SignalThrown
from bpm.engine.instances.as_brought import as_brought
from bpm.engine.instances.audit_rows import is_commanded, record_step
from bpm.engine.instances.projection import Place, project
from bpm.engine.instances.suspension import suspend_waiting
from bpm.engine.instances.version_choice import Beginning, choose_version
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion, StepRecord
from bpm.engine.rules.audit_names import case
from bpm.engine.rules.variables import admit
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Cancel, Command, Complete, JobDone, SetVariables, Step
from bpm.engine.status import ENDED, RUNNING, InstanceStatus
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.work import Work, affected
from bpm.search import Changed

INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)
RECORD = cast("Table", StepRecord.__table__)

# The statements of every step, built once: building them costs more than running them.
_SAVE = (
    update(INSTANCE)
    .where(INSTANCE.c.id == bindparam("instance"), INSTANCE.c.revision == bindparam("seen"))
    .values(
        revision=bindparam("next"),
        state=bindparam("state_"),
        variables=bindparam("variables_"),
        status=bindparam("status_"),
        ended_at=bindparam("ended"),
    )
)
_PUT_ON_RECORD = insert(RECORD)
_TARGETS = (
    select(DEFINITION.c.service_targets)
    .where(DEFINITION.c.id == VERSION.c.definition_id)
    .scalar_subquery()
    .label("service_targets")
)


class SuspendedError(ConflictError):
    """The instance is suspended: nothing in it moves until an operator resumes it."""


@dataclass(frozen=True)
class Loaded:
    """An instance as read for one command."""

    id: int
    revision: int
    status: str
    state: bytes
    process_id: str | None
    bindings: Bindings | None
    runnable: Runnable
    targets: Targets | None = None
    """See `projection.Place`."""

    def place(self, *, acted: str | None = None, settled: bool = False) -> Place:
        """Where the rows of its next step belong."""
        process_id = self.process_id or self.runnable.primary
        called = _called(self.bindings, self.runnable)
        return Place(
            self.id, self.runnable.version_id, process_id,
            called=called, targets=self.targets, acted=acted, settled=settled,
        )  # fmt: skip


@dataclass(frozen=True)
class Cause:
    """What goes on record with a step, and how far it is from the command that set it off."""

    command: str
    reason: str | None = None
    detail: Mapping[str, Any] | None = None
    """What an operator's act changed, where the command alone does not say it."""
    hops: int = 0
    """Messages and signals between processes that led here within this transaction."""
    settled: bool = False
    """See `projection.Place`."""


@dataclass(frozen=True)
class NewInstance:
    """An instance that is not kept yet: of what, and under which key."""

    chosen: Runnable
    process_id: str | None
    bindings: Bindings | None
    business_key: str | None
    restarted_from: int | None = None
    targets: Targets | None = None
    """See `projection.Place`."""


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

    Beside a version on trial it may be one of that. `targets`: see `projection.Place`.
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
    called = _called(new.bindings, chosen)
    place = Place(instance.id, chosen.version_id, process_id or chosen.primary, called=called, targets=new.targets)
    put_on_record(work, instance.id, 1, cause, step=step, brought=brought)
    project(work, place, step)
    work.publish(InstanceStarted(instance.id, chosen.key_of(process_id)))
    work.publish(Changed("case", (instance.id,)))
    _tell(work, instance.id, step, hops=cause.hops)
    return instance


def lock(work: Work, instance_id: int, *, even_suspended: bool = False) -> Loaded:
    """The instance, locked for one command; NotFoundError, or ConflictError when it has ended or is suspended."""
    return _load(work, instance_id, even_suspended=even_suspended, locked=True)


def look(work: Work, instance_id: int) -> Loaded:
    """The instance as `lock` gives it, without the lock: for transactions that only read."""
    return _load(work, instance_id, even_suspended=False, locked=False)


def _load(work: Work, instance_id: int, *, even_suspended: bool, locked: bool) -> Loaded:
    query = instance_query(locked=locked).where(INSTANCE.c.id == instance_id)
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    return loaded_from(work, row, even_suspended=even_suspended)


def instance_query(*more: Any, locked: bool = True) -> Select[Any]:
    """What `loaded_from` reads, mostly with the lock; `more` columns may come along (join their tables)."""
    columns = (
        INSTANCE.c.id.label("instance_id"), INSTANCE.c.revision, INSTANCE.c.status.label("instance_status"),
        INSTANCE.c.state, INSTANCE.c.process_id, INSTANCE.c.bindings, INSTANCE.c.version_id, VERSION.c.content_hash,
        _TARGETS,
    )  # fmt: skip
    joined = INSTANCE.join(VERSION, VERSION.c.id == INSTANCE.c.version_id)
    query = select(*columns, *more).select_from(joined)
    return query.with_for_update(of=INSTANCE) if locked else query


def loaded_from(work: Work, row: Any, *, even_suspended: bool = False) -> Loaded:
    """A row of `instance_query` as an instance that can go on; ConflictError when it cannot."""
    if row.instance_status == InstanceStatus.SUSPENDED and not even_suspended:
        raise SuspendedError(
            f"Instance {row.instance_id} is suspended: nothing in it moves.",
            remedy="Nothing was changed. Ask an operator to resume it.",
        )
    if row.instance_status not in RUNNING:
        raise ConflictError(
            f"Instance {row.instance_id} is {row.instance_status}.", remedy="Nothing was changed; it goes on no more."
        )
    return Loaded(
        id=row.instance_id,
        revision=row.revision,
        status=row.instance_status,
        state=row.state,
        process_id=row.process_id,
        bindings=row.bindings,
        runnable=runnable(work, row.version_id, row.content_hash),
        targets=row.service_targets or {},
    )


def advance(work: Work, loaded: Loaded, command: Command, *, cause: Cause) -> Step:
    """Work out `command`, save the instance under its revision, write what follows from it.

    A suspended instance stays suspended, and what the command began in it is held.
    """
    compiled = provide_specs(work, loaded.runnable.compiled(loaded.process_id, loaded.bindings))
    step = execution.advance(compiled, loaded.state, command, now=work.now())
    acted = None if isinstance(command, Cancel | SetVariables) else getattr(command, "uid", None)
    settled = cause.settled and isinstance(command, Complete | JobDone)
    place = loaded.place(acted=acted, settled=settled)
    keep(work, loaded, step, cause=cause, place=place, brought=as_brought(command))
    return step


def keep(
    work: Work,
    loaded: Loaded,
    step: Step,
    *,
    cause: Cause,
    place: Place,
    brought: Mapping[str, Any] | None = None,
) -> None:
    """Save an instance as `step` left it, put the step on record and write its rows at `place`."""
    _save(work, loaded, step)
    put_on_record(work, loaded.id, loaded.revision + 1, cause, step=step, brought=brought)
    project(work, place, step)
    if loaded.status == InstanceStatus.SUSPENDED and step.status not in ENDED:
        suspend_waiting(work, loaded.id)
    if step.status in ENDED:
        work.publish(InstanceEnded(loaded.id, step.status, loaded.runnable.key_of(loaded.process_id)))
    # Steps of a case that goes on are many and write little: what they bring is found when it ends or stops.
    if step.status != loaded.status or cause.command == "set_variables":
        work.publish(Changed("case", (loaded.id,)))
    _tell(work, loaded.id, step, hops=cause.hops)


def _called(bindings: Bindings | None, chosen: Runnable) -> dict[str, int]:
    """Versions of the processes that other definitions brought; what the file itself has comes first."""
    return {
        process: int(version_id)
        for process, (_spec, version_id) in (bindings or {}).items()
        if process not in chosen.specs
    }


def see(work: Work, loaded: Loaded, uid: str) -> dict[str, Any]:
    """The variables that an open visit sees now."""
    compiled = provide_specs(work, loaded.runnable.compiled(loaded.process_id, loaded.bindings))
    return dict(execution.visible_to(compiled, loaded.state, uid))


def _save(work: Work, loaded: Loaded, step: Step) -> None:
    ended = step.status in ENDED
    saved = {
        "instance": loaded.id,
        "seen": loaded.revision,
        "next": loaded.revision + 1,
        "state_": None if ended else step.state,
        "variables_": step.variables,
        "status_": loaded.status if loaded.status == InstanceStatus.SUSPENDED and not ended else step.status,
        "ended": work.now() if ended else None,
    }
    if affected(work, _SAVE, saved) != 1:
        raise ConflictError(
            f"Instance {loaded.id} moved on in the meantime.", remedy="Nothing was changed: look again, then decide."
        )
    known = work.session.identity_map.get(work.session.identity_key(ProcessInstance, loaded.id))
    if known is not None:
        work.session.expire(known)


def put_on_record(
    work: Work,
    instance_id: int,
    revision: int,
    cause: Cause,
    *,
    step: Step | None = None,
    brought: Mapping[str, Any] | None = None,
) -> None:
    """Add to the append-only record who did what, when and why, and what the history is to say of the step."""
    detail = cause.detail
    if step is not None and step.notes:
        detail = {**(detail or {}), "notes": [f"{note.element}: {note.text}" for note in step.notes]}
    if step is not None and step.fired:
        detail = {**(detail or {}), "fired": [asdict(each) for each in step.fired]}
    row = {
        "instance_id": instance_id,
        "revision": revision,
        "command": cause.command,
        "at": work.now(),
        "actor_id": work.actor.user_id,
        "reason": cause.reason,
        "detail": detail,
        "brought": brought,
    }
    work.session.execute(_PUT_ON_RECORD, row)
    record_step(work, instance_id, cause.command, reason=cause.reason, detail=cause.detail)


def _tell(work: Work, instance_id: int, step: Step, *, hops: int) -> None:
    """State what the step threw; `correlation` sees to who takes it."""
    for thrown in step.thrown:
        if thrown.kind == "message":
            work.publish(MessageThrown(instance_id, thrown.event, thrown.key, thrown.payload, hops=hops))
        else:
            work.publish(SignalThrown(instance_id, thrown.event, thrown.payload, hops=hops))
    work.nudge("instances")


def get_entity(work: Work, instance_id: int) -> ProcessInstance:
    """The row of an instance, with its state: for checks and tools, never for a screen."""
    found = work.session.get(ProcessInstance, instance_id, options=[undefer(ProcessInstance.state)])
    if found is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    return found
