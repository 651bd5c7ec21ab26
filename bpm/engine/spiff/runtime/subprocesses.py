"""Scopes: the process itself, embedded and event subprocesses, transactions, and called processes."""

from typing import TYPE_CHECKING, Any

from bpm.engine.spiff.runtime.activities import data_flow
from bpm.engine.spiff.runtime.activities.activities import Activity
from bpm.engine.spiff.runtime.events import subscriptions
from bpm.engine.spiff.runtime.node import Node
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.specs.model import PROCESS, Model
from bpm.engine.spiff.specs.process import ProcessSpec
from bpm.foundation.errors import BudgetExceededError, EngineError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


class ProcessScope(Node):
    """A process as the scope of its elements."""

    def __init__(self, wf_spec: ProcessSpec, name: str, model: Model | None = None, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, model, **kwargs)
        self.bpmn_id = wf_spec.name

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        open_scope(run, task, self.process, PROCESS, tuple(task.internal_data.starts or ()))
        return None

    def settled(self, run: "EarshotWorkflow", task: Token) -> None:
        for armed in run.armed(task):
            run.cancel_task(armed)
        run.completed = True


class SubProcess(Activity):
    """An embedded subprocess, transaction or (once triggered) event subprocess."""

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        start = task.internal_data.take_start()
        open_scope(run, task, self.process, self.model.id, (start,) if start else None)
        return None

    def settled(self, run: "EarshotWorkflow", task: Token) -> None:
        if task.internal_data.rounds is not None:
            super().settled(run, task)
        elif task.internal_data.wait is None:
            _stop_listening(run, task)
            self.finish(run, task, {})


class CallActivity(Activity):
    """Runs another process inside this instance, with variables of its own."""

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        details = self.model.details
        called = details.called.text
        if details.called.expression:
            called = str(run.evaluate(details.called.expression, task))
        spec = run.specs.get(called or "")
        if spec is None:
            raise EngineError(
                f"The called process {called!r} is not deployed.",
                remedy="Deploy it, then deploy this model again.",
            )
        inputs = {item.name: task.data[item.name] for item in details.inputs if not item.local}
        outer = dict(run.visible(task)) if details.pass_all is not False else {}
        if details.pass_own:
            outer |= task.data
        # Counters and items of a multi-instance stay with the round: they do not come back as results.
        task.internal_data.own = self._own(task)
        task.internal_data.border = True
        task.data = {**outer, **inputs}
        open_scope(run, task, spec, PROCESS)
        return None

    def settled(self, run: "EarshotWorkflow", task: Token) -> None:
        if task.internal_data.rounds is not None:
            super().settled(run, task)
            return
        if task.internal_data.wait is not None:
            return
        _stop_listening(run, task)
        self._return_all(run, task)
        self.finish(run, task, {})

    def hand_over(self, run: "EarshotWorkflow", task: Token) -> None:
        if task.internal_data.border is None:
            return
        self._return_all(run, task)
        if not data_flow.keeps(task):
            data_flow.write_out(run, task, data_flow.mapped_out(run, task, forgiving=True))

    def _return_all(self, run: "EarshotWorkflow", task: Token) -> None:
        if self.model.details.return_all is not False:
            own = task.internal_data.own or ()
            run.write(task.parent, {name: value for name, value in task.data.items() if name not in own})

    def _own(self, task: Token) -> list[str]:
        if task.internal_data.round is None:
            return []
        loop = self.model.details.loop
        return [*task.parent.data, *filter(None, (loop.element_variable, loop.output_variable) if loop else ())]


def _stop_listening(run: "EarshotWorkflow", task: Token) -> None:
    """The scope has come to its end: where a script runs after it, its event subprocesses start no more."""
    for armed in run.armed(task) if task.task_spec.model.details.after else ():
        if armed.internal_data.armed == "start":
            run.cancel_task(armed)


def open_scope(
    run: "EarshotWorkflow", task: Token, spec: ProcessSpec, name: str, starts: tuple[str, ...] | None = None
) -> None:
    """Make `task` the scope `name` of `spec`: arm its event subprocesses and put tokens on its start events."""
    _make_scope(run, task, spec, name)
    for start in starts or plain_starts(spec, name):
        came = task.internal_data.came if start in spec.inside[name].instantiating else None
        run.place(spec.task_specs[start], task, data={"came": came} if came else None)
    run.settle(task)


def open_process_at(run: "EarshotWorkflow", task: Token, places: tuple[tuple[str, str | None], ...]) -> None:
    """Make `task` the process as a scope, with tokens on elements of it: (element, flow by which the token comes)."""
    spec = task.task_spec.process
    task.internal_data.starts = [element for element, _flow in places]
    _make_scope(run, task, spec, PROCESS)
    for element, flow in places:
        run.place(spec.task_specs[element], task, via=flow)
    run.settle(task)


def _make_scope(run: "EarshotWorkflow", task: Token, spec: ProcessSpec, name: str) -> None:
    if run.depth_of(task) >= run.limits.depth:
        raise BudgetExceededError(
            f"More than {run.limits.depth} processes inside each other.",
            remedy="Look for a process that calls itself.",
        )
    for variable, value in spec.task_specs[name].model.details.first.items():
        task.data.setdefault(variable, value)
    subscriptions.arm_event_subprocesses(run, task, spec, name)


def plain_starts(spec: ProcessSpec, name: str) -> tuple[str, ...]:
    """The start events without an event definition; where there is none, the first start event."""
    starts = spec.inside[name].starts
    plain = tuple(start for start in starts if not spec.task_specs[start].model.events)
    return plain or starts[:1]
