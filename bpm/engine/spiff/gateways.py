"""Gateways: where tokens split, meet and are chosen, on live tokens and in document order."""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff.elements import Element, Flow, ProcessSpec

if TYPE_CHECKING:
    from bpm.engine.spiff.run import Run


class ExclusiveGateway(Element):
    """The first flow whose condition holds, in document order, else the default."""

    def choose(self, run: "Run", task: Task) -> tuple[Flow, ...]:
        flows = self.model.flows
        if len(flows) <= 1 and all(flow.condition is None for flow in flows):
            return flows
        for flow in flows:
            if flow.id == self.model.default:
                continue
            if flow.condition is None or run.holds(flow.condition, task.parent):
                return (flow,)
        return self.default_flow()


class ParallelGateway(Element):
    """Waits for one token of each incoming flow, then puts one on each outgoing flow."""

    def arrive(self, run: "Run", task: Task) -> bool:
        if len(self.model.incoming) < 2:
            return True
        task._set_state(TaskState.WAITING)
        here = waiting_here(run, task)
        if len(here) == len(self.model.incoming):
            merge(run, here)
        return False

    def choose(self, run: "Run", task: Task) -> tuple[Flow, ...]:
        # Conditions behind a parallel gateway mean nothing (BPMN 2.0.2, 10.6.4).
        return self.model.flows


class InclusiveGateway(Element):
    """Waits while a token that has not come yet still can; then every flow whose condition holds."""

    def arrive(self, run: "Run", task: Task) -> bool:
        if len(self.model.incoming) < 2:
            return True
        # Looked at when nothing else is ready: only then is it known who can still come.
        task._set_state(TaskState.WAITING)
        return False


class EventBasedGateway(Element):
    """All its events wait at once; the first that comes takes the token."""

    def enter(self, run: "Run", task: Task) -> bool | None:
        run.open(task)
        spec, scope = self._wf_spec, task.parent
        for flow in self.model.flows:
            run.place(spec.task_specs[flow.target], scope, via=flow.id, data={"race": task.id.hex})
        run.close(task, "completed")
        run.drop(task)
        return None


def waiting_here(run: "Run", task: Task) -> dict[str, Task]:
    """The oldest waiting token of each incoming flow at the gateway of `task`."""
    found: dict[str, Task] = {}
    for other in run.tokens(task.parent):
        if other.task_spec is task.task_spec and other.has_state(TaskState.WAITING):
            found.setdefault(other.internal_data["via"], other)
    return found


def merge(run: "Run", here: dict[str, Task]) -> Task:
    """Melt the waiting tokens into one and make it ready."""
    first, *others = here.values()
    for other in others:
        run.drop(other)
    first._ready()
    return first


def open_inclusive_join(run: "Run") -> bool:
    """Let one inclusive join go on that no token can come to any more; whether there was one."""
    seen: set[tuple[object, object]] = set()
    for task in list(run.tasks.values()):
        if not isinstance(task.task_spec, InclusiveGateway) or not task.has_state(TaskState.WAITING):
            continue
        place = (task.parent.id, task.task_spec)
        if place in seen:
            continue
        seen.add(place)
        here = waiting_here(run, task)
        if not _still_coming(run, task, here):
            merge(run, here)
            return True
    return False


def _still_coming(run: "Run", task: Task, here: dict[str, Task]) -> bool:
    """BPMN 2.0.2, 13.4.3: a token elsewhere can reach an empty incoming flow, and none that has a token already."""
    spec: ProcessSpec = task.task_spec._wf_spec
    feeders = spec.feeders(task.task_spec.model.id)
    full = [feeders[flow] for flow in here]
    empty = [elements for flow, elements in feeders.items() if flow not in here]
    for other in run.tokens(task.parent):
        at = other.task_spec.model.id
        if other.task_spec is task.task_spec or not any(at in elements for elements in empty):
            continue
        if not any(at in elements for elements in full):
            return True
    return False
