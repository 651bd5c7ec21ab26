"""An event that was waited for has come: what goes on, what is cancelled, what stays armed."""

from typing import TYPE_CHECKING, cast

from bpm.engine.expressions.times import schedules
from bpm.engine.expressions.times.schedules import Schedule
from bpm.engine.spiff.runtime.activities import data_flow
from bpm.engine.spiff.runtime.events import subscriptions
from bpm.engine.spiff.runtime.token_state import Begun, Token, Wait
from bpm.engine.spiff.step import Variables

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


def fire(run: "EarshotWorkflow", task: Token, payload: Variables) -> None:
    """The event that `task` waits for has come."""
    role = task.internal_data.armed
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


def _parts_missing(run: "EarshotWorkflow", task: Token) -> bool:
    """Whether a parallel multiple event still waits for another of its parts."""
    if not task.task_spec.model.details.parallel_multiple:
        return False
    return any(part is not task and part.task_spec is task.task_spec for part in run.armed(task.parent))


def _trigger_boundary(run: "EarshotWorkflow", armed: Token, payload: Variables) -> None:
    host, event = armed.parent, armed.task_spec
    scope = host.parent
    if event.model.details.interrupting:
        run.close(armed, "completed")
        run.drop(armed)
        end_race(run, host)
        run.cancel_task(host)
    else:
        _rearm(run, armed)
        run.splits[event] += 1
    data_flow.receive(run, run.place(event, scope), payload)


def _trigger_event_subprocess(run: "EarshotWorkflow", armed: Token, payload: Variables) -> None:
    scope, start = armed.parent, armed.task_spec
    interrupting = start.model.details.interrupting
    spec = start.process
    if interrupting or armed.internal_data.waiting["kind"] == "error":
        run.close(armed, "completed")
        run.drop(armed)
        run.cancel_inside(scope)
    else:
        _rearm(run, armed)
        run.splits[start] += 1
    entry: Begun = {"start": start.model.id, "first": True}
    if start.model.details.keeps:
        entry["payload"] = dict(payload)
    else:
        run.write(scope, payload)
    run.place(spec.task_specs[start.model.scope], scope, data=entry)


def _rearm(run: "EarshotWorkflow", armed: Token) -> None:
    """A non-interrupting event stays armed; a timer only while its cycle lasts."""
    wait = armed.internal_data.waiting
    if armed.task_spec.model.details.parallel_multiple:
        owner, element, role = armed.parent, armed.task_spec, armed.internal_data.role
        run.cancel_task(armed, "completed")
        subscriptions.arm(run, owner, element, role)
    elif wait["kind"] == "timer":
        following = schedules.following(cast("Schedule", wait), now=run.now)
        if following is None:
            run.cancel_task(armed, "completed")
        else:
            armed.internal_data.wait = cast("Wait", following)
            subscriptions.announce(run, armed)


def end_race(run: "EarshotWorkflow", task: Token) -> None:
    """Take away the other events behind the same event-based gateway."""
    race, task.internal_data.race = task.internal_data.race, None
    if race is not None:
        for rival in list(run.tokens(task.parent)):
            if rival.internal_data.race == race:
                run.cancel_task(rival)
