"""Gateways, and starts without a start event, that are not executed as the standard says."""

from collections.abc import Iterator

from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.bpmn.document import Element as Node
from bpm.engine.findings import Finding
from bpm.engine.spiff.specs.definitions import tag_of
from bpm.engine.spiff.unsupported.nodes import (
    by_id,
    events_of,
    finding_at,
    parent_of,
)


def event_gateway(node: Node) -> Iterator[Finding]:
    if node.get("instantiate") == "true":
        yield from _instantiate(node)
    elif node.get("eventGatewayType") == "Parallel":
        yield finding_at(
            node,
            "not-executed-parallel-event-gateway",
            "An event-based gateway waits for all its events only where it starts the instance.",
            "Use a parallel gateway with catching events behind it.",
        )
    for flow in parent_of(node).iterfind(full_tag("sequenceFlow")):
        if flow.get("sourceRef") == node.get("id"):
            target = by_id(node, flow.get("targetRef"))
            if target is None or tag_of(target) not in ("intermediateCatchEvent", "receiveTask"):
                yield finding_at(
                    node,
                    "event-gateway-target",
                    f"Behind an event-based gateway there are only catching events and receive tasks, "
                    f"not {flow.get('targetRef')!r}.",
                    "Put a catching event there.",
                )


def complex_gateway(node: Node) -> Iterator[Finding]:
    incoming = [
        flow for flow in parent_of(node).iterfind(full_tag("sequenceFlow")) if flow.get("targetRef") == node.get("id")
    ]
    if len(incoming) > 1 and not (node.findtext(full_tag("activationCondition")) or "").strip():
        yield finding_at(
            node,
            "complex-gateway-without-condition",
            "The complex gateway joins several flows and does not say for which tokens it goes on.",
            "Give it an activation condition such as activationCount >= 2, or use a parallel or inclusive gateway.",
        )


def receive(node: Node) -> Iterator[Finding]:
    if node.get("instantiate") == "true":
        yield from _instantiate(node)


def _instantiate(node: Node) -> Iterator[Finding]:
    """An element that starts an instance stands at the top, nothing leads to it, and messages or signals come."""
    flows = list(parent_of(node).iterfind(full_tag("sequenceFlow")))
    behind = [by_id(node, flow.get("targetRef")) for flow in flows if flow.get("sourceRef") == node.get("id")]
    kinds = [events_of(event) for event in behind if event is not None and tag_of(event) == "intermediateCatchEvent"]
    if tag_of(parent_of(node)) != "process" or any(flow.get("targetRef") == node.get("id") for flow in flows):
        yield finding_at(
            node,
            "not-executed-instantiate",
            "What starts an instance stands at the top of the process, and no flow leads to it.",
            "Remove instantiate, or start the process with a message start event.",
        )
    elif tag_of(node) == "eventBasedGateway" and any(len(k) != 1 or k - {"message", "signal"} for k in kinds):
        yield finding_at(
            node,
            "not-executed-instantiate",
            "Only messages and signals can start an instance through an event-based gateway.",
            "Put message or signal events behind it, one event each.",
        )
