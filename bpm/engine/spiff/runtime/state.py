"""The state of an instance as one small blob, without its specs.

The state holds live tasks only (finished ones leave the tree when
they finish), so its size depends on what is open and on the variables, never on how long the instance has run.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import zstandard
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import library
from bpm.engine.spiff.runtime.limits import DEFAULT_LIMITS, Limits
from bpm.engine.spiff.runtime.token_state import Token, TokenState
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.process import ProcessSpec
from bpm.foundation.errors import EngineError

STATE_VERSION = 1


def dump_state(run: EarshotWorkflow) -> bytes:
    """The live tree of an instance as a compressed blob."""
    places: dict[UUID | None, int] = {task_id: number for number, task_id in enumerate(run.tasks)}
    processes: dict[str, int] = {}
    tasks = [
        (
            task.id.hex,
            places.get(library.parent_id(task), -1),
            processes.setdefault(task.task_spec.process.name, len(processes)),
            task.task_spec.name,
            library.state_of(task),
            task.internal_data,
            task.data,
        )
        for task in run.tasks.values()
    ]
    state = {
        "v": STATE_VERSION,
        "processes": list(processes),
        "tasks": tasks,
        "clockwork": run.clockwork,
        "completed": run.completed,
        "cancelled": run.cancelled,
    }
    try:
        return zstandard.compress(orjson.dumps(state))
    except TypeError as error:
        raise EngineError(
            f"A variable holds something that is no JSON value ({error}).",
            remedy="Keep to text, numbers and lists.",
        ) from None


def change_state(state: bytes, change: Callable[[Any], Any]) -> bytes:
    """The blob with `change` made to the variables of each token, and to what an event brought; no spec is needed."""
    said = orjson.loads(zstandard.decompress(state))
    for task in said["tasks"]:
        task[6] = change(task[6])
        if "payload" in task[5]:
            task[5]["payload"] = change(task[5]["payload"])
    return zstandard.compress(orjson.dumps(said))


def load_state(
    state: bytes,
    specs: Mapping[str, ProcessSpec],
    primary: str,
    *,
    now: datetime,
    new_uid: Callable[[], UUID] = uuid4,
    limits: Limits = DEFAULT_LIMITS,
) -> EarshotWorkflow:
    """The instance of a blob made by `dump_state`, ready for the next command."""
    said = orjson.loads(zstandard.decompress(state))
    if said["v"] != STATE_VERSION:
        raise EngineError(f"The state has version {said['v']}, this release reads {STATE_VERSION}.")
    run = EarshotWorkflow(specs, primary, now=now, new_uid=new_uid, limits=limits)
    names = said["processes"]
    made: list[Token] = []
    for uid, parent, process, element, task_state, internal, data in said["tasks"]:
        owner = made[parent] if parent >= 0 else None
        spec = specs[names[process]].task_specs[element]
        made.append(
            library.restored_task(
                Token,
                run,
                spec,
                owner,
                uid=UUID(int=int(uid, 16)),
                state=task_state,
                internal=TokenState(internal),
                data=data,
            )
        )
    run.task_tree = made[0]
    run.clockwork, run.completed, run.cancelled = said["clockwork"], said["completed"], said["cancelled"]
    run.changed = False
    run.halted = any(task.internal_data.failed == "budget" for task in made)
    if not run.halted:
        for task in made:
            if task.has_state(TaskState.READY):
                run.make_ready(task)
    return run
