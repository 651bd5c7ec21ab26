"""Normalisation: vendors' settings of events that change what happens, in our own names."""

import re

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.consumed import mark_whole
from bpm.engine.bpmn.document import (
    BpmnDocument,
    Element,
    children,
    event_definitions,
    kind,
    label,
    local,
    own,
    text_of,
)
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, is_zeebe, vendor
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_VARIABLES = {
    "errorEventDefinition": ("errorCodeVariable", "errorMessageVariable"),
    "escalationEventDefinition": ("escalationCodeVariable",),
}


def read_event_settings(document: BpmnDocument) -> None:
    """Flowable's terminateAll, Camunda's variables for the code and message of what was caught, its error messages."""
    for definition in document.all("terminateEventDefinition"):
        if is_true(vendor(definition, "terminateAll")):
            definition.set(own("terminateAll"), "true")
    for definition in document.all(*_VARIABLES):
        for name in _VARIABLES[kind(definition)]:
            variable = vendor(definition, name)
            if re.fullmatch(r"[^\W\d_]\w*", variable):
                definition.set(own(name), variable)
    for error in children(document.root, "error"):
        text = vendor(error, "errorMessage")
        if text:
            _set_message(document, error, text)


def see_from_within(document: BpmnDocument) -> None:
    """Camunda 8 judges boundary events behind the input mappings of their activity, with its variables.

    Source: Camunda 8, "Conditionals", considerations ("Input mappings can trigger boundary events").
    """
    if is_zeebe(document.root):
        for event in document.all("boundaryEvent"):
            event.set(own("within"), "true")


def _set_message(document: BpmnDocument, error: Element, text: str) -> None:
    try:
        after = translate(text, use="template")
    except ExpressionError as problem:
        document.note(
            "error-message-not-understood",
            "warning",
            error,
            f"The message of the error {label(error)!r} cannot be worked out; it is left out. {problem.message}",
            "Write a text, or an expression over variables.",
            before=text,
        )
        return
    error.set(own("errorMessage"), after)


def settle_names(document: BpmnDocument) -> None:
    """Names of messages and signals are literal or worked out when thrown or waited for; FEEL quotes literal ones."""
    for part in children(document.root, "message", "signal"):
        name = part.get("name", "")
        quoted = re.fullmatch(r'=\s*"([^"]*)"', name)
        if quoted:
            part.set("name", quoted[1])
        elif re.search(r"[$#]\{", name) or name.startswith("="):
            _compute_name(document, part, name)


def settle_codes(document: BpmnDocument) -> None:
    """Codes of errors and escalations are literal, or Camunda 8's FEEL: worked out when thrown or watched for."""
    for part in children(document.root, "error", "escalation"):
        attribute = f"{kind(part)}Code"
        code = part.get(attribute, "").strip()
        if not code.startswith("=") or code.startswith("=="):
            continue
        if quoted := re.fullmatch(r'=\s*"([^"]*)"', code):
            part.set(attribute, quoted[1])
            continue
        try:
            after = translate(code, use="value")
        except ExpressionError as problem:
            document.note(
                "event-code-not-understood",
                "error",
                part,
                _("The code of %(event)r cannot be worked out: %(code)r. %(why)s")
                % {"event": label(part), "code": code, "why": problem.message},
                _("Write a literal code, or an expression over variables."),
                before=code,
            )
            continue
        part.set(own("codeExpression"), after)
        document.executed(part, "code", code, after)


def _compute_name(document: BpmnDocument, part: Element, name: str) -> None:
    try:
        after = translate(name, use="template")
    except ExpressionError as problem:
        _refuse_name(document, part, name, problem.message)
        return
    start = _start_of(document, part)
    if start is not None:
        _refuse_name(document, start, name, "The start of a process is waited for before there are variables.")
        return
    part.set(own("nameExpression"), after)
    document.executed(part, "name", name, after)


def _start_of(document: BpmnDocument, part: Element) -> Element | None:
    """The start event of a process that waits for the message or signal."""
    for process in document.processes():
        for start in children(process, "startEvent"):
            for definition in event_definitions(start):
                if part.get("id") in (definition.get("messageRef"), definition.get("signalRef")):
                    return start
    return None


def _refuse_name(document: BpmnDocument, element: Element, name: str, why: str) -> None:
    document.note(
        "event-name-computed",
        "error",
        element,
        f"The name {name!r} of a message or signal cannot be worked out. {why}",
        "Write a literal name, and tell instances apart by a correlation key.",
        before=name,
    )


def note_unused_settings(document: BpmnDocument) -> None:
    """What a vendor's markup shows to people and this product does not."""
    for node in document.nodes():
        for part in extensions(node, "instructionsForEndUser"):
            mark_whole(part)
            if text_of(part):
                document.note(
                    "setting-not-used",
                    "warning",
                    node,
                    f"The {local(part.tag)} of {label(node)!r} is not shown to the people who work on it.",
                    "Put what they need to know into the name of the task or into its form.",
                    before=text_of(part),
                )
