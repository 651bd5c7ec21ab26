"""What waits for an event: subscriptions as tasks, with their timers, keys and conditions worked out once."""

from typing import TYPE_CHECKING, Any, cast

from SpiffWorkflow.util.task import TaskState

from bpm.engine.expressions import tagged
from bpm.engine.expressions.coercion import spoken
from bpm.engine.expressions.times import schedules
from bpm.engine.expressions.times.instants import instant
from bpm.engine.expressions.times.timer_value import timer_value
from bpm.engine.spiff.runtime.token_state import Role, Token, Wait, WaitKind
from bpm.engine.spiff.specs.event_definitions import (
    CodedEvent,
    ConditionalEvent,
    EventDefinition,
    EventKind,
    NamedEvent,
    TimerEvent,
)
from bpm.engine.spiff.specs.process import Element, ProcessSpec
from bpm.engine.spiff.step import NewSubscription, NewTimer
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


def arm_boundary(run: "EarshotWorkflow", host: Token) -> None:
    """Arm the boundary events of an activity that begins."""
    spec: ProcessSpec = host.task_spec.process
    for name in spec.attached.get(host.task_spec.model.id, ()):
        arm(run, host, spec.task_specs[name], "boundary")


def arm_event_subprocesses(run: "EarshotWorkflow", scope: Token, spec: ProcessSpec, name: str) -> None:
    """Arm the event subprocesses that stand directly in the scope `name`, which `scope` now is."""
    for subprocess in spec.inside[name].event_subprocesses:
        for start in spec.inside[subprocess].starts:
            arm(run, scope, spec.task_specs[start], "start")


def arm(run: "EarshotWorkflow", owner: Token, element: Element, role: Role) -> None:
    """Arm every event definition of `element` over `owner`: a task of its own each, no visit."""
    seen_from = owner.parent if role == "boundary" else owner
    waits = [waiting(run, seen_from, event) for event in element.model.events]
    for number, wait in enumerate(waits):
        task = Token(run, element, owner, TaskState.WAITING, id=run.new_uid())
        internal = task.internal_data
        internal.armed, internal.wait, internal.part = role, wait, number
        announce(run, task)


def waiting(run: "EarshotWorkflow", task: Token, event: EventDefinition) -> Wait:
    """What it means to wait for `event` from now on, as seen from `task`; raises ExpressionError."""
    match event:
        case TimerEvent():
            plan = schedules.plan(event.which, _timer_text(run, task, event), now=run.now)
            return cast("Wait", {"kind": "timer", **plan})
        case NamedEvent():
            return _waiting_named(run, task, event)
        case ConditionalEvent():
            return _waiting_condition(run, event)
        case CodedEvent():
            is_error = event.kind == EventKind.ERROR
            coded: Wait = {"kind": "error" if is_error else "escalation", "code": code_of(run, task, event)}
            if event.code_variable:
                coded["codeVariable"] = event.code_variable
            if event.message_variable:
                coded["messageVariable"] = event.message_variable
            return coded
    return {"kind": cast("WaitKind", str(event.kind))}


def _waiting_named(run: "EarshotWorkflow", task: Token, event: NamedEvent) -> Wait:
    is_message = event.kind == EventKind.MESSAGE
    wait: Wait = {"kind": "message" if is_message else "signal", "event": name_of(run, task, event)}
    if event.inside:
        wait["inside"] = True
    if event.key:
        key = run.evaluate(event.key, task)
        if key is None:
            raise ExpressionError(f"The correlation key of the message {event.event!r} has no value.")
        wait["key"] = str(key)
    return wait


def _waiting_condition(run: "EarshotWorkflow", event: ConditionalEvent) -> Wait:
    wait: Wait = {"kind": "conditional", "text": event.text}
    if event.watched is not None:
        wait["watched"] = list(event.watched)
    if event.changes is not None:
        wait["changes"] = list(event.changes)
    if event.repeats:
        wait["repeats"] = True
    tagged.parse(event.text)
    run.changed = True
    return wait


def _timer_text(run: "EarshotWorkflow", task: Token, event: TimerEvent) -> Any:
    """What a timer waits for: as written or worked out, with the end that a vendor's markup says of a cycle."""
    text: Any = event.text
    if event.expression:
        text = timer_value(event.expression, run.visible(task), now=run.now)
    if event.until is None:
        return text
    end = timer_value(event.until, run.visible(task), now=run.now)
    if end is None:
        return text
    if not isinstance(end, str):
        raise ExpressionError(_("The end of a cycle is a date, not %(value)s.") % {"value": spoken(end)})
    return schedules.until(str(text), instant(end))


def name_of(run: "EarshotWorkflow", task: Token, event: NamedEvent) -> str:
    """The name of a message or signal: as written, or worked out when it is thrown or waited for."""
    if not event.name_expression:
        return event.event
    name = run.evaluate(event.name_expression, task)
    if name is None or name == "":
        raise ExpressionError(f"The name of the {event.kind} has no value: {tagged.shown(event.name_expression)}.")
    return str(name)


def code_of(run: "EarshotWorkflow", task: Token, event: CodedEvent) -> str | None:
    """The code of an error or escalation: as written, or worked out when it is thrown or watched for."""
    if not event.code_expression:
        return event.code
    code = run.evaluate(event.code_expression, task)
    if not isinstance(code, str) or not code:
        raise ExpressionError(
            _("The code of the %(kind)s has to be a text, not %(value)s: %(expression)s.")
            % {
                "kind": event.kind,
                "value": spoken(code),
                "expression": tagged.shown(event.code_expression),
            },
            remedy=_("Let the expression come to the code."),
        )
    return code


def announce(run: "EarshotWorkflow", task: Token) -> None:
    """Tell the store about the timer or subscription of `task`."""
    wait, element = task.internal_data.waiting, task.task_spec
    if wait["kind"] == "timer":
        due = instant(wait["due"])
        run.record.timers.append(NewTimer(task.id.hex, element.bpmn_id, element.bpmn_name, due))
    if wait.get("inside"):
        # Nobody outside can deliver it; the store only sees that the instance waits.
        waiting_for = NewSubscription(
            task.id.hex, element.bpmn_id, "conditional", f"signal {wait['event']}"[:300], None
        )
        run.record.subscriptions.append(waiting_for)
    elif (kind := wait["kind"]) == "message" or kind == "signal":
        run.record.subscriptions.append(
            NewSubscription(task.id.hex, element.bpmn_id, kind, wait["event"], wait.get("key"))
        )
    if wait["kind"] == "conditional":
        run.record.subscriptions.append(
            NewSubscription(task.id.hex, element.bpmn_id, "conditional", tagged.written(wait["text"])[:300], None)
        )


def seen_from(task: Token) -> Token:
    """The scope from which what `task` waits for is judged: a boundary event stands outside its host."""
    if task.internal_data.armed == "boundary":
        return task.parent.parent
    return task.parent


def condition_holds(run: "EarshotWorkflow", task: Token) -> bool:
    """Whether the condition `task` waits for holds now; one about variables that do not exist yet does not."""
    text = task.internal_data.waiting["text"]
    visible = run.visible(seen_from(task))
    if not all(name in visible for name in tagged.parse(text).required):
        return False
    return tagged.holds(text, visible, now=run.now) is True
