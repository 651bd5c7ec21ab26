"""What is kept: specs once by content hash, the state of an instance as one small blob without them.

Specs go through the library's converter registry. The state holds live tasks only (finished ones leave the tree when
they finish), so its size depends on what is open and on the variables, never on how long the instance has run.
"""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

import orjson
import zstandard
from SpiffWorkflow.bpmn.serializer.helpers.bpmn_converter import BpmnConverter
from SpiffWorkflow.bpmn.serializer.helpers.registry import DefaultRegistry
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import compilation
from bpm.engine.spiff.element import PROCESS, Element, Flow, Model, ProcessSpec
from bpm.engine.spiff.runtime.workflow import DEFAULT_LIMITS, EarshotWorkflow, Limits
from bpm.foundation.errors import EngineError

STATE_VERSION = 1
_MAX_CACHED = 512


class ProcessSpecConverter(BpmnConverter):  # type: ignore[misc]
    """Our process spec as a dictionary and back."""

    def to_dict(self, spec: ProcessSpec) -> dict[str, Any]:
        elements = [self.registry.convert(element) for element in spec.elements.values()]
        return {"name": spec.name, "description": spec.description, "elements": elements}

    def from_dict(self, dct: dict[str, Any]) -> ProcessSpec:
        spec = ProcessSpec(dct["name"], dct["description"])
        for element in dct["elements"]:
            self.registry.restore(element, spec=spec)
        spec.start = spec.task_specs[PROCESS]
        return spec.index()


class ElementConverter(BpmnConverter):  # type: ignore[misc]
    """Any of our task specs: its model is all there is to know."""

    def to_dict(self, element: Element) -> dict[str, Any]:
        return {"model": asdict(element.model)}

    def from_dict(self, dct: dict[str, Any], spec: ProcessSpec) -> Element:
        said = dct["model"]
        flows = tuple(Flow(**flow) for flow in said["flows"])
        model = Model(**{**said, "flows": flows, "incoming": tuple(said["incoming"]), "events": tuple(said["events"])})
        return self.target_class(spec, model.id, model, lane=model.lane)  # type: ignore[no-any-return]


def _registry() -> DefaultRegistry:
    registry = DefaultRegistry()
    ProcessSpecConverter(ProcessSpec, registry)
    for cls in sorted(compilation.all_classes(), key=lambda cls: cls.__name__):
        ElementConverter(cls, registry)
    return registry


_REGISTRY = _registry()


def dump_spec(spec: ProcessSpec) -> tuple[str, bytes]:
    """(content hash, compressed blob) of a spec; the same model gives the same hash in every process."""
    content = orjson.dumps(_REGISTRY.convert(spec), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()[:32], zstandard.compress(content)


def load_spec(blob: bytes) -> ProcessSpec:
    """The spec of a blob made by `dump_spec`."""
    return _REGISTRY.restore(orjson.loads(zstandard.decompress(blob)))  # type: ignore[no-any-return]


class SpecCache:
    """Specs of this process by hash, least recently used first out; specs are never changed after loading."""

    def __init__(self) -> None:
        self._specs: OrderedDict[str, ProcessSpec] = OrderedDict()
        self._lock = Lock()

    def put(self, spec_hash: str, spec: ProcessSpec) -> None:
        """Remember a spec."""
        with self._lock:
            self._specs[spec_hash] = spec
            self._specs.move_to_end(spec_hash)
            while len(self._specs) > _MAX_CACHED:
                self._specs.popitem(last=False)

    def find(self, spec_hash: str) -> ProcessSpec | None:
        """The spec of that hash, if this process has it."""
        with self._lock:
            spec = self._specs.get(spec_hash)
            if spec is not None:
                self._specs.move_to_end(spec_hash)
            return spec

    def missing(self, hashes: Iterable[str]) -> list[str]:
        """Which of the hashes have to be loaded."""
        return [spec_hash for spec_hash in hashes if self.find(spec_hash) is None]


def dump_state(run: EarshotWorkflow) -> bytes:
    """The live tree of an instance as a compressed blob."""
    places = {task_id: number for number, task_id in enumerate(run.tasks)}
    processes: dict[str, int] = {}
    tasks = [
        (
            task.id.hex,
            places.get(task._parent, -1),
            processes.setdefault(task.task_spec._wf_spec.name, len(processes)),
            task.task_spec.name,
            task._state,
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
    made: list[Task] = []
    for uid, parent, process, element, task_state, internal, data in said["tasks"]:
        owner = made[parent] if parent >= 0 else None
        made.append(_restored(run, specs[names[process]].task_specs[element], owner, task_state, uid, internal, data))
    run.task_tree = made[0]
    run.clockwork, run.completed, run.cancelled = said["clockwork"], said["completed"], said["cancelled"]
    run.changed = False
    run.halted = any(task.internal_data.get("failed") == "budget" for task in made)
    if not run.halted:
        for task in made:
            if task.has_state(TaskState.READY):
                run.make_ready(task)
    return run


def _restored(
    run: EarshotWorkflow,
    element: Element,
    owner: Task | None,
    state: int,
    uid: str,
    internal: dict[str, Any],
    data: dict[str, Any],
) -> Task:
    """A task as it was. Without the library's constructor, which is most of the time of loading a large instance."""
    task = Task.__new__(Task)
    task.id = UUID(int=int(uid, 16))
    task.workflow, task.task_spec = run, element
    task._parent, task._children, task._state = None, [], state
    task.triggered, task.thread_id, task.last_state_change = False, 0, 0.0
    task.internal_data, task.data = internal, data
    run.tasks[task.id] = task
    if owner is not None:
        task._parent = owner.id
        owner._children.append(task.id)
    return task
