"""Settings of an element that are literal, or worked out when its work item or job opens (assignee, group, topic ...).

An expression that comes to nothing says nothing; one that comes to a value of the wrong kind is a failure that names
the setting and the value (Camunda 8 "User tasks", "Service tasks"; Camunda 7 "Token assignment").
"""

import re
from typing import TYPE_CHECKING, Any

from bpm.engine.expressions import tagged
from bpm.engine.expressions.times import schedules
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.specs.details import Details, Setting
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow

_LONGEST = {"topic": 300, "decision": 300, "form": 300, "assignee": 200, "group": 80}
"""Characters that the rows of work items and jobs have room for."""
_MOST_PRIORITY = 2_147_483_647
_FORM_PATH = re.compile(r"^.*/|\.(?:json|form|xhtml|html|jsf)$")


def text_setting(run: "EarshotWorkflow", task: Token, setting: Setting) -> str | None:
    """The text of a setting; None where the model says nothing."""
    if setting.expression is None:
        return setting.text
    return _text(task, setting.what, run.evaluate(setting.expression, task))


def topic_setting(run: "EarshotWorkflow", task: Token) -> str | None:
    """The topic of a job; a computed one has to come to something."""
    setting = _details(task).topic
    topic = text_setting(run, task, setting)
    if not topic and setting.expression is not None:
        raise ExpressionError(
            f"The topic of {_name(task)} has no value: {tagged.shown(setting.expression)}.",
            remedy="Set the variables that it is made of before the task.",
        )
    return topic


def group_setting(run: "EarshotWorkflow", task: Token) -> str | None:
    """The group that a work item is offered to: the text, or the first of a list of texts."""
    setting = _details(task).group
    if setting.expression is None:
        return setting.text
    value = run.evaluate(setting.expression, task)
    if not isinstance(value, list | tuple):
        return _text(task, "group", value)
    groups = [_text(task, "group", one) for one in value]
    return groups[0] if groups else None


def due_setting(run: "EarshotWorkflow", task: Token) -> str | None:
    """When a work item is due, as ISO 8601 text: a date, an instant or a duration from now."""
    return _date_setting(run, task, _details(task).due, words="due date")


def follow_up_setting(run: "EarshotWorkflow", task: Token) -> str | None:
    """When a work item is looked at again, as `due_setting` gives it."""
    return _date_setting(run, task, _details(task).follow_up, words="follow-up date")


def priority_setting(run: "EarshotWorkflow", task: Token) -> int | None:
    """How urgent a work item is, more being more urgent; None where the model says nothing."""
    setting = _details(task).priority
    value: Any = setting.text if setting.expression is None else run.evaluate(setting.expression, task)
    if value is None:
        return None
    try:
        whole = int(value)
        fits = abs(whole) <= _MOST_PRIORITY and float(value) == whole and not isinstance(value, bool)
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        raise ExpressionError(
            _("The priority of %(task)s has to be a whole number, not %(value)s.")
            % {"task": _name(task), "value": repr(str(value)[:60])},
            remedy=_("Let the expression give a number, such as 50."),
        )
    return whole


def _date_setting(run: "EarshotWorkflow", task: Token, setting: Setting, *, words: str) -> str | None:
    if setting.expression is None:
        return setting.text
    value = run.evaluate(setting.expression, task)
    text = _text(task, words, value.isoformat() if hasattr(value, "isoformat") else value)
    if text:
        try:
            schedules.plan(schedules.kind_of(text), text, now=run.now)
        except ExpressionError as error:
            raise ExpressionError(
                f"The {words} of {_name(task)} came to {text!r}. {error.message}", remedy=error.remedy
            ) from None
    return text


def form_setting(run: "EarshotWorkflow", task: Token) -> str | None:
    """The key of a work item's form."""
    setting = _details(task).form
    key = text_setting(run, task, setting)
    return _FORM_PATH.sub("", key) if key and setting.expression is not None else key


def shown_setting(run: "EarshotWorkflow", task: Token, setting: Setting) -> str | None:
    """A text for people, in which a value of any kind may stand."""
    if setting.expression is None:
        return setting.text
    value = run.evaluate(setting.expression, task)
    return None if value is None else str(value)


def whole_setting(run: "EarshotWorkflow", task: Token, setting: Setting) -> int | None:
    """A whole number from 0 on; None where the model says nothing."""
    value: Any = setting.text if setting.expression is None else run.evaluate(setting.expression, task)
    if value is None:
        return None
    try:
        whole = int(value)
    except (TypeError, ValueError):
        whole = -1
    if isinstance(value, bool) or whole < 0 or whole != float(value):
        raise ExpressionError(f"The {setting.what} of {_name(task)} must be a whole number, not {value!r}.")
    return whole


def _details(task: Token) -> Details:
    return task.task_spec.model.details  # type: ignore[no-any-return]  # the library has no types


def _text(task: Token, what: str, value: Any) -> str | None:
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


def _name(task: Token) -> str:
    return repr(task.task_spec.bpmn_name or task.task_spec.bpmn_id)
