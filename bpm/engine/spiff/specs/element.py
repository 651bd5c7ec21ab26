"""One element of a process as a spec of SpiffWorkflow: what the executable XML says about it, in plain values."""

from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.task import Task

PROCESS = "<process>"
"""Name of the spec that is a process as a scope; no XML id can be equal to it."""


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


class Element(BpmnTaskSpec):  # type: ignore[misc]  # the library has no types
    """One element of a process; `runtime.node.Node` says what its tokens do."""

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

    def test(self) -> None:
        """The library wants an input at every task; ours may stand alone (handlers, event subprocesses)."""

    def _predict(self, my_task: Task, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """No prediction: see `runtime.node`."""
