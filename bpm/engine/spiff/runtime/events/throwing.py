"""What is thrown, and who inside the instance catches it: the innermost that fits."""

from typing import TYPE_CHECKING, Literal

from bpm.engine.spiff.runtime.events import subscriptions, triggering
from bpm.engine.spiff.runtime.node import UncaughtError
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.specs.event_definitions import CodedEvent, EventDefinition, EventKind, NamedEvent
from bpm.engine.spiff.step import Thrown, Variables

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


def throw(run: "EarshotWorkflow", task: Token, event: EventDefinition, *, payload: Variables | None = None) -> None:
    """Throw `event` from `task`: inside the instance first, then outward; without `payload` with its inputs."""
    if isinstance(event, NamedEvent):
        _throw_named(run, task, event, payload)
    if isinstance(event, CodedEvent):
        details, code = task.task_spec.model.details, subscriptions.code_of(run, task, event)
        carried = {item.name: task.data[item.name] for item in details.inputs if details.carries}
        if event.kind == EventKind.ESCALATION:
            throw_escalation(run, task, code, carried)
            return
        message = {"errorMessage": run.evaluate(event.message, task)} if event.message else {}
        throw_error(run, task, code, event.name or "", {**carried, **message})


def _throw_named(run: "EarshotWorkflow", task: Token, event: NamedEvent, payload: Variables | None) -> None:
    details = task.task_spec.model.details
    if payload is None:
        # Its input mappings are worked out by now, and stand in its own scope.
        payload = {item.name: task.data[item.name] for item in details.inputs}
        if details.pass_all:
            payload = {**run.visible(task), **payload}
    key = run.evaluate(event.key, task) if event.key else None
    name = subscriptions.name_of(run, task, event)
    if task.task_spec.throws:
        run.close(task, "completed")
    if not event.inside:
        kind: Literal["message", "signal"] = "message" if event.kind == EventKind.MESSAGE else "signal"
        run.tell(Thrown(kind, name, None if key is None else str(key), payload, task.task_spec.bpmn_id))
    if event.kind == EventKind.SIGNAL:
        catch_signal(run, name, payload)


def throw_error(
    run: "EarshotWorkflow", task: Token, code: str | None, name: str = "", payload: Variables | None = None
) -> None:
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


def throw_escalation(run: "EarshotWorkflow", task: Token, code: str | None, payload: Variables | None = None) -> bool:
    """Hand an escalation to the innermost catcher; without one nothing happens (BPMN 2.0.2, 10.5.1). Whether caught."""
    catcher = _catcher(run, task, "escalation", code)
    if task.task_spec.model.kind != "boundaryEvent" and task.task_spec.throws:
        run.close(task, "completed")
    if catcher is not None:
        _caught(run, task, catcher, code, payload or {})
    return catcher is not None


def _caught(run: "EarshotWorkflow", task: Token, catcher: Token, code: str | None, payload: Variables) -> None:
    """Fire the catcher with what the model wants to know; called processes on the way hand over what they have."""
    wait, at = catcher.internal_data.waiting, task
    while at is not catcher.parent:
        at.task_spec.hand_over(run, at)
        at = at.parent
    if catcher.internal_data.armed == "boundary":
        at.task_spec.hand_over(run, at)
    told = dict(payload)
    if wait.get("codeVariable"):
        told[wait["codeVariable"]] = code
    if wait.get("messageVariable"):
        told[wait["messageVariable"]] = payload.get("errorMessage")
    triggering.fire(run, catcher, told)


def _catcher(run: "EarshotWorkflow", task: Token, kind: str, code: str | None) -> Token | None:
    """The innermost armed catcher around `task`: event subprocess before boundary, own code before catch-all."""
    at, handler = task, ""
    while at is not None:
        fitting = [
            armed
            for armed in run.armed(at)
            if armed.internal_data.waiting["kind"] == kind
            and armed.internal_data.waiting["code"] in (None, code)
            # What an event subprocess throws is never caught by its own start again.
            and (armed.internal_data.armed != "start" or armed.task_spec.model.scope != handler)
        ]
        if fitting:
            return min(
                fitting,
                key=lambda armed: (
                    armed.internal_data.armed != "start",
                    armed.internal_data.waiting["code"] is None,
                ),
            )
        handler = at.task_spec.model.id if at.task_spec.model.details.triggered else ""
        at = at.parent
    return None


def catch_signal(run: "EarshotWorkflow", name: str, payload: Variables) -> int:
    """Give a signal to everything inside that waits for it; how many caught it."""
    waiting = [
        task
        for task in run.tasks.values()
        if (wait := task.internal_data.wait) and wait["kind"] == "signal" and wait["event"] == name
    ]
    caught = 0
    for task in waiting:
        if task.id in run.tasks:
            triggering.fire(run, task, payload)
            caught += 1
    return caught
