"""Normalisation: what a drawing shows and no instance can ever do is left out by name; a model meant to run is refused.

What each kind of event may wait for or throw: BPMN 2.0.2, tables 10.93 to 10.95; what a subprocess starts with: 13.3.4.
"""

from collections.abc import Iterator

from bpm.engine.bpmn.document import (
    SUBPROCESSES,
    BpmnDocument,
    Element,
    child,
    children,
    event_definitions,
    kind,
    label,
    parent_of,
    remove,
    tag,
)

_CATCH = frozenset({"message", "signal", "timer", "conditional", "link"})
_THROW = frozenset({"message", "signal", "escalation", "compensate", "link"})
_MEANT = {
    "startEvent": frozenset({"message", "signal", "timer", "conditional"}),
    "intermediateCatchEvent": _CATCH,
    "intermediateThrowEvent": _THROW,
    "endEvent": frozenset({"message", "signal", "escalation", "compensate", "error", "cancel", "terminate"}),
    "boundaryEvent": (_CATCH - {"link"}) | {"error", "escalation", "cancel", "compensate"},
}


def place_with_their_hosts(document: BpmnDocument) -> None:
    """A boundary event belongs to the scope of its activity, a compensation's association to that of its event."""
    nodes = {node.get("id", ""): node for node in document.nodes()}
    for event in document.all("boundaryEvent"):
        host = nodes.get(event.get("attachedToRef", ""))
        if host is not None and parent_of(host) is not parent_of(event) and host is not parent_of(event):
            parent_of(host).append(event)
    for link in document.all("association"):
        source = nodes.get(link.get("sourceRef", "").rpartition(":")[2])
        if source is not None and kind(source) == "boundaryEvent" and parent_of(source) is not parent_of(link):
            parent_of(source).append(link)


def leave_out_the_impossible(document: BpmnDocument) -> None:
    """In a drawing, triggers that no such event can have, and links to nowhere; everywhere, undoing by nobody."""
    for event in _without_handler(document):
        why = "no association leads from it to an activity that undoes the work"
        _leave_out(document, event, event_definitions(event)[0], why)
    if document.meant_to_run:
        return
    for event in document.all(*_MEANT):
        for definition in event_definitions(event):
            why = _impossible(event, kind(definition).removesuffix("EventDefinition"))
            if why:
                _leave_out(document, event, definition, why)
    for element in document.all("receiveTask", "eventBasedGateway"):
        inside = kind(parent_of(element)) != "process"
        if element.get("instantiate") == "true" and (inside or _is_reached(document, element)):
            del element.attrib["instantiate"]
            document.note(
                "instantiate-left-out",
                "warning",
                element,
                f"{label(element)!r} is marked to start an instance, but flows lead to it: it waits when reached.",
                "Take the mark away, or remove the flows.",
            )
    for event in _without_target(document):
        _leave_out(document, event, event_definitions(event)[0], "no catching link event of its name is in its scope")


def _is_reached(document: BpmnDocument, element: Element) -> bool:
    return bool(document.incoming(parent_of(element)).get(element.get("id", "")))


def _impossible(event: Element, what: str) -> str:
    """Why the event cannot have the trigger `what`; "" when it can."""
    scope = parent_of(event)
    if kind(event) == "startEvent" and scope.get("triggeredByEvent") == "true":
        return "" if what not in ("cancel", "terminate", "link") else f"no event subprocess starts by {what}"
    if kind(event) == "startEvent" and kind(scope) in SUBPROCESSES:
        return "a subprocess starts by being reached"
    if what not in _MEANT[kind(event)]:
        return f"BPMN has no {what} trigger for a {kind(event)}"
    if what == "cancel" and not _in_transaction(event):
        return "there is no transaction to cancel"
    return ""


def _in_transaction(event: Element) -> bool:
    if kind(event) != "boundaryEvent":
        return any(kind(around) == "transaction" for around in event.iterancestors())
    hosts = (part for part in parent_of(event) if part.get("id") == event.get("attachedToRef"))
    return any(kind(host) == "transaction" for host in hosts)


def _without_handler(document: BpmnDocument) -> Iterator[Element]:
    """Compensation boundary events that undo nothing."""
    for event in document.all("boundaryEvent"):
        links = children(parent_of(event), "association")
        if child(event, "compensateEventDefinition") is not None and not any(
            link.get("sourceRef") == event.get("id") for link in links
        ):
            yield event


def _without_target(document: BpmnDocument) -> Iterator[Element]:
    """Links that lead nowhere."""
    for event in document.all("intermediateThrowEvent"):
        if child(event, "linkEventDefinition") is None:
            continue
        catching = children(parent_of(event), "intermediateCatchEvent")
        if not any(_link(other) == _link(event) for other in catching):
            yield event


def _link(event: Element) -> str | None:
    definition = child(event, "linkEventDefinition")
    return None if definition is None else definition.get("name") or event.get("name") or ""


def _leave_out(document: BpmnDocument, event: Element, definition: Element, why: str) -> None:
    what = kind(definition).removesuffix("EventDefinition")
    remove(definition)
    if kind(event) == "intermediateCatchEvent" and not event_definitions(event):
        event.tag = tag("intermediateThrowEvent")
    document.note(
        "trigger-left-out",
        "warning",
        event,
        f"The {what} trigger of {label(event)!r} is left out: {why}.",
        "Choose a trigger that this event can have, or mark it as what it is meant to be.",
        before=what,
    )
