"""Normalisation, fourth part: the shape of the flow; starts, ends, and several ways out of an activity."""

from collections.abc import Mapping

from lxml import etree

from bpm.engine.bpmn.document import (
    GATEWAYS,
    NODES,
    BpmnDocument,
    Element,
    child,
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
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor


def stands_beside(node: Element) -> bool:
    """Whether the node stands beside the sequence flow: compensation handlers, event subprocesses."""
    return (
        node.get("isForCompensation") == "true"
        or node.get("triggeredByEvent") == "true"
        or any(kind(part) == "compensateEventDefinition" for part in event_definitions(node) if _is_boundary(node))
    )


def _is_boundary(node: Element) -> bool:
    return kind(node) == "boundaryEvent"


def _is_link(node: Element, what: str) -> bool:
    return kind(node) == what and child(node, "linkEventDefinition") is not None


def _instantiates(node: Element, incoming: Mapping[str, list[Element]]) -> bool:
    """Whether the node starts an instance by itself when its event comes (BPMN 2.0.2, 13.1)."""
    return (
        node.get("instantiate") == "true"
        and kind(parent_of(node)) == "process"
        and not incoming.get(node.get("id", ""))
    )


def settle_event_subprocesses(document: BpmnDocument) -> None:
    """An event subprocess needs one event to start it; in a drawing without one it never happens."""
    for scope in document.all("subProcess"):
        if scope.get("triggeredByEvent") != "true":
            continue
        starts = children(scope, "startEvent")
        if any(event_definitions(start) for start in starts):
            continue
        document.note(
            "event-subprocess-without-event",
            "error" if document.meant_to_run else "warning",
            scope,
            f"Nothing starts the event subprocess {label(scope)!r}; it never happens.",
            "Give it a start event with a trigger: message, timer, error ...",
        )
        if not document.meant_to_run:
            remove(scope)


def add_starts(document: BpmnDocument) -> None:
    """A scope without a start event starts at everything that nothing leads to (BPMN 2.0 §10.5.2)."""
    for scope in list(document.scopes()):
        nodes = [part for part in scope if kind(part) in NODES]
        if kind(scope) == "adHocSubProcess" or any(kind(node) == "startEvent" for node in nodes):
            continue
        if scope.get("triggeredByEvent") == "true":
            continue
        incoming = document.incoming(scope)
        heads = [
            node
            for node in nodes
            if not incoming.get(node.get("id", ""))
            and not _is_boundary(node)
            and not stands_beside(node)
            and not _is_link(node, "intermediateCatchEvent")
            and not _instantiates(node, incoming)
        ]
        if not heads and any(_instantiates(node, incoming) for node in nodes):
            continue
        heads = heads or [node for node in nodes if not _is_boundary(node) and not stands_beside(node)][:1]
        if not heads and nodes:
            continue
        start = document.add_node(scope, "startEvent", near=heads[0] if heads else None)
        for head in heads:
            document.add_flow(scope, start, head)
        names = ", ".join(repr(label(head)) for head in heads)
        if heads:
            document.note(
                "start-added",
                "info" if kind(scope) != "process" else "warning",
                scope,
                f"{label(scope)!r} has no start event; it starts with {names}.",
                "Draw a start event.",
            )


def add_ends(document: BpmnDocument) -> None:
    """A path that stops without an end event ends there."""
    for scope in list(document.scopes()):
        if kind(scope) == "adHocSubProcess":
            continue
        outgoing = document.outgoing(scope)
        nodes = [part for part in scope if kind(part) in NODES]
        for node in nodes:
            if kind(node) == "endEvent" or stands_beside(node) or _is_link(node, "intermediateThrowEvent"):
                continue
            if outgoing.get(node.get("id", "")):
                continue
            if kind(node) == "eventBasedGateway":
                document.note(
                    "event-gateway-empty",
                    "error",
                    node,
                    f"The event-based gateway {label(node)!r} leads to no event.",
                    "Draw the events that it waits for.",
                )
                continue
            document.add_flow(scope, node, document.add_node(scope, "endEvent", near=node))
            document.note(
                "end-added",
                "info",
                node,
                f"Nothing follows {label(node)!r}; its path ends there.",
                "Draw an end event.",
            )


def split_activities(document: BpmnDocument) -> None:
    """Several flows out of an activity or event all go on; conditional ones only if true (BPMN 2.0 §13.2.1)."""
    for scope in list(document.scopes()):
        outgoing = document.outgoing(scope)
        for node in [part for part in scope if kind(part) in NODES - GATEWAYS]:
            flows = outgoing.get(node.get("id", ""), [])
            conditional = [flow for flow in flows if text_of(child(flow, "conditionExpression"))]
            if len(flows) > 1 or conditional:
                _split(document, scope, node, flows, with_conditions=bool(conditional))


def _split(
    document: BpmnDocument, scope: Element, node: Element, flows: list[Element], *, with_conditions: bool
) -> None:
    gateway = document.add_node(scope, "inclusiveGateway" if with_conditions else "parallelGateway", near=node)
    default = str(node.attrib.pop("default", ""))
    way_in = gateway
    if default and with_conditions:
        gateway.set("default", default)
        way_in = _always_beside(document, scope, gateway, flows)
    for flow in flows:
        if flow.get("sourceRef") == node.get("id"):
            flow.set("sourceRef", gateway.get("id", ""))
    document.add_flow(scope, node, way_in)
    how = "those whose condition is true go on" if with_conditions else "all of them go on at once"
    document.note(
        "several-ways-out",
        "info",
        node,
        f"{len(flows)} flows leave {label(node)!r}: {how}." if len(flows) > 1 else
        f"The flow out of {label(node)!r} has a condition; without a true one the instance stops there.",
        "Draw a gateway if something else is meant.",
    )  # fmt: skip


def _always_beside(document: BpmnDocument, scope: Element, gateway: Element, flows: list[Element]) -> Element:
    """Flows without a condition beside a default are taken always: the default competes with the conditional ones."""
    bare = [
        flow
        for flow in flows
        if flow.get("id") != gateway.get("default") and not text_of(child(flow, "conditionExpression"))
    ]
    if not bare:
        return gateway
    fork = document.add_node(scope, "parallelGateway", near=gateway)
    fork.set(own("for"), gateway.get(own("for"), ""))
    for flow in bare:
        flow.set("sourceRef", fork.get("id", ""))
    document.add_flow(scope, fork, gateway)
    return fork


def settle_gateways(document: BpmnDocument) -> None:
    """Gateways without a way out end their path; complex ones that only split are inclusive ones."""
    for scope in list(document.scopes()):
        outgoing, incoming = document.outgoing(scope), document.incoming(scope)
        for gateway in [part for part in scope if kind(part) in GATEWAYS]:
            if kind(gateway) == "complexGateway" and len(incoming.get(gateway.get("id", ""), [])) <= 1:
                gateway.tag = tag("inclusiveGateway")
                document.note(
                    "complex-gateway",
                    "warning",
                    gateway,
                    f"The complex gateway {label(gateway)!r} splits like an inclusive one.",
                    "Draw an inclusive gateway.",
                )
            if kind(gateway) in ("inclusiveGateway", "exclusiveGateway", "complexGateway"):
                continue
            for flow in outgoing.get(gateway.get("id", ""), []):
                condition = child(flow, "conditionExpression")
                if condition is not None:
                    if text_of(condition):
                        document.note(
                            "condition-ignored",
                            "warning",
                            flow,
                            f"A condition behind the {kind(gateway)} {label(gateway)!r} has no effect there.",
                            "Use an exclusive or inclusive gateway.",
                            before=text_of(condition),
                        )
                    flow.remove(condition)


def note_unreachable(document: BpmnDocument) -> None:
    """Where a scope has a start event, nothing else starts: what nothing leads to is never reached."""
    for scope in document.scopes():
        if kind(scope) == "adHocSubProcess" or not children(scope, "startEvent"):
            continue
        incoming = document.incoming(scope)
        for node in [part for part in scope if kind(part) in NODES - {"startEvent", "boundaryEvent"}]:
            if incoming.get(node.get("id", "")) or stands_beside(node) or _is_link(node, "intermediateCatchEvent"):
                continue
            if _instantiates(node, incoming):
                continue
            document.note(
                "never-reached",
                "warning",
                node,
                f"No flow leads to {label(node)!r}; it is never reached.",
                "Connect it, or delete it.",
            )


def drop_empty_conditions(document: BpmnDocument) -> None:
    """Tools write empty condition elements; one whose code lies in another file is not empty."""
    for condition in document.all("conditionExpression"):
        parent = condition.getparent()
        if parent is None:
            continue
        if kind(parent) != "sequenceFlow" or not (text_of(condition) or vendor(condition, "resource")):
            parent.remove(condition)
    etree.cleanup_namespaces(document.root)
