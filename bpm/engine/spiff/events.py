"""Events: starts, ends, what is caught and what is thrown, and who inside the instance catches it."""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import arming, compensation, timers
from bpm.engine.spiff.activities import Activity
from bpm.engine.spiff.elements import Element, UncaughtError
from bpm.engine.spiff.scopes import CallActivity
from bpm.engine.spiff.step import Thrown, Variables
from bpm.errors import EngineError

if TYPE_CHECKING:
    from bpm.engine.spiff.run import Run


class StartEvent(Element):
    """Where a scope begins. What it waited for is over by the time its token is there."""


class BoundaryEvent(Element):
    """Its token exists only once it was triggered; the waiting is done by an armed task at the host."""

    urgent = True


class CatchEvent(Element):
    """Waits for one of its events. It subscribes when the token arrives, so that nothing thrown later is missed."""

    def arrive(self, run: "Run", task: Task) -> bool:
        if not self.model.events or "came" in task.internal_data:
            return True
        try:
            self._subscribe(run, task)
        except EngineError:
            # Run it, so that the failure becomes its own and not that of the element before it.
            return True
        return False

    def enter(self, run: "Run", task: Task) -> bool | None:
        run.open(task)
        if not self.model.events or "came" in task.internal_data:
            return True
        self._subscribe(run, task)
        return None

    def _subscribe(self, run: "Run", task: Task) -> None:
        events = self.model.events
        waits = [arming.waiting(run, task, event) for event in events]
        run.open(task)
        task._set_state(TaskState.WAITING)
        if len(events) == 1:
            task.internal_data["wait"] = waits[0]
            arming.announce(run, task)
        else:
            arming.arm(run, task, self, "part")

    def caught(self, run: "Run", task: Task, payload: Variables) -> None:
        """The event came: its payload becomes variables, rivals behind an event gateway go, the token goes on."""
        outputs = self.model.details.get("outputs", ())
        if outputs:
            task.data.update(payload)
            payload = {item["name"]: run.evaluate(item["expression"], task) for item in outputs}
        run.write(task.parent, payload)
        end_race(run, task)
        task.internal_data.pop("wait", None)
        for part in run.armed(task):
            run.cancel_task(part)
        task.complete()


class ReceiveTask(Activity):
    """Waits for a message as an activity: with boundary events, mappings and markers."""

    def perform(self, run: "Run", task: Task) -> bool | None:
        if "came" in task.internal_data:
            # It has started the instance: what it brought is there already.
            return True
        task.internal_data["wait"] = arming.waiting(run, task, self.model.events[0])
        arming.announce(run, task)
        return None

    def caught(self, run: "Run", task: Task, payload: Variables) -> None:
        """The message came."""
        end_race(run, task)
        task.internal_data.pop("wait", None)
        self.finish(run, task, payload)


def end_race(run: "Run", task: Task) -> None:
    """Take away the other events behind the same event-based gateway."""
    race = task.internal_data.pop("race", None)
    if race is not None:
        for rival in list(run.tokens(task.parent)):
            if rival.internal_data.get("race") == race:
                run.cancel_task(rival)


class ThrowEvent(Element):
    """Throws its events one after the other and goes on, if it is still there."""

    late = True

    def enter(self, run: "Run", task: Task) -> bool | None:
        run.open(task)
        undo = task.internal_data.get("undo")
        if undo is None:
            for event in self.model.events:
                if event["kind"] == "compensate":
                    return None if compensation.throw(run, task, event) else True
                throw(run, task, event)
        return True if task.id in run.tasks else None


class SendTask(Activity):
    """Throws its message as an activity: with boundary events, mappings and markers."""

    late = True

    def perform(self, run: "Run", task: Task) -> bool | None:
        for event in self.model.events:
            throw(run, task, event)
        return True if task.id in run.tasks else None


class EndEvent(ThrowEvent):
    """Throws what it throws and ends its token; terminate and cancel end the scope."""

    def enter(self, run: "Run", task: Task) -> bool | None:
        kinds = {event["kind"] for event in self.model.events}
        if "terminate" in kinds:
            run.open(task)
            what = next(event.get("what") for event in self.model.events if event["kind"] == "terminate")
            return _terminate(run, task, what)
        if "cancel" in kinds:
            run.open(task)
            run.cancel_inside(task.parent, keep=task)
            return None if compensation.throw(run, task, {}) else True
        return super().enter(run, task)

    def _on_complete(self, my_task: Task) -> None:
        if any(event["kind"] == "cancel" for event in self.model.events):
            _cancel_transaction(my_task.workflow, my_task)
            return
        super()._on_complete(my_task)


def _terminate(run: "Run", task: Task, what: str | None) -> bool | None:
    """End the scope; in Flowable's dialect also the whole instance ("all") or all rounds around it ("rounds")."""
    end = run.task_tree if what == "all" else None
    at = task.parent
    while what == "rounds" and at is not None and end is None:
        end = at if "rounds" in at.internal_data else None
        at = at.parent
    if end is None:
        run.cancel_inside(task.parent, keep=task)
        return True
    run.close(task, "completed")
    run.cancel_inside(end)
    run.settle(end)
    return None


def _cancel_transaction(run: "Run", task: Task) -> None:
    run.close(task, "completed")
    transaction = task.parent
    while transaction.task_spec.model.kind != "transaction":
        transaction = transaction.parent
    owner = transaction.parent if "round" in transaction.internal_data else transaction
    for armed in run.armed(owner):
        if armed.internal_data["wait"]["kind"] == "cancel":
            fire(run, armed, {})
            return
    scope = owner.parent
    run.cancel_task(owner)
    run.settle(scope)


def throw(run: "Run", task: Task, event: Mapping[str, Any], *, payload: Variables | None = None) -> None:
    """Throw `event` from `task`: inside the instance first, then outward; without `payload` with its inputs."""
    kind = event["kind"]
    if kind == "error":
        message = {"errorMessage": run.evaluate(event["message"], task)} if event.get("message") else None
        throw_error(run, task, event.get("code"), event.get("name", ""), message)
    elif kind == "escalation":
        throw_escalation(run, task, event.get("code"))
    elif kind in ("signal", "message"):
        inputs = task.task_spec.model.details.get("inputs", ())
        if payload is None:
            payload = {item["name"]: run.evaluate(item["expression"], task) for item in inputs}
        key = run.evaluate(event["key"], task) if event.get("key") else None
        name = arming.name_of(run, task, event)
        if isinstance(task.task_spec, ThrowEvent):
            run.close(task, "completed")
        if not event.get("inside"):
            thrown = Thrown(kind, name, None if key is None else str(key), payload, task.task_spec.bpmn_id)
            run.tell(thrown)
        if kind == "signal":
            catch_signal(run, name, payload)


def throw_error(run: "Run", task: Task, code: str | None, name: str = "", payload: Variables | None = None) -> None:
    """Hand a BPMN error to the innermost catcher, which interrupts; raises UncaughtError if there is none."""
    catcher = _catcher(run, task, "error", code)
    if catcher is None:
        said = (payload or {}).get("errorMessage")
        raise UncaughtError(
            f"Nothing catches the error {code or name or 'without a code'}{f': {said}' if said else '.'}",
            remedy="Add a boundary error event or an error event subprocess.",
        )
    if task.task_spec.model.kind == "endEvent":
        run.close(task, "completed")
    _caught(run, task, catcher, code, payload or {})


def throw_escalation(run: "Run", task: Task, code: str | None, payload: Variables | None = None) -> bool:
    """Hand an escalation to the innermost catcher; without one nothing happens (BPMN 2.0.2, 10.5.1). Whether caught."""
    catcher = _catcher(run, task, "escalation", code)
    if task.task_spec.model.kind != "boundaryEvent" and isinstance(task.task_spec, ThrowEvent):
        run.close(task, "completed")
    if catcher is not None:
        _caught(run, task, catcher, code, payload or {})
    return catcher is not None


def _caught(run: "Run", task: Task, catcher: Task, code: str | None, payload: Variables) -> None:
    """Fire the catcher with what the model wants to know; called processes on the way hand over what they have."""
    wait, at = catcher.internal_data["wait"], task
    while at is not catcher.parent:
        _hand_over(run, at)
        at = at.parent
    if catcher.internal_data["armed"] == "boundary":
        _hand_over(run, at)
    told = dict(payload)
    if wait.get("codeVariable"):
        told[wait["codeVariable"]] = code
    if wait.get("messageVariable"):
        told[wait["messageVariable"]] = payload.get("errorMessage")
    fire(run, catcher, told)


def _hand_over(run: "Run", call: Task) -> None:
    if isinstance(call.task_spec, CallActivity) and "border" in call.internal_data:
        call.task_spec.hand_over(run, call)


def _catcher(run: "Run", task: Task, kind: str, code: str | None) -> Task | None:
    """The innermost armed catcher around `task`: event subprocess before boundary, own code before catch-all."""
    at, handler = task, ""
    while at is not None:
        fitting = [
            armed
            for armed in run.armed(at)
            if armed.internal_data["wait"]["kind"] == kind
            and armed.internal_data["wait"]["code"] in (None, code)
            # What an event subprocess throws is never caught by its own start again.
            and (armed.internal_data["armed"] != "start" or armed.task_spec.model.scope != handler)
        ]
        if fitting:
            return min(
                fitting,
                key=lambda armed: (
                    armed.internal_data["armed"] != "start",
                    armed.internal_data["wait"]["code"] is None,
                ),
            )
        handler = at.task_spec.model.id if at.task_spec.model.details.get("triggered") else ""
        at = at.parent
    return None


def catch_signal(run: "Run", name: str, payload: Variables) -> int:
    """Give a signal to everything inside that waits for it; how many caught it."""
    waiting = [
        task
        for task in run.tasks.values()
        if (wait := task.internal_data.get("wait")) and wait["kind"] == "signal" and wait["event"] == name
    ]
    caught = 0
    for task in waiting:
        if task.id in run.tasks:
            fire(run, task, payload)
            caught += 1
    return caught


def fire(run: "Run", task: Task, payload: Variables) -> None:
    """The event that `task` waits for has come."""
    role = task.internal_data.get("armed")
    if role is None:
        task.task_spec.caught(run, task, payload)
    elif _parts_missing(run, task):
        run.cancel_task(task, "completed")
    elif role == "part":
        owner = task.parent
        owner.task_spec.caught(run, owner, payload)
    elif role == "boundary":
        _trigger_boundary(run, task, payload)
    else:
        _trigger_event_subprocess(run, task, payload)


def _parts_missing(run: "Run", task: Task) -> bool:
    """Whether a parallel multiple event still waits for another of its parts."""
    if not task.task_spec.model.details.get("parallelMultiple"):
        return False
    return any(part is not task and part.task_spec is task.task_spec for part in run.armed(task.parent))


def _trigger_boundary(run: "Run", armed: Task, payload: Variables) -> None:
    host, event = armed.parent, armed.task_spec
    scope = host.parent
    if event.model.details.get("interrupting", True):
        run.close(armed, "completed")
        run.drop(armed)
        end_race(run, host)
        run.cancel_task(host)
    else:
        _rearm(run, armed)
    run.write(scope, payload)
    run.place(event, scope)


def _trigger_event_subprocess(run: "Run", armed: Task, payload: Variables) -> None:
    scope, start = armed.parent, armed.task_spec
    interrupting = start.model.details.get("interrupting", True)
    spec = start._wf_spec
    if interrupting or armed.internal_data["wait"]["kind"] == "error":
        run.close(armed, "completed")
        run.drop(armed)
        run.cancel_inside(scope)
    else:
        _rearm(run, armed)
    run.write(scope, payload)
    run.place(spec.task_specs[start.model.scope], scope, data={"start": start.model.id, "first": True})


def _rearm(run: "Run", armed: Task) -> None:
    """A non-interrupting event stays armed; a timer only while its cycle lasts."""
    wait = armed.internal_data["wait"]
    if armed.task_spec.model.details.get("parallelMultiple"):
        owner, element, role = armed.parent, armed.task_spec, armed.internal_data["armed"]
        run.cancel_task(armed, "completed")
        arming.arm(run, owner, element, role)
    elif wait["kind"] == "timer":
        following = timers.following(wait, now=run.now)
        if following is None:
            run.cancel_task(armed, "completed")
        else:
            armed.internal_data["wait"] = following
            arming.announce(run, armed)
