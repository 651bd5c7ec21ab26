"""Events: starts, ends, what is caught and what is thrown, and who inside the instance catches it."""

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import library
from bpm.engine.spiff.runtime.activities import data_flow
from bpm.engine.spiff.runtime.activities.activities import Activity
from bpm.engine.spiff.runtime.events import compensation, subscriptions, throwing, triggering
from bpm.engine.spiff.runtime.node import Node
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.specs.event_definitions import CompensateEvent, EventKind, TerminateEvent
from bpm.engine.spiff.step import Variables
from bpm.foundation.errors import EngineError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


class StartEvent(Node):
    """Where a scope begins. What it waited for is over by the time its token is there."""

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        data_flow.receive_at_start(run, task)
        return super().enter(run, task)


class BoundaryEvent(Node):
    """Its token exists only once it was triggered; the waiting is done by an armed task at the host."""

    urgent = True


class CatchEvent(Node):
    """Waits for one of its events. It subscribes when the token arrives, so that nothing thrown later is missed."""

    def arrive(self, run: "EarshotWorkflow", task: Token) -> bool:
        if not self.model.events or task.internal_data.came is not None:
            return True
        try:
            self._subscribe(run, task)
        except EngineError:
            # Run it, so that the failure becomes its own and not that of the element before it.
            return True
        return False

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        run.open(task)
        if not self.model.events or task.internal_data.came is not None:
            data_flow.take_in(run, task)
            data_flow.receive_at_start(run, task)
            return True
        self._subscribe(run, task)
        return None

    def _subscribe(self, run: "EarshotWorkflow", task: Token) -> None:
        events = self.model.events
        data_flow.take_in(run, task)
        waits = [subscriptions.waiting(run, task, event) for event in events]
        run.open(task)
        library.set_state(task, TaskState.WAITING)
        if len(events) == 1:
            task.internal_data.wait = waits[0]
            subscriptions.announce(run, task)
        else:
            subscriptions.arm(run, task, self, "part")

    def caught(self, run: "EarshotWorkflow", task: Token, payload: Variables) -> None:
        """The event came: its payload becomes variables, rivals behind an event gateway go, the token goes on."""
        data_flow.receive(run, task, payload)
        triggering.end_race(run, task)
        task.internal_data.wait = None
        # Should its mappings fail, a retry takes up from here: the event does not come a second time.
        task.internal_data.stage = "finish"
        for part in run.armed(task):
            run.cancel_task(part)
        task.complete()


class ReceiveTask(Activity):
    """Waits for a message as an activity: with boundary events, mappings and markers."""

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        if task.internal_data.came is not None:
            # It has started the instance: what it brought is there already.
            data_flow.receive_at_start(run, task)
            return True
        task.internal_data.wait = subscriptions.waiting(run, task, self.model.events[0])
        subscriptions.announce(run, task)
        return None

    def caught(self, run: "EarshotWorkflow", task: Token, payload: Variables) -> None:
        """The message came."""
        triggering.end_race(run, task)
        task.internal_data.wait = None
        self.finish(run, task, payload)


class ThrowEvent(Node):
    """Throws its events one after the other and goes on, if it is still there."""

    late = True
    throws = True

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        run.open(task)
        undo = task.internal_data.undo
        if undo is None:
            data_flow.take_in(run, task)
            for event in self.model.events:
                if isinstance(event, CompensateEvent):
                    return None if compensation.throw(run, task, activity=event.activity) else True
                throwing.throw(run, task, event)
        # Should its mappings fail, a retry does not throw a second time.
        task.internal_data.stage = "finish"
        return True if task.id in run.tasks else None


class SendTask(Activity):
    """Throws its message as an activity: with boundary events, mappings and markers."""

    late = True

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        for event in self.model.events:
            throwing.throw(run, task, event)
        return True if task.id in run.tasks else None


class EndEvent(ThrowEvent):
    """Throws what it throws and ends its token; terminate and cancel end the scope."""

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        terminate = next((event for event in self.model.events if isinstance(event, TerminateEvent)), None)
        if terminate is not None:
            run.open(task)
            return _terminate(run, task, terminate.what)
        if self.model.is_about(EventKind.CANCEL):
            run.open(task)
            run.cancel_inside(task.parent, keep=task)
            return None if compensation.throw(run, task) else True
        return super().enter(run, task)

    def _on_complete(self, my_task: Token) -> None:
        if self.model.is_about(EventKind.CANCEL):
            _cancel_transaction(my_task.workflow, my_task)
            return
        super()._on_complete(my_task)


def _terminate(run: "EarshotWorkflow", task: Token, what: str | None) -> bool | None:
    """End the scope; in Flowable's dialect also the whole instance ("all") or all rounds around it ("rounds")."""
    end = run.task_tree if what == "all" else None
    at = task.parent
    while what == "rounds" and at is not None and end is None:
        end = at if at.internal_data.rounds is not None else None
        at = at.parent
    if end is None:
        run.cancel_inside(task.parent, keep=task)
        return True
    run.close(task, "completed")
    run.cancel_inside(end)
    run.settle(end)
    return None


def _cancel_transaction(run: "EarshotWorkflow", task: Token) -> None:
    run.close(task, "completed")
    transaction = task.parent
    while transaction.task_spec.model.kind != "transaction":
        transaction = transaction.parent
    owner = transaction.parent if transaction.internal_data.round is not None else transaction
    for armed in run.armed(owner):
        if armed.internal_data.waiting["kind"] == "cancel":
            triggering.fire(run, armed, {})
            return
    scope = owner.parent
    run.cancel_task(owner)
    run.settle(scope)
