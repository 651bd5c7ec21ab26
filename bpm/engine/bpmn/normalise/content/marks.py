"""Normalisation: small marks of vendors that the run side follows, and events of theirs that it does not know."""

import re

from lxml import etree

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.consumed import mark_whole
from bpm.engine.bpmn.document import (
    BpmnDocument,
    Element,
    child,
    children,
    event_definitions,
    kind,
    label,
    local,
    own,
    tag,
)
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, vendor
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError

_EVENTS = ("startEvent", "boundaryEvent", "intermediateCatchEvent")


def read_marks(document: BpmnDocument) -> None:
    """Names of variables for indices and starters, ends and signals of another reach, names with values in them."""
    for loop in document.all("multiInstanceLoopCharacteristics"):
        _keep_name(loop, "elementIndexVariable", "indexVariable")
    for start in document.all("startEvent"):
        _keep_name(start, "initiator", "initiator")
    for signal in children(document.root, "signal"):
        if vendor(signal, "scope") == "processInstance" or _stays_inside(document, signal):
            signal.set(own("inside"), "true")
    for definition in document.all("terminateEventDefinition"):
        if is_true(vendor(definition, "terminateMultiInstance")):
            definition.set(own("terminateMultiInstance"), "true")
    for definition in document.all("messageEventDefinition", "signalEventDefinition"):
        _read_expression(document, definition)
    for task in document.all("userTask"):
        if re.search(r"[$#]\{", task.get("name", "")):
            _read_name(document, task)


def _stays_inside(document: BpmnDocument, signal: Element) -> bool:
    """Whether all that throw the signal keep it in their case, as jBPM says by the mark `customScope`."""
    throwing = [
        event
        for event in document.all("intermediateThrowEvent", "endEvent")
        if any(part.get("signalRef") == signal.get("id") for part in event_definitions(event))
    ]
    scopes = [part for event in throwing for part in _named(event, "customScope")]
    inside = [part for part in scopes if "".join(map(str, part.itertext())).strip() == "processInstance"]
    for part in scopes if len(inside) in (0, len(throwing)) else ():
        mark_whole(part)
    return bool(inside) and len(inside) == len(throwing)


def _named(event: Element, name: str) -> list[Element]:
    """jBPM's marks of that name at an element."""
    holder = child(event, "extensionElements")
    marks = holder.iter() if holder is not None else ()
    return [part for part in marks if local(part.tag) == "metaData" and str(part.attrib.get("name", "")) == name]


def _keep_name(element: Element, said: str, meant: str) -> None:
    """A vendor attribute that names a variable, under our own name."""
    if re.fullmatch(r"[^\W\d_]\w*", vendor(element, said)):
        element.set(own(meant), vendor(element, said))


def _read_expression(document: BpmnDocument, definition: Element) -> None:
    """Activiti's and Flowable's way to compute the name of an event: without a reference to a root element."""
    what = kind(definition).removesuffix("EventDefinition")
    said = vendor(definition, f"{what}Expression")
    if not said or definition.get(f"{what}Ref"):
        return
    root = etree.Element(tag(what))
    root.set("id", document.fresh_id(what))
    root.set("name", said)
    document.root.insert(0, root)
    definition.set(f"{what}Ref", root.get("id", ""))


def _read_name(document: BpmnDocument, task: Element) -> None:
    try:
        after = translate(task.get("name", ""), use="template")
    except ExpressionError as error:
        document.note(
            "name-not-understood",
            "warning",
            task,
            f"The name {label(task)!r} cannot be worked out; it is shown as it is written. {error.message}",
            "Write a text with variables, such as 'Check ${order}'.",
        )
        return
    task.set(own("nameExpression"), after)
    document.executed(task, "name", task.get("name", ""), after)


def refuse_foreign_events(document: BpmnDocument) -> None:
    """An event whose trigger only its vendor's engine knows would pass at once, or never come."""
    for event in document.all(*_EVENTS):
        if event_definitions(event):
            continue
        for listener in extensions(event, "variableListenerEventDefinition"):
            document.note(
                "event-of-other-engine",
                "error",
                event,
                f"The {kind(event)} {label(event)!r} waits for the variable {listener.get('variableName', '')!r} to"
                " change; only Flowable knows such events.",
                "Draw a conditional event over the variable.",
            )
