"""Normalisation: small marks of vendors that the run side follows, and events of theirs that it does not know."""

import re

from bpm.engine.spiff.draft import Draft, Element, children, event_definitions, kind, label, own
from bpm.engine.spiff.languages import translate
from bpm.engine.spiff.vendor import extensions, vendor
from bpm.errors import ExpressionError

_EVENTS = ("startEvent", "boundaryEvent", "intermediateCatchEvent")


def read_marks(draft: Draft) -> None:
    """Index variables of rounds, signals that stay in their instance, ends that end all rounds, names with values."""
    for loop in draft.all("multiInstanceLoopCharacteristics"):
        index = vendor(loop, "elementIndexVariable")
        if re.fullmatch(r"[^\W\d_]\w*", index):
            loop.set(own("indexVariable"), index)
    for signal in children(draft.root, "signal"):
        if vendor(signal, "scope") == "processInstance":
            signal.set(own("inside"), "true")
    for definition in draft.all("terminateEventDefinition"):
        if vendor(definition, "terminateMultiInstance") == "true":
            definition.set(own("terminateMultiInstance"), "true")
    for task in draft.all("userTask"):
        if re.search(r"[$#]\{", task.get("name", "")):
            _read_name(draft, task)


def _read_name(draft: Draft, task: Element) -> None:
    try:
        after = translate(task.get("name", ""), use="template")
    except ExpressionError as error:
        draft.note(
            "name-not-understood",
            "warning",
            task,
            f"The name {label(task)!r} cannot be worked out; it is shown as it is written. {error.message}",
            "Write a text with variables, such as 'Check ${order}'.",
        )
        return
    task.set(own("nameExpression"), after)
    draft.executed(task, "name", task.get("name", ""), after)


def refuse_foreign_events(draft: Draft) -> None:
    """An event whose trigger only its vendor's engine knows would pass at once, or never come."""
    for event in draft.all(*_EVENTS):
        if event_definitions(event):
            continue
        for listener in extensions(event, "variableListenerEventDefinition"):
            draft.note(
                "event-of-other-engine",
                "error",
                event,
                f"The {kind(event)} {label(event)!r} waits for the variable {listener.get('variableName', '')!r} to"
                " change; only Flowable knows such events.",
                "Draw a conditional event over the variable.",
            )
