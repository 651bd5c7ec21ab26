"""Normalisation: the end that Flowable and Activiti give a cycle beside it (`endDate`), a date or an expression."""

from bpm.engine.bpmn.document import BpmnDocument, Element, kind, label, own, parent_of
from bpm.engine.bpmn.normalise.content.expressions import is_expression
from bpm.engine.bpmn.normalise.content.timer_texts import TimerText
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor
from bpm.engine.expressions.dialects import translate
from bpm.engine.expressions.times import schedules
from bpm.engine.expressions.times.instants import instant
from bpm.engine.expressions.times.schedules import TimerKind
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _


def with_end(document: BpmnDocument, timer: Element, literal: TimerText) -> str:
    """A literal cycle with a literal end as part of our text; an expression is left for the arming."""
    said = vendor(timer, "endDate")
    if not said or literal.which != TimerKind.CYCLE:
        return literal.text
    if is_expression(said):
        set_end(document, timer, said)
        return literal.text
    try:
        return schedules.until(literal.text, instant(said))
    except ExpressionError as error:
        _note(document, timer, said, error.message)
        return literal.text


def set_end(document: BpmnDocument, timer: Element, said: str) -> None:
    """Write e:until, which is worked out when the timer is armed."""
    event = document.named(timer)
    if kind(event) == "startEvent" and kind(parent_of(event)) == "process":
        _note(document, timer, said, _("The start of a process is waited for before there are variables."))
        return
    try:
        if not is_expression(said):
            instant(said)
        after = translate(said, use="template")
    except ExpressionError as error:
        _note(document, timer, said, error.message)
        return
    timer.set(own("until"), after)
    document.executed(timer, "end of the cycle", said, after)


def _note(document: BpmnDocument, timer: Element, said: str, why: str) -> None:
    document.note(
        "cycle-end-not-understood",
        "warning",
        timer,
        _("The cycle of %(event)r has the endDate %(said)r, which cannot be worked out: the cycle goes on. %(why)s")
        % {"event": label(document.named(timer)), "said": said, "why": why},
        _("Write a date such as 2030-01-01T00:00:00Z, or the end into the cycle: R/PT1H/2030-01-01T00:00:00Z."),
        before=said,
    )
