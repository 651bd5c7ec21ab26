"""Normalisation: the topic of a job, literal or worked out when the job opens."""

import re

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.document import BpmnDocument, Element, label, own
from bpm.engine.bpmn.normalise.content.expressions import expressed, is_expression
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor
from bpm.foundation.errors import ExpressionError


def set_topic(document: BpmnDocument, task: Element, text: str) -> None:
    """e:topic, or e:topicExpression where the topic is worked out when the job opens."""
    quoted = re.fullmatch(r'=\s*"([^"\\]*)"\s*', text)
    if quoted or not is_expression(text):
        task.set(own("topic"), quoted[1] if quoted else text)
        return
    try:
        after = expressed(text)
    except ExpressionError as error:
        document.note(
            "topic-not-understood",
            "error",
            task,
            f"The topic of {label(task)!r} is computed by {text!r}, which cannot be executed. {error.message}",
            "Write a text, or an expression over variables.",
            before=text,
        )
        return
    task.set(own("topicExpression"), after)
    document.executed(task, "topic", text, after)


def note_local_result(task: Element) -> None:
    """Flowable's way to keep a result in the scope around the task: e:resultHere."""
    if is_true(vendor(task, "useLocalScopeForResultVariable")):
        task.set(own("resultHere"), "true")
