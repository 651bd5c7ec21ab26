"""Gateways: where tokens split, meet and are chosen, on live tokens and in document order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import library
from bpm.engine.spiff.runtime.node import Node
from bpm.engine.spiff.runtime.token_state import Begun, Token
from bpm.engine.spiff.specs.model import Flow
from bpm.engine.spiff.specs.process import Element, ProcessSpec
from bpm.foundation.errors import ExpressionError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


class ExclusiveGateway(Node):
    """The first flow whose condition holds, in document order, else the default."""

    def choose(self, run: "EarshotWorkflow", task: Token) -> tuple[Flow, ...]:
        flows = self.model.flows
        if len(flows) <= 1 and all(flow.condition is None for flow in flows):
            return flows
        for flow in flows:
            if flow.id == self.model.default:
                continue
            if flow.condition is None or run.holds(flow.condition, task.parent, at=flow.id):
                return (flow,)
        return self.default_flow()


class ParallelGateway(Node):
    """Waits for one token of each incoming flow, then puts one on each outgoing flow."""

    def arrive(self, run: "EarshotWorkflow", task: Token) -> bool:
        if len(self.model.incoming) < 2:
            return True
        library.set_state(task, TaskState.WAITING)
        here = waiting_here(run, task)
        if len(here) == len(self.model.incoming):
            merge(run, here)
        return False

    def choose(self, run: "EarshotWorkflow", task: Token) -> tuple[Flow, ...]:
        # Conditions behind a parallel gateway mean nothing (BPMN 2.0.2, 10.6.4).
        return self.model.flows


class InclusiveGateway(Node):
    """Waits while a token that has not come yet still can; then every flow whose condition holds."""

    def arrive(self, run: "EarshotWorkflow", task: Token) -> bool:
        if len(self.model.incoming) < 2:
            return True
        # Looked at when nothing else is ready: only then is it known who can still come.
        library.set_state(task, TaskState.WAITING)
        return False


class EventBasedGateway(Node):
    """All its events wait at once; the first that comes takes the token."""

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        run.open(task)
        spec, scope = self.process, task.parent
        came, is_parallel = task.internal_data.came, self.model.details.parallel
        for flow in self.model.flows:
            target = spec.task_specs[flow.target]
            has_come = came is not None and came in (target.model.id, target.bpmn_id)
            if came is None or is_parallel or has_come:
                # An instance that one of the events has started waits for the others only if all are needed.
                data: Begun = {"race": task.id.hex}
                if has_come and came is not None:
                    data = {"came": came}
                elif is_parallel:
                    data = {}
                run.place(target, scope, via=flow.id, data=data)
        run.close(task, "completed")
        run.drop(task)
        return None


def waiting_here(run: "EarshotWorkflow", task: Token) -> dict[str, Token]:
    """The oldest waiting token of each incoming flow at the gateway of `task`."""
    found: dict[str, Token] = {}
    for other in run.tokens(task.parent):
        if other.task_spec is task.task_spec and other.has_state(TaskState.WAITING):
            found.setdefault(other.internal_data.way, other)
    return found


def merge(run: "EarshotWorkflow", here: dict[str, Token]) -> Token:
    """Melt the waiting tokens into one and make it ready."""
    first, *others = here.values()
    for other in others:
        run.drop(other)
    library.ready(first)
    return first


class ComplexGateway(Node):
    """Fires when its activation condition holds for the tokens that have come, then waits to start anew.

    BPMN 2.0.2, 13.4.4. The condition sees `activationCount`, the number of waiting tokens, and the number on each
    incoming flow by the flow's id. What still comes after it fired is swallowed at the reset, on which only flows with
    a true condition of their own go on; conditions tell the phases apart by `waitingForStart`.
    """

    def arrive(self, run: "EarshotWorkflow", task: Token) -> bool:
        if len(self.model.incoming) < 2 or task.internal_data.phase is not None:
            return True
        library.set_state(task, TaskState.WAITING)
        if self.model.id in (task.parent.internal_data.fired or {}):
            return False
        try:
            self._activate(run, task)
        except ExpressionError:
            # Run it, so that the failure becomes its own and not that of the element before it.
            return True
        return False

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        run.open(task)
        if len(self.model.incoming) > 1 and task.internal_data.phase is None:
            library.set_state(task, TaskState.WAITING)
            self._activate(run, task)
            return None
        return True

    def choose(self, run: "EarshotWorkflow", task: Token) -> tuple[Flow, ...]:
        is_reset = task.internal_data.phase == "reset"
        task.data.setdefault("waitingForStart", not is_reset)
        conditional = [flow for flow in self.model.flows if flow.condition and flow.id != self.model.default]
        held = {flow.id for flow in conditional if run.holds(flow.condition or "", task, at=flow.id)}
        if is_reset:
            return tuple(flow for flow in self.model.flows if flow.id in held)
        bare = {f.id for f in self.model.flows if not f.condition and f.id != self.model.default}
        return tuple(flow for flow in self.model.flows if flow.id in held | bare) or self.default_flow()

    def _activate(self, run: "EarshotWorkflow", task: Token) -> None:
        """Fire if the tokens that wait here are what the activation condition asks for."""
        counts = dict.fromkeys(self.model.incoming, 0)
        for other in _waiting_at(run, task.parent, self):
            counts[other.internal_data.way] += 1
        task.data.update({**counts, "activationCount": sum(counts.values())})
        if not run.holds(self.model.details.activation, task):
            task.data.clear()
            return
        here = waiting_here(run, task)
        first = merge(run, here)
        first.data.update(task.data)
        first.internal_data.phase = "start"
        task.parent.internal_data.note_fired(self.model.id, {"process": self.process.name, "flows": list(here)})

    def reset(self, run: "EarshotWorkflow", scope: Token) -> bool:
        """Start anew, if no token can come any more that belongs to the round that has fired; whether it did."""
        fired = set(scope.internal_data.gateways_fired[self.model.id]["flows"])
        late = {t.internal_data.way: t for t in _waiting_at(run, scope, self) if t.internal_data.way not in fired}
        if _still_coming(run, scope, self, fired | set(late)):
            return False
        del scope.internal_data.gateways_fired[self.model.id]
        for task in late.values():
            run.drop(task)
        if any(flow.condition for flow in self.model.flows):
            run.place(self, scope, data={"phase": "reset"})
        for task in list(_waiting_at(run, scope, self)):
            if task.id in run.tasks and self.model.id not in scope.internal_data.gateways_fired:
                self._activate(run, task)
        run.settle(scope)
        return True


def open_join(run: "EarshotWorkflow") -> bool:
    """Let one join go on, or start anew, that no token can come to any more; whether there was one."""
    return open_inclusive_join(run) or _reset_one(run)


def _reset_one(run: "EarshotWorkflow") -> bool:
    for scope in list(run.tasks.values()):
        for name, fired in list((scope.internal_data.fired or {}).items()):
            if run.specs[fired["process"]].task_specs[name].reset(run, scope):
                return True
    return False


def _waiting_at(run: "EarshotWorkflow", scope: Token, element: Element) -> Iterator[Token]:
    return (task for task in run.tokens(scope) if task.task_spec is element and task.has_state(TaskState.WAITING))


def open_inclusive_join(run: "EarshotWorkflow") -> bool:
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
        if not _still_coming(run, task.parent, task.task_spec, set(here)):
            merge(run, here)
            return True
    return False


def _still_coming(run: "EarshotWorkflow", scope: Token, join: Element, full: set[str]) -> bool:
    """BPMN 2.0.2, 13.4.3: a token elsewhere can reach an empty incoming flow, and none that has a token already."""
    spec: ProcessSpec = join.process
    feeders = spec.feeders(join.model.id)
    met = [feeders[flow] for flow in full]
    empty = [elements for flow, elements in feeders.items() if flow not in full]
    for other in run.tokens(scope):
        at = other.task_spec.model.id
        if other.task_spec is join or not any(at in elements for elements in empty):
            continue
        if not any(at in elements for elements in met):
            return True
    return False
