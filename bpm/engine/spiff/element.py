"""The base of our task specs: how an element of a model takes, holds and passes tokens in SpiffWorkflow's machinery.

What we keep of SpiffWorkflow 3.2 and what we override, and why
- Kept: parser classes per tag (`BpmnParser`), process and task specs (`BpmnProcessSpec`, `BpmnTaskSpec`), tasks and
  their state machine (`Task`, `TaskState`, `_update` -> `_ready` -> `run` -> `complete`), the workflow as owner of the
  tasks, the script engine as the one place that evaluates, the converter registry that serialises specs.
- `_predict`: off. Prediction is exponential at unsynchronised splits and endless at self-calls; a token is made when
  it arrives, never before.
- Task tree: a task's parent is the scope it stands in (process, subprocess, call, multi-instance), not the element
  before it. A finished task leaves the tree at once, so that round 1,000 of a loop costs what round 10 costs, the
  depth limit of 1,000 of the library's iterators is never met, and joins inside loops see live tokens only.
- Data: lives in scopes (`Task.data` of the scope's task), not in deltas per task; a write is visible to all branches
  at once, so a join has nothing to merge and cannot lose a write (as in Camunda 7 and Zeebe).
- Stepper (`run.Run`): one task at a time, boundary events first, throwing events after what else is ready.
- Gateways (`gateways`): flows in document order (the library sorts by the y coordinate); inclusive joins by the
  standard's rule on live tokens (the library: right in 0 of 8 orders inside loops).
- Events (`events`, `throwing`, `firing`): subscriptions are tasks that wait; interrupting means that the scope is
  cancelled on the spot.
  Replaces the library's boundary split/join, whose interrupting events fire only after all ready tasks ran, its event
  subprocesses, which do not interrupt or start at once, and its signal, link and compensation events, which it drops.
- Timers (`timers`): told the time, several behind one gateway have several due instants, cycles re-arm.
- Messages: never caught inside by name alone; the store correlates by name and key and delivers to one uid.
- Activities (`activities`, `rounds`): multi-instance and loops with the standard's counters, jobs instead of calls.
- Exceptions: every class out of an element becomes a StepFailure with a cause; nothing is half done before it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task

from bpm.engine.spiff.runtime.activities import data_flow
from bpm.foundation.errors import EngineError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow

PROCESS = "<process>"
"""Name of the spec that is a process as a scope; no XML id can be equal to it."""


class NoFlowError(EngineError):
    """No way out of the element: no condition holds and there is no default flow."""

    cause = "no_flow"


class UncaughtError(EngineError):
    """A BPMN error was thrown and nothing in the model catches it."""

    cause = "uncaught_error"


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is text of our expression language or None."""

    id: str
    source: str
    target: str
    condition: str | None = None


@dataclass(frozen=True)
class Model:
    """What the executable XML says about one element; plain values only, so that it can be stored."""

    id: str
    kind: str
    """The BPMN element name."""
    name: str = ""
    shown_as: str = ""
    """Id as drawn, if the normaliser had to rename the element."""
    synthetic: bool = False
    """Made by the normaliser: runs, but is no visit."""
    scope: str = PROCESS
    """Id of the enclosing subprocess."""
    lane: str | None = None
    incoming: tuple[str, ...] = ()
    flows: tuple[Flow, ...] = ()
    default: str | None = None
    events: tuple[dict[str, Any], ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


class Element(BpmnTaskSpec):  # type: ignore[misc]
    """One element of a process. Subclasses say what happens when a token arrives and when it is run."""

    late = False
    """Whether it runs after everything else that is ready: throwing events, so that parallel branches can subscribe."""
    urgent = False
    """Whether it runs before everything else that is ready: boundary events."""
    throws = False
    """Whether it is over once it has thrown: throwing events, not activities that send."""

    def __init__(self, wf_spec: WorkflowSpec, name: str, model: Model | None = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.model = model or Model(id=name, kind="process")
        self.bpmn_id = self.model.shown_as or self.model.id
        self.bpmn_name = self.model.name

    # What the library calls.

    def test(self) -> None:
        """The library wants an input at every task; ours may stand alone (handlers, event subprocesses)."""

    def _predict(self, my_task: Task, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """No prediction: see the head of this file."""

    def _update_hook(self, my_task: Task) -> bool:
        return self.arrive(my_task.workflow, my_task)

    def _on_ready_hook(self, my_task: Task) -> None:
        my_task.workflow.make_ready(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        return self.enter(my_task.workflow, my_task)

    def _on_complete(self, my_task: Task) -> None:
        run: EarshotWorkflow = my_task.workflow
        if outputs := data_flow.mapped_out(run, my_task):
            data_flow.write_out(run, my_task, outputs)
        run.passed(my_task)

    def _on_complete_hook(self, my_task: Task) -> None:
        """Nothing: data associations are no part of the executable XML."""

    def _on_cancel(self, my_task: Task) -> None:
        """Nothing: `EarshotWorkflow.cancel` records it."""

    # What an element does.

    def arrive(self, run: "EarshotWorkflow", task: Task) -> bool:
        """A token arrived as `task`. True: it can run; False: it waits (join, catch event)."""
        return True

    def enter(self, run: "EarshotWorkflow", task: Task) -> bool | None:
        """Run the token. True: the element is done and its flows are taken; None: it goes on (or was taken away)."""
        run.open(task)
        data_flow.take_in(run, task)
        return True

    def choose(self, run: "EarshotWorkflow", task: Task) -> tuple[Flow, ...]:
        """The flows a finished token takes: all without a condition and all whose condition holds, else the default."""
        flows = self.model.flows
        if all(flow.condition is None for flow in flows):
            return flows
        taken = tuple(
            flow
            for flow in flows
            if flow.id != self.model.default
            and (flow.condition is None or run.holds(flow.condition, task.parent, at=flow.id))
        )
        return taken or self.default_flow()

    def default_flow(self) -> tuple[Flow, ...]:
        """The default flow alone; raises NoFlowError when the model has none."""
        default = tuple(flow for flow in self.model.flows if flow.id == self.model.default)
        if not default:
            raise NoFlowError(
                "No condition of the outgoing flows holds and there is no default flow.",
                remedy="Mark one outgoing flow as the default or change the conditions.",
            )
        return default

    def settled(self, run: "EarshotWorkflow", task: Task) -> None:
        """The last token inside `task` is gone. Scopes finish here."""

    def hand_over(self, run: "EarshotWorkflow", task: Task) -> None:
        """An error or escalation leaves `task`: called processes give their caller what they have for it."""


@dataclass(frozen=True)
class Inside:
    """What stands directly in one scope."""

    starts: tuple[str, ...] = ()
    event_subprocesses: tuple[str, ...] = ()
    instantiating: tuple[str, ...] = ()
    """Receive tasks and event gateways that start an instance without a start event."""


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process with all its nested scopes in one spec; `start` is the process itself as a scope."""

    def __init__(self, name: str, description: str | None = None) -> None:
        super().__init__(name=name, description=description)
        # The library puts in Start, EndJoin and End, whose names collide with ids of real models.
        self.task_specs.clear()
        self.start: Element | None = None
        self.end = None
        self.inside: dict[str, Inside] = {}
        self.attached: dict[str, tuple[str, ...]] = {}
        """Activity -> its boundary events, in document order."""
        self.handlers: dict[str, str] = {}
        """Activity -> its compensation handler."""
        self.undo_scopes: dict[str, str] = {}
        """Subprocess -> the compensation event subprocess in it."""
        self.reach: dict[str, dict[str, frozenset[str]]] = {}

    @property
    def elements(self) -> Mapping[str, Element]:
        return self.task_specs  # type: ignore[no-any-return]

    def index(self) -> "ProcessSpec":
        """Work out who stands where, once all elements are in."""
        for element in self.elements.values():
            model = element.model
            if model.kind == "boundaryEvent":
                host = model.details["attached"]
                if any(event["kind"] == "compensate" for event in model.events):
                    self.handlers[host] = model.details.get("handler") or ""
                else:
                    self.attached[host] = (*self.attached.get(host, ()), model.id)
            elif model.kind == "startEvent" and any(event["kind"] == "compensate" for event in model.events):
                handler = self.elements[model.scope].model
                self.undo_scopes[handler.scope] = handler.id
        for scope in {element.model.scope for element in self.elements.values()} | {PROCESS}:
            self.inside[scope] = self._inside(scope)
        for element in self.elements.values():
            element.outputs = [self.elements[flow.target] for flow in element.model.flows]
        return self

    def _inside(self, scope: str) -> Inside:
        members = [e.model for e in self.elements.values() if e.model.scope == scope and e.model.id != PROCESS]
        return Inside(
            tuple(m.id for m in members if m.kind == "startEvent"),
            tuple(m.id for m in members if m.details.get("triggered") and m.id != self.undo_scopes.get(scope)),
            tuple(m.id for m in members if m.details.get("instantiate")),
        )

    def feeders(self, join: str) -> dict[str, frozenset[str]]:
        """For each incoming flow of `join` the elements from which a token can come to it without passing `join`."""
        if join not in self.reach:
            scope = self.elements[join].model.scope
            sources = dict(self._steps(scope))
            before: dict[str, list[str]] = {}
            for source, target in sources.values():
                before.setdefault(target, []).append(source)
            self.reach[join] = {
                flow: _backwards(sources[flow][0], before, join) for flow in self.elements[join].model.incoming
            }
        return self.reach[join]

    def _steps(self, scope: str) -> Iterator[tuple[str, tuple[str, str]]]:
        for element in self.elements.values():
            if element.model.scope == scope:
                for flow in element.model.flows:
                    yield flow.id, (flow.source, flow.target)
                for event in self.attached.get(element.model.id, ()):
                    # A token in an activity may also leave it through a boundary event.
                    yield f"{element.model.id} {event}", (element.model.id, event)


def _backwards(source: str, before: Mapping[str, list[str]], join: str) -> frozenset[str]:
    if source == join:
        return frozenset()
    found, todo = {source}, [source]
    while todo:
        for element in before.get(todo.pop(), ()):
            if element not in found and element != join:
                found.add(element)
                todo.append(element)
    return frozenset(found)
