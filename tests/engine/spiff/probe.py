"""One element in one process that answers as a test wants, and its task: for what we rely on in the library."""

from uuid import uuid4

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff.runtime.node import Node
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.model import PROCESS, Model
from bpm.engine.spiff.specs.process import Element, ProcessSpec
from tests.engine.spiff.bench import NOON


class Probe(Node):
    """An element that answers as the test wants."""

    answer: object = True

    def enter(self, run: EarshotWorkflow, task: Token) -> bool | None:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[return-value]  # the answer is what the test gave it


def probe_at_work() -> tuple[EarshotWorkflow, Probe, Token]:
    """A workflow with its root, a probe, and a task at it that has not arrived yet."""
    spec = ProcessSpec("p")
    Element(spec, PROCESS, Model(id=PROCESS, kind="process"))
    spec.start = spec.task_specs[PROCESS]
    element = Probe(spec, "probe", Model(id="probe", kind="task"))
    run = EarshotWorkflow({"p": spec.index()}, "p", now=NOON)
    root = run.make_root()
    return run, element, Token(run, element, root, TaskState.FUTURE, id=uuid4())
