"""The base of all elements at work: how one takes, holds and passes tokens in SpiffWorkflow's machinery.

What we keep of SpiffWorkflow 3.2 and what we override, and why
- Kept: parser classes per tag (`BpmnParser`), process and task specs (`BpmnProcessSpec`, `BpmnTaskSpec`), tasks and
  their state machine (`Task`, `TaskState`, `_update` -> `_ready` -> `run` -> `complete`), the workflow as owner of the
  tasks, the script engine as the one place that evaluates, the converter registry that serialises specs.
  What the library marks as private is called from `library` alone.
- `_predict`: off. Prediction is exponential at unsynchronised splits and endless at self-calls; a token is made when
  it arrives, never before.
- Task tree: a task's parent is the scope it stands in (process, subprocess, call, multi-instance), not the element
  before it. A finished task leaves the tree at once, so that round 1,000 of a loop costs what round 10 costs, the
  depth limit of 1,000 of the library's iterators is never met, and joins inside loops see live tokens only.
- Data: lives in scopes (`Task.data` of the scope's task), not in deltas per task; a write is visible to all branches
  at once, so a join has nothing to merge and cannot lose a write (as in Camunda 7 and Zeebe).
- Scheduler (`scheduler`, `workflow`): one task at a time, boundary events first, throwing events after what else is
  ready.
- Gateways (`gateways`): flows in document order (the library sorts by the y coordinate); inclusive joins by the
  standard's rule on live tokens (the library: right in 0 of 8 orders inside loops).
- Events (`events`, `subscriptions`, `triggering`, `throwing`): subscriptions are tasks that wait; interrupting means
  that the scope is cancelled on the spot.
  Replaces the library's boundary split/join, whose interrupting events fire only after all ready tasks ran, its event
  subprocesses, which do not interrupt or start at once, and its signal, link and compensation events, which it drops.
- Timers (`subscriptions`, `expressions.times`): told the time, several behind one gateway have several due instants,
  cycles re-arm.
- Messages: never caught inside by name alone; the store correlates by name and key and delivers to one uid.
- Activities (`activities`, `multi_instance`): multi-instance and loops with the standard's counters, jobs instead of
  calls.
- Exceptions: every class out of an element becomes a StepFailure with a cause; nothing is half done before it.
"""

from bpm.engine.spiff.runtime.activities import data_flow
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.model import Flow
from bpm.engine.spiff.specs.process import Element
from bpm.foundation.errors import EngineError


class NoFlowError(EngineError):
    """No way out of the element: no condition holds and there is no default flow."""

    cause = "no_flow"


class UncaughtError(EngineError):
    """A BPMN error was thrown and nothing in the model catches it."""

    cause = "uncaught_error"


class Node(Element):
    """An element at work. Subclasses say what happens when a token arrives and when it is run."""

    # What the library calls.

    def _update_hook(self, my_task: Token) -> bool:
        return self.arrive(my_task.workflow, my_task)

    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.workflow.make_ready(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:
        return self.enter(my_task.workflow, my_task)

    def _on_complete(self, my_task: Token) -> None:
        run: EarshotWorkflow = my_task.workflow
        if outputs := data_flow.mapped_out(run, my_task):
            data_flow.write_out(run, my_task, outputs)
        run.passed(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        """Nothing: data associations are no part of the executable XML."""

    def _on_cancel(self, my_task: Token) -> None:
        """Nothing: `EarshotWorkflow.cancel` records it."""

    # What an element does.

    def arrive(self, run: EarshotWorkflow, task: Token) -> bool:
        """A token arrived as `task`. True: it can run; False: it waits (join, catch event)."""
        return True

    def enter(self, run: EarshotWorkflow, task: Token) -> bool | None:
        """Run the token. True: the element is done and its flows are taken; None: it goes on (or was taken away)."""
        run.open(task)
        data_flow.take_in(run, task)
        return True

    def choose(self, run: EarshotWorkflow, task: Token) -> tuple[Flow, ...]:
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

    def settled(self, run: EarshotWorkflow, task: Token) -> None:
        """The last token inside `task` is gone. Scopes finish here."""

    def hand_over(self, run: EarshotWorkflow, task: Token) -> None:
        """An error or escalation leaves `task`: called processes give their caller what they have for it."""
