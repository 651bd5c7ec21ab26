"""The door: bytes become a Compiled model, a command becomes a Step. Pure: no session, no clock, nothing called."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from SpiffWorkflow.util.task import TaskState

from bpm.engine.bpmn.model import Compiled
from bpm.engine.plain_values import storable
from bpm.engine.spiff import compilation, store
from bpm.engine.spiff.runtime import modification, scheduler, subprocesses
from bpm.engine.spiff.runtime.events import throwing, triggering
from bpm.engine.spiff.runtime.limits import DEFAULT_LIMITS, Limits
from bpm.engine.spiff.runtime.state import load_state
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.model import PROCESS
from bpm.engine.spiff.specs.process import ProcessSpec
from bpm.engine.spiff.step import (
    Cancel,
    Command,
    Complete,
    Deliver,
    FireTimers,
    JobDone,
    JobError,
    Look,
    Move,
    Retry,
    SetVariables,
    Skip,
    StartPlace,
    Step,
    Variables,
)
from bpm.foundation.errors import ConflictError, EngineError, ExpressionError, InvalidInputError

# The library builds the extras of every log record before it looks at the level, unless these two are set themselves.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)

EPOCH = datetime.fromtimestamp(0, UTC)
_CACHE = store.SpecCache()


def compile_model(executable: bytes, process_id: str, *, others: Mapping[str, bytes] = {}) -> Compiled:
    """Compile the process `process_id` of an executable file, with all processes it can call.

    `others` holds executables of called processes by process id. Raises InvalidInputError that names the element.
    """
    found = dict(_compile_file(executable))
    if process_id not in found:
        raise InvalidInputError(f"The file has no process {process_id!r}.", remedy=f"It has: {', '.join(found)}.")
    files = {name: _compile_file(other) for name, other in others.items()}
    # Each called process from its own file first, then whatever these files can call in their turn.
    found = {**{name: file[name] for name, file in files.items() if name in file}, **found}
    for file in files.values():
        found = {**file, **found}
    for spec, spec_hash, _blob in found.values():
        _CACHE.put(spec_hash, spec)
    return Compiled(
        process_id,
        {name: spec_hash for name, (_spec, spec_hash, _blob) in found.items()},
        {spec_hash: blob for _spec, spec_hash, blob in found.values()},
    )


@lru_cache(maxsize=16)
def _compile_file(executable: bytes) -> Mapping[str, tuple[ProcessSpec, str, bytes]]:
    """Process id -> spec, hash and blob. Remembered: a file with many processes is asked for once for each of them."""
    return {name: (spec, *store.dump_spec(spec)) for name, spec in compilation.compile_specs(executable).items()}


def missing_specs(compiled: Compiled) -> list[str]:
    """Hashes of the specs that this process has not loaded yet; hand their blobs to `load_specs`."""
    return _CACHE.missing(set(compiled.specs.values()) - set(compiled.blobs))


def load_specs(blobs: Mapping[str, bytes]) -> None:
    """Load specs by hash into this process."""
    for spec_hash, blob in blobs.items():
        if _CACHE.find(spec_hash) is None:
            _CACHE.put(spec_hash, store.load_spec(blob))


def start(
    compiled: Compiled,
    variables: Variables,
    *,
    now: datetime,
    element: str | None = None,
    payload: Variables | None = None,
    initiator: str | None = None,
    new_uid: Callable[[], UUID] = uuid4,
    limits: Limits = DEFAULT_LIMITS,
) -> Step:
    """Start an instance, at the start event `element` (as drawn) or at the plain one; `payload` is the event's data.

    `initiator` is the name of the person who starts it, for models that ask for it under a name of their own.
    """
    _check(variables)
    _check(payload or {})
    run = EarshotWorkflow(specs_of(compiled), compiled.primary, now=now, new_uid=new_uid, limits=limits)
    root = run.make_root()
    root.internal_data.border = True
    root.data.update(variables)
    spec = run.spec
    starts = (_start_named(spec, element),) if element is not None else subprocesses.plain_starts(spec, PROCESS)[:1]
    if not starts:
        raise InvalidInputError("The process has no start event.", place=compiled.primary)
    root.internal_data.starts = list(starts)
    if payload and _keeps(spec, starts[0], element):
        root.internal_data.payload = payload
    else:
        root.data.update(payload or {})
    if asked := spec.task_specs[starts[0]].model.details.initiator:
        root.data.setdefault(asked, initiator)
    if element is not None:
        root.internal_data.came = element
    scheduler.guarded(run, root, lambda: root.task_spec.enter(run, root))
    return scheduler.finish(run)


def start_at(
    compiled: Compiled,
    variables: Variables,
    places: Sequence[StartPlace],
    *,
    now: datetime,
    initiator: str | None = None,
    new_uid: Callable[[], UUID] = uuid4,
    limits: Limits = DEFAULT_LIMITS,
) -> Step:
    """Start an instance in the middle: a token on each of `places`, as if it had just arrived there.

    Raises InvalidInputError for a place at which nothing can begin.
    """
    _check(variables)
    run = EarshotWorkflow(specs_of(compiled), compiled.primary, now=now, new_uid=new_uid, limits=limits)
    root = run.make_root()
    root.internal_data.border = True
    root.data.update(variables)
    if asked := _initiator_asked(run.spec):
        root.data.setdefault(asked, initiator)
    tokens = tuple(modification.token_at(run.spec, place) for place in dict.fromkeys(places))
    if not tokens:
        raise InvalidInputError("It is not said where to begin.", remedy="Choose at least one element.")
    scheduler.guarded(run, root, lambda: subprocesses.open_process_at(run, root, tokens))
    return scheduler.finish(run)


def _initiator_asked(spec: ProcessSpec) -> str | None:
    """Under which name the plain start event asks for who started it."""
    starts = subprocesses.plain_starts(spec, PROCESS)[:1]
    return spec.task_specs[starts[0]].model.details.initiator if starts else None


def advance(
    compiled: Compiled,
    state: bytes,
    command: Command,
    *,
    now: datetime,
    new_uid: Callable[[], UUID] = uuid4,
    limits: Limits = DEFAULT_LIMITS,
) -> Step:
    """Do one command to an instance.

    Raises ConflictError when what it names is not open (any more), InvalidInputError for variables that cannot be
    stored.
    """
    _check(getattr(command, "variables", None) or getattr(command, "payload", None) or {})
    run = load_state(state, specs_of(compiled), compiled.primary, now=now, new_uid=new_uid, limits=limits)
    if not isinstance(command, JobDone):
        run.forget_jobs()
    _do(run, command)
    return scheduler.finish(run)


def _do(run: EarshotWorkflow, command: Command) -> None:
    match command:
        case Complete(uid, variables):
            task = _waiting(run, uid, "person")
            scheduler.guarded(run, task, lambda: _finish(run, task, variables))
        case JobDone(uid, variables, deleted):
            task = _waiting(run, uid, "job")
            scheduler.guarded(run, task, lambda: _finish(run, task, variables, deleted=deleted))
        case JobError(uid, code, message, escalation, variables):
            task = _waiting(run, uid, "job", "person")
            payload = {**variables, "errorCode": code, "errorMessage": message}
            act = _escalate if escalation else _throw
            scheduler.guarded(run, task, lambda: act(run, task, code, payload))
        case Deliver(uid, payload):
            task = _waiting(run, uid, "message", "signal")
            scheduler.guarded(run, task, lambda: triggering.fire(run, task, dict(payload)))
        case FireTimers():
            scheduler.fire_timers(run)
        case _:
            _repair(run, command)


def _repair(run: EarshotWorkflow, command: Command) -> None:
    """What only an operator commands."""
    match command:
        case SetVariables(variables):
            run.write(run.task_tree, variables)
        case Retry(uid):
            _retry(run, uid)
        case Skip(uid, variables):
            modification.skip(run, _task(run, uid), dict(variables))
        case Move(uid, to, variables):
            modification.move(run, _task(run, uid), to, dict(variables))
        case Look():
            pass
        case Cancel():
            scheduler.cancel(run)


def visible_to(compiled: Compiled, state: bytes, uid: str) -> Variables:
    """The variables that the open visit `uid` sees now, its own ones first. Raises ConflictError when it is gone.

    A script that runs after other branches wrote should be given these rather than the payload of its job.
    """
    run = load_state(state, specs_of(compiled), compiled.primary, now=EPOCH)
    return dict(run.visible(_task(run, uid)))


def _check(variables: Variables) -> None:
    try:
        storable(variables)
    except ExpressionError as error:
        raise InvalidInputError(error.message, remedy=error.remedy) from None


def specs_of(compiled: Compiled) -> dict[str, ProcessSpec]:
    specs: dict[str, ProcessSpec] = {}
    for name, spec_hash in compiled.specs.items():
        spec = _CACHE.find(spec_hash)
        if spec is None:
            if spec_hash not in compiled.blobs:
                raise EngineError(f"The spec {spec_hash} of {name!r} is not loaded.", remedy="Call load_specs first.")
            spec = store.load_spec(compiled.blobs[spec_hash])
            _CACHE.put(spec_hash, spec)
        specs[name] = spec
    return specs


def _start_named(spec: ProcessSpec, element: str) -> str:
    inside = spec.inside[PROCESS]
    for start in inside.starts:
        if element in (start, spec.task_specs[start].bpmn_id):
            return start
    for start in inside.instantiating:
        behind = [flow.target for flow in spec.task_specs[start].model.flows]
        if element in [name for key in (start, *behind) for name in (key, spec.task_specs[key].bpmn_id)]:
            return start
    raise InvalidInputError(f"The process has no start event {element!r}.", place=spec.name)


def _keeps(spec: ProcessSpec, start: str, element: str | None) -> bool:
    """Whether what the event brings stays with the element that it starts at, or that stands behind that gateway."""
    behind = [flow.target for flow in spec.task_specs[start].model.flows]
    names = [start, *(name for name in behind if element in (name, spec.task_specs[name].bpmn_id))]
    return any(spec.task_specs[name].model.details.keeps for name in names)


def _task(run: EarshotWorkflow, uid: str) -> Token:
    try:
        task = run.tasks.get(UUID(hex=uid))
    except ValueError:
        task = None
    if task is None:
        raise ConflictError("It is not open any more.", place=uid, remedy="Load the instance again.")
    return task


def _waiting(run: EarshotWorkflow, uid: str, *kinds: str) -> Token:
    task = _task(run, uid)
    if not task.internal_data.waits_for(*kinds) or task.has_state(TaskState.ERROR):
        raise ConflictError("It does not wait for this.", place=uid, remedy="Load the instance again.")
    return task


def _finish(run: EarshotWorkflow, task: Token, variables: Variables, *, deleted: frozenset[str] = frozenset()) -> None:
    task.internal_data.wait = None
    run.erase(task, deleted)
    triggering.end_race(run, task)
    task.task_spec.finish(run, task, dict(variables))


def _throw(run: EarshotWorkflow, task: Token, code: str, payload: Variables) -> None:
    throwing.throw_error(run, task, code, payload=payload)


def _escalate(run: EarshotWorkflow, task: Token, code: str, payload: Variables) -> None:
    throwing.throw_escalation(run, task, code, payload)
    if task.id in run.tasks:
        # The job itself is over; an escalation that does not interrupt lets the activity go on.
        _finish(run, task, {})


def _retry(run: EarshotWorkflow, uid: str) -> None:
    task = _task(run, uid)
    if not task.internal_data.failed:
        raise ConflictError("It has not failed.", place=uid)
    scheduler.retry(run, task)


def describe(state: bytes, compiled: Compiled) -> Iterable[dict[str, Any]]:
    """The live tasks of a state, for diagnosis: uid, element, state, what it waits for."""
    run = load_state(state, specs_of(compiled), compiled.primary, now=EPOCH)
    for task in run.tasks.values():
        yield {
            "uid": task.id.hex,
            "element": task.task_spec.bpmn_id,
            "state": TaskState.get_name(task.state),
            "wait": task.internal_data.wait,
            "failed": task.internal_data.failed,
        }
