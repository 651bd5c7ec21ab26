"""What a normalised model contains: processes, elements, starts, messages, topics."""

from collections.abc import Iterator

from bpm.engine.bpmn.document import (
    NODES,
    BpmnDocument,
    child,
    children,
    drawn_id,
    event_definitions,
    kind,
    label,
    line_of,
    own,
    tag,
    text_of,
)
from bpm.engine.bpmn.document import Element as Node
from bpm.engine.bpmn.model import Element, Process, StartSubscription
from bpm.engine.status import SubscriptionKind

_STARTS = {
    "messageEventDefinition": SubscriptionKind.MESSAGE,
    "signalEventDefinition": SubscriptionKind.SIGNAL,
    "timerEventDefinition": SubscriptionKind.TIMER,
}


def processes(document: BpmnDocument) -> tuple[Process, ...]:
    """The processes of the file, in document order."""
    known = {process.get("id") for process in document.processes()}
    return tuple(_process(document, process, known) for process in document.processes())


def _process(document: BpmnDocument, process: Node, known: set[str | None]) -> Process:
    calls = [call.get("calledElement", "") for call in process.iter(tag("callActivity"))]
    starts, plain = [], False
    for event in children(process, "startEvent"):
        definitions = event_definitions(event)
        plain = plain or not definitions
        starts += [found for part in definitions if (found := _start(document, process, event, part))]
    starts += _instantiating(document, process)
    return Process(
        id=process.get("id", ""),
        name=label(process),
        lanes=tuple(label(lane) for lane in process.iter(tag("lane"))),
        calls=tuple(dict.fromkeys(called for called in calls if called and called not in known)),
        plain_start=plain,
        starts=tuple(starts),
        offered=not process.get(own("drawing")),
    )


def primary(document: BpmnDocument, found: tuple[Process, ...]) -> str:
    """Id of the process that the file is about; "" where there is none.

    One that is marked as executable comes before one without a mark, then one that starts plainly, then the first.
    """
    marked = {process.get("id", "") for process in document.processes() if process.get(own("marked"))}
    offered = [process for process in found if process.offered] or list(found)
    ranked = sorted(offered, key=lambda process: (process.id not in marked, not process.plain_start))
    return ranked[0].id if ranked else ""


def _instantiating(document: BpmnDocument, process: Node) -> Iterator[StartSubscription]:
    """The receive tasks, and the events behind event-based gateways, that start an instance by themselves."""
    outgoing = document.outgoing(process)
    nodes = {node.get("id", ""): node for node in process}
    for element in children(process, "receiveTask", "eventBasedGateway"):
        if element.get("instantiate") != "true":
            continue
        flows = outgoing.get(element.get("id", ""), []) if kind(element) == "eventBasedGateway" else []
        for event in [nodes[flow.get("targetRef", "")] for flow in flows] or [element]:
            for part in [event] if kind(event) == "receiveTask" else event_definitions(event):
                if found := _start(document, process, event, part):
                    yield found


def _start(document: BpmnDocument, process: Node, event: Node, definition: Node) -> StartSubscription | None:
    what = SubscriptionKind.MESSAGE if kind(definition) == "receiveTask" else _STARTS.get(kind(definition))
    if not what:
        return None
    if what == SubscriptionKind.TIMER:
        timer = next((part for part in definition if kind(part).startswith("time")), None)
        name = timer.get(own("expression")) or text_of(timer) if timer is not None else ""
    else:
        name = names(document, what).get(definition.get(f"{what}Ref", ""), "")
    return StartSubscription(process.get("id", ""), drawn_id(event), what, name)


def names(document: BpmnDocument, what: str) -> dict[str, str]:
    """Id -> name of the file's messages or signals."""
    return {part.get("id", ""): part.get("name") or part.get("id") or "" for part in children(document.root, what)}


def topics(document: BpmnDocument) -> tuple[str, ...]:
    """Topics of the jobs that the model creates, sorted."""
    return tuple(sorted({node.get(own("topic"), "") for node in document.nodes()} - {""}))


def elements(document: BpmnDocument) -> tuple[Element, ...]:
    """Every drawn flow node and sequence flow, in document order."""
    found = []
    for process in document.processes():
        lanes = _lanes(process)
        for node in process.iter():
            if node.get(own("synthetic")) or node.get(own("added")) or kind(node) not in NODES | {"sequenceFlow"}:
                continue
            key = node.get("id", "")
            found.append(
                Element(
                    id=drawn_id(node),
                    name=" ".join((node.get("name") or "").split()),
                    type=kind(node),
                    lane=_lane_of(node, lanes),
                    process=process.get("id", ""),
                    line=line_of(node),
                    documentation=text_of(child(node, "documentation")),
                    expressions=tuple(document.written.get(key, ())),
                    facts=tuple(document.facts.get(key, ())),
                    guards=tuple(document.guards.get(key, ())),
                )
            )
    return tuple(found)


def _lanes(process: Node) -> dict[str, str]:
    """Node id -> name of the innermost lane; outer lanes come first in the document."""
    lanes = {}
    for lane in process.iter(tag("lane")):
        for reference in children(lane, "flowNodeRef"):
            lanes[text_of(reference)] = label(lane)
    return lanes


def _lane_of(node: Node, lanes: dict[str, str]) -> str | None:
    """The lane a node stands in, or that of the subprocess around it."""
    at: Node | None = node
    while at is not None and kind(at) != "process":
        if at.get("id") in lanes:
            return lanes[at.get("id", "")]
        at = at.getparent()
    return None
