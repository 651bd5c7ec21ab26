"""Settings of an element that are literal, or worked out when its work item or job opens (assignee, group, topic ...).

An expression that comes to nothing says nothing; one that comes to a value of the wrong kind is a failure that names
the setting and the value (Camunda 8 "User tasks", "Service tasks"; Camunda 7 "Task assignment").
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from bpm.engine.expressions import tagged
from bpm.engine.expressions.times import schedules
from bpm.foundation.errors import ExpressionError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow

_LONGEST = {"topic": 300, "decision": 300, "form": 300, "assignee": 200, "group": 80}
"""Characters that the rows of work items and jobs have room for."""
_FORM_PATH = re.compile(r"^.*/|\.(?:json|form|xhtml|html|jsf)$")


def text_setting(run: "EarshotWorkflow", task: Task, what: str) -> str | None:
    """The text of a setting; None where the model says nothing."""
    details = task.task_spec.model.details
    if f"{what}Expression" not in details:
        literal: str | None = details.get(what)
        return literal
    return _text(task, what, run.evaluate(details[f"{what}Expression"], task))


def topic_setting(run: "EarshotWorkflow", task: Task) -> str | None:
    """The topic of a job; a computed one has to come to something."""
    topic = text_setting(run, task, "topic")
    if not topic and "topicExpression" in task.task_spec.model.details:
        written = tagged.shown(task.task_spec.model.details["topicExpression"])
        raise ExpressionError(
            f"The topic of {_name(task)} has no value: {written}.",
            remedy="Set the variables that it is made of before the task.",
        )
    return topic


def group_setting(run: "EarshotWorkflow", task: Task) -> str | None:
    """The group that a work item is offered to: the text, or the first of a list of texts."""
    details = task.task_spec.model.details
    if "groupExpression" not in details:
        return text_setting(run, task, "group")
    value = run.evaluate(details["groupExpression"], task)
    if not isinstance(value, list | tuple):
        return _text(task, "group", value)
    groups = [_text(task, "group", one) for one in value]
    return groups[0] if groups else None


def due_setting(run: "EarshotWorkflow", task: Task) -> str | None:
    """When a work item is due, as ISO 8601 text: a date, an instant or a duration from now."""
    details = task.task_spec.model.details
    if "dueExpression" not in details:
        return text_setting(run, task, "due")
    value = run.evaluate(details["dueExpression"], task)
    text = _text(task, "due", value.isoformat() if hasattr(value, "isoformat") else value)
    if text:
        try:
            schedules.plan("cycle" if text.strip()[:1].upper() == "R" else "duration", text, now=run.now)
        except ExpressionError as error:
            raise ExpressionError(
                f"The due date of {_name(task)} came to {text!r}. {error.message}", remedy=error.remedy
            ) from None
    return text


def form_setting(run: "EarshotWorkflow", task: Task) -> str | None:
    """The key of a work item's form."""
    key = text_setting(run, task, "form")
    if key and "formExpression" in task.task_spec.model.details:
        return _FORM_PATH.sub("", key)
    return key


def shown_setting(run: "EarshotWorkflow", task: Task, what: str) -> str | None:
    """A text for people, in which a value of any kind may stand."""
    details: Mapping[str, Any] = task.task_spec.model.details
    if f"{what}Expression" not in details:
        return details.get(what)
    value = run.evaluate(details[f"{what}Expression"], task)
    return None if value is None else str(value)


def whole_setting(run: "EarshotWorkflow", task: Task, what: str) -> int | None:
    """A whole number from 0 on; None where the model says nothing."""
    details = task.task_spec.model.details
    value = details.get(what)
    if f"{what}Expression" in details:
        value = run.evaluate(details[f"{what}Expression"], task)
    if value is None:
        return None
    try:
        whole = int(value)
    except (TypeError, ValueError):
        whole = -1
    if isinstance(value, bool) or whole < 0 or whole != float(value):
        raise ExpressionError(f"The {what} of {_name(task)} must be a whole number, not {value!r}.")
    return whole


def _text(task: Task, what: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."
        raise ExpressionError(
            f"The {what} of {_name(task)} came to {shown}; it has to be a text.",
            remedy="Let the expression give a text.",
        )
    if len(value) > _LONGEST.get(what, 300):
        raise ExpressionError(f"The {what} of {_name(task)} has more than {_LONGEST.get(what, 300)} characters.")
    return value


def _name(task: Task) -> str:
    return repr(task.task_spec.bpmn_name or task.task_spec.bpmn_id)
