"""Normalisation: vendors' settings of events that change what happens, in our own names; others named as unused."""

import re

from bpm.engine.spiff.draft import Draft, Element, children, event_definitions, kind, label, local, own, text_of
from bpm.engine.spiff.languages import translate
from bpm.engine.spiff.normalise.vendor import extensions, vendor
from bpm.errors import ExpressionError

_UNUSED = (
    "terminateMultiInstance",
    "skipExpression",
    "candidateUsers",
    "triggerable",
    "variableEvents",
    "formHandlerClass",
)
_VARIABLES = {
    "errorEventDefinition": ("errorCodeVariable", "errorMessageVariable"),
    "escalationEventDefinition": ("escalationCodeVariable",),
}


def read_event_settings(draft: Draft) -> None:
    """Flowable's terminateAll, Camunda's variables for the code and message of what was caught, its error messages."""
    for definition in draft.all("terminateEventDefinition"):
        if vendor(definition, "terminateAll") == "true":
            definition.set(own("terminateAll"), "true")
    for definition in draft.all(*_VARIABLES):
        for name in _VARIABLES[kind(definition)]:
            variable = vendor(definition, name)
            if re.fullmatch(r"[^\W\d_]\w*", variable):
                definition.set(own(name), variable)
    for error in children(draft.root, "error"):
        text = vendor(error, "errorMessage")
        if text:
            _set_message(draft, error, text)


def _set_message(draft: Draft, error: Element, text: str) -> None:
    try:
        after = translate(text, use="template")
    except ExpressionError as problem:
        draft.note(
            "error-message-not-understood",
            "warning",
            error,
            f"The message of the error {label(error)!r} cannot be worked out; it is left out. {problem.message}",
            "Write a text, or an expression over variables.",
            before=text,
        )
        return
    error.set(own("errorMessage"), after)


def settle_names(draft: Draft) -> None:
    """Names of messages and signals are literal or worked out when thrown or waited for; FEEL quotes literal ones."""
    for part in children(draft.root, "message", "signal"):
        name = part.get("name", "")
        quoted = re.fullmatch(r'=\s*"([^"]*)"', name)
        if quoted:
            part.set("name", quoted[1])
        elif re.search(r"[$#]\{", name) or name.startswith("="):
            _compute_name(draft, part, name)


def _compute_name(draft: Draft, part: Element, name: str) -> None:
    try:
        after = translate(name, use="template")
    except ExpressionError as problem:
        _refuse_name(draft, part, name, problem.message)
        return
    start = _start_of(draft, part)
    if start is not None:
        _refuse_name(draft, start, name, "The start of a process is waited for before there are variables.")
        return
    part.set(own("nameExpression"), after)
    draft.executed(part, "name", name, after)


def _start_of(draft: Draft, part: Element) -> Element | None:
    """The start event of a process that waits for the message or signal."""
    for process in draft.processes():
        for start in children(process, "startEvent"):
            for definition in event_definitions(start):
                if part.get("id") in (definition.get("messageRef"), definition.get("signalRef")):
                    return start
    return None


def _refuse_name(draft: Draft, element: Element, name: str, why: str) -> None:
    draft.note(
        "event-name-computed",
        "error",
        element,
        f"The name {name!r} of a message or signal cannot be worked out. {why}",
        "Write a literal name, and tell instances apart by a correlation key.",
        before=name,
    )


_UNUSED_PARTS = ("instructionsForEndUser",)


def note_unused_settings(draft: Draft) -> None:
    """Vendor settings that would change what happens or what people see, and that have no counterpart here."""
    for node in draft.nodes():
        for part in extensions(node, *_UNUSED_PARTS):
            if text_of(part):
                draft.note(
                    "setting-not-used",
                    "warning",
                    node,
                    f"The {local(part.tag)} of {label(node)!r} is not shown to the people who work on it.",
                    "Put what they need to know into the name of the task or into its form.",
                    before=text_of(part),
                )
        for part in extensions(node, "assignmentDefinition"):
            if part.get("candidateUsers"):
                _note_unused(draft, node, "candidateUsers", part.get("candidateUsers", ""))
    for element in draft.root.iter():
        if not kind(element):
            continue
        for name in _UNUSED:
            value = vendor(element, name)
            if value and value != "false":
                _note_unused(draft, element, name, value)


def _note_unused(draft: Draft, element: Element, name: str, value: str) -> None:
    draft.note(
        "setting-not-used",
        "warning",
        element,
        f"The setting {name} of {label(draft.named(element))!r} has no effect here.",
        "Draw what it does, or remove it.",
        before=f'{name}="{value}"',
    )
