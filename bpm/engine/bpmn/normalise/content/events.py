"""Normalisation: what events refer to, and whose message is meant."""

from lxml import etree

from bpm.engine.bpmn.document import (
    BpmnDocument,
    Element,
    children,
    event_definitions,
    kind,
    label,
    own,
    parent_of,
    remove,
    tag,
    text_of,
)
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, is_camunda_family
from bpm.engine.expressions.dialects import translate
from bpm.foundation.errors import ExpressionError

_ROOTS = {
    "messageEventDefinition": ("message", "messageRef"),
    "signalEventDefinition": ("signal", "signalRef"),
    "errorEventDefinition": ("error", "errorRef"),
    "escalationEventDefinition": ("escalation", "escalationRef"),
    "sendTask": ("message", "messageRef"),
    "receiveTask": ("message", "messageRef"),
}


def read_event_registry(document: BpmnDocument) -> None:
    """Flowable's event registry: an event with `eventType` is a message event of that name."""
    for event in document.all("startEvent", "boundaryEvent", "intermediateCatchEvent", "receiveTask", "serviceTask"):
        name = text_of(next(extensions(event, "eventType"), None))
        if not name or event_definitions(event):
            continue
        if kind(event) == "serviceTask":
            event.set(own("topic"), f"event:{name}")
            continue
        message = _root_element(document, "message", name)
        holder = event if kind(event) == "receiveTask" else etree.SubElement(event, tag("messageEventDefinition"))
        holder.set("messageRef", message.get("id", ""))
        keys = [
            f"{part.get('name')}={part.get('value')}"
            for part in extensions(event, "eventCorrelationParameter")
            if part.get("value")
        ]
        if keys:
            holder.set(own("correlationKey"), translate(";".join(keys), use="template"))
        document.note(
            "event-registry",
            "info",
            event,
            f"The registry event {name!r} is taken as a message of that name.",
            "Deliver it by message name; a correlation key reads name=value;name=value.",
            before=name,
            after=";".join(keys),
        )


def _root_element(document: BpmnDocument, what: str, name: str) -> Element:
    """The message, signal, error or escalation of that name; made if there is none."""
    for part in children(document.root, what):
        if name in (part.get("name"), part.get("id")):
            return part
    part = etree.Element(tag(what))
    part.set("id", document.fresh_id(what))
    part.set("name", name)
    if what in ("error", "escalation"):
        part.set(f"{what}Code", name)
    document.root.insert(0, part)
    return part


def resolve_event_references(document: BpmnDocument) -> None:
    """Every message, signal, error and escalation event points to an existing root element."""
    known = {part.get("id", ""): part for part in document.root if isinstance(part.tag, str)}
    thrown = _thrown(document)
    for element in document.all(*_ROOTS):
        what, attribute = _ROOTS[kind(element)]
        reference = element.get(attribute, "")
        if reference in known and kind(known[reference]) == what:
            _name_root(known[reference], what, thrown)
        elif reference or (what in ("message", "signal") and kind(element) != "sendTask"):
            _make_root(document, element, reference)


def _thrown(document: BpmnDocument) -> set[str]:
    """Ids of the errors and escalations whose code counts: an event throws them, or a job may by their name."""
    thrown = {
        definition.get(f"{kind(definition).removesuffix('EventDefinition')}Ref", "")
        for event in document.all("endEvent", "intermediateThrowEvent")
        for definition in event_definitions(event)
    }
    if not is_camunda_family(document.root):
        thrown |= {part.get("id", "") for part in children(document.root, "error") if not part.get("errorCode")}
    return thrown


def _name_root(part: Element, what: str, thrown: set[str]) -> None:
    """Root elements without name or code go by their id; what nothing throws stays without code and catches any."""
    if what in ("message", "signal") and not part.get("name"):
        part.set("name", part.get("id", ""))
    is_counted = part.get("id") in thrown
    if what in ("error", "escalation") and not part.get(f"{what}Code") and part.get("name") and is_counted:
        part.set(f"{what}Code", part.get("name", ""))


def _make_root(document: BpmnDocument, element: Element, reference: str) -> None:
    what, attribute = _ROOTS[kind(element)]
    name = reference.rpartition(":")[2] or _flow_name(document, element) or label(document.named(element))
    part = _root_element(document, what, name)
    element.set(attribute, part.get("id", ""))
    document.note(
        f"{what}-assumed",
        "warning",
        element,
        f"{label(document.named(element))!r} does not refer to a {what} of this file; the {what} {name!r} was added.",
        f"Choose the {what} in your modelling tool.",
        before=reference,
        after=name,
    )


def settle_conditional_starts(document: BpmnDocument) -> None:
    """Outside of an instance nobody watches a condition: a person, a trigger or a message says that it holds."""
    for process in document.processes():
        starts = children(process, "startEvent")
        for event in starts:
            for definition in children(event, "conditionalEventDefinition"):
                _settle_conditional_start(document, event, definition, is_only=len(starts) == 1)


def wait_for_message(document: BpmnDocument, definition: Element, text: str) -> None:
    """A condition in another engine's code is watched there: whoever knows that it holds says so by a message."""
    event = document.named(definition)
    message = _root_element(document, "message", label(event))
    made = etree.SubElement(event, tag("messageEventDefinition"))
    made.set("messageRef", message.get("id", ""))
    made.set(own("anyCustomer"), "true")
    remove(definition)
    document.note(
        "condition-told-by-message",
        "warning",
        event,
        f"The condition of {label(event)!r} is code of another engine, which nobody watches here: it happens when the"
        f" message {label(event)!r} arrives.",
        "Let whoever knows that the condition holds send the message, or write the condition over variables.",
        before=text,
        after=label(event),
    )


def _settle_conditional_start(document: BpmnDocument, event: Element, definition: Element, *, is_only: bool) -> None:
    before = text_of(next(iter(definition), None)) if len(definition) else ""
    remove(definition)
    how = "the process is started by hand, by a trigger or by a program"
    if not is_only:
        message = _root_element(document, "message", label(event))
        made = etree.SubElement(event, tag("messageEventDefinition"))
        made.set("messageRef", message.get("id", ""))
        how = f"the process starts there when the message {label(event)!r} arrives"
    document.note(
        "conditional-start",
        "warning",
        event,
        f"Outside of an instance nobody watches the condition of {label(event)!r}: {how}.",
        "Let whoever knows that the condition holds start the process.",
        before=before,
    )


def _flow_name(document: BpmnDocument, element: Element) -> str:
    """The name for a message both of whose ends are joined by a message flow."""
    node = document.named(element).get("id", "")
    for flow in document.all("messageFlow"):
        if node in (flow.get("sourceRef"), flow.get("targetRef")):
            return flow.get("name") or flow.get("id") or ""
    return ""


def read_correlation(document: BpmnDocument) -> None:
    """Which customer's message is meant: e:correlationKey, or e:anyCustomer written down with a warning."""
    keys = _message_keys(document)
    for element in document.all("messageEventDefinition", "receiveTask", "sendTask"):
        node = document.named(element)
        if kind(element) == "sendTask" and not element.get("messageRef"):
            continue
        key = element.get(own("correlationKey")) or keys.get(element.get("messageRef", ""), "")
        if key:
            element.set(own("correlationKey"), key)
            continue
        element.set(own("anyCustomer"), "true")
        starts = kind(node) == "startEvent" and kind(parent_of(node)) == "process"
        throws = kind(node) in ("intermediateThrowEvent", "endEvent", "sendTask")
        if not starts and not throws:
            document.note(
                "correlation-any",
                "warning",
                node,
                f"{label(node)!r} names no correlation key: it takes any message of that name, whoever it is from.",
                "Give the message a correlation key, for example the number of the order.",
            )


def _message_keys(document: BpmnDocument) -> dict[str, str]:
    """Message id -> our expression for its correlation value (Zeebe subscriptions, Spiff and standard properties)."""
    keys: dict[str, str] = {}
    for message in children(document.root, "message"):
        written = ""
        for part in extensions(message, "subscription"):
            written = written or part.get("correlationKey", "")
        for part in extensions(message, "expression"):
            written = written or text_of(part)
        if not written:
            continue
        try:
            keys[message.get("id", "")] = translate(written, use="value")
            document.executed(message, "correlation key", written, keys[message.get("id", "")])
        except ExpressionError as error:
            document.note(
                "correlation-not-understood",
                "error",
                message,
                f"The correlation key of the message {label(message)!r} cannot be executed. {error.message}",
                "Write a variable or an expression over variables.",
                before=written,
            )
    return keys


def drop_untriggered_boundary_events(document: BpmnDocument) -> None:
    """A boundary event without any trigger can never happen."""
    for event in document.all("boundaryEvent"):
        if event_definitions(event):
            continue
        document.note(
            "boundary-without-trigger",
            "warning",
            event,
            f"The boundary event {label(event)!r} has no trigger, so it never happens; the way out of it is not used.",
            "Choose a trigger: timer, message, error ...",
        )
        for flow in document.outgoing(parent_of(event)).get(event.get("id", ""), []):
            remove(flow)
        remove(event)
