"""A process with all its nested scopes, and each of its elements, as specs of SpiffWorkflow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.task import Task

from bpm.engine.spiff.specs.event_definitions import EventKind
from bpm.engine.spiff.specs.model import PROCESS, Model


class Element(BpmnTaskSpec):  # type: ignore[misc]  # the library has no types
    """One element of a process; `runtime.node.Node` says what its tokens do."""

    late = False
    """Whether it runs after everything else that is ready: throwing events, so that parallel branches can subscribe."""
    urgent = False
    """Whether it runs before everything else that is ready: boundary events."""
    throws = False
    """Whether it is over once it has thrown: throwing events, not activities that send."""

    def __init__(self, wf_spec: "ProcessSpec", name: str, model: Model | None = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.process = wf_spec
        """The spec of the process that it stands in."""
        self.model = model or Model(id=name, kind="process")
        self.bpmn_id = self.model.shown_as or self.model.id
        self.bpmn_name = self.model.name

    def test(self) -> None:
        """The library wants an input at every task; ours may stand alone (handlers, event subprocesses)."""

    def _predict(self, my_task: Task, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """No prediction: see `runtime.node`."""


@dataclass(frozen=True)
class Inside:
    """What stands directly in one scope."""

    starts: tuple[str, ...] = ()
    event_subprocesses: tuple[str, ...] = ()
    instantiating: tuple[str, ...] = ()
    """Receive tasks and event gateways that start an instance without a start event."""


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]  # the library has no types
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
        return self.task_specs  # type: ignore[no-any-return]  # the library has no types

    def index(self) -> "ProcessSpec":
        """Work out who stands where, once all elements are in."""
        for element in self.elements.values():
            model = element.model
            if model.kind == "boundaryEvent":
                host = model.details.attached or ""
                if model.is_about(EventKind.COMPENSATE):
                    self.handlers[host] = model.details.handler or ""
                else:
                    self.attached[host] = (*self.attached.get(host, ()), model.id)
            elif model.kind == "startEvent" and model.is_about(EventKind.COMPENSATE):
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
            tuple(m.id for m in members if m.details.triggered and m.id != self.undo_scopes.get(scope)),
            tuple(m.id for m in members if m.details.instantiate),
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
