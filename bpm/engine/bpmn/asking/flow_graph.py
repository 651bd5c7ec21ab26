"""A model as a graph of moments: an element before its work, while people or workers answer, and after it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bpm.engine.bpmn.asking.reads import Read, reads_of, writes_of
from bpm.engine.bpmn.document import (
    ACTIVITIES,
    NODES,
    SUBPROCESSES,
    BpmnDocument,
    Element,
    child,
    kind,
    own,
    tag,
)

PEOPLE_WORK_AT = ("userTask", "manualTask")


@dataclass
class Moment:
    """One moment of an element. Names in `hides` are the element's own from here on; `writes` are written by it."""

    element: Element
    reads: tuple[Read, ...] = ()
    writes: frozenset[str] = frozenset()
    brings_more: bool = False
    asks: bool = False
    """People answer here without a form of the model."""
    after: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    """Moments that may follow without the element's work being done: its boundary events."""


def before(node: Element) -> str:
    """The moment before an element's work."""
    return f"{node.get('id')} before"


def answer(node: Element) -> str:
    """The moment when a person's or worker's values are there."""
    return f"{node.get('id')} answer"


def done(node: Element) -> str:
    """The moment after its mappings, from which its flows leave."""
    return f"{node.get('id')} done"


def graph_of(document: BpmnDocument) -> dict[str, Moment]:
    """Every moment of every process, by its key."""
    moments: dict[str, Moment] = {}
    for node in document.nodes():
        _add(document, moments, node)
    for scope in document.scopes():
        _link_scope(document, moments, scope)
    for call in document.all("callActivity"):
        _link_call(document, moments, call)
    return moments


def _add(document: BpmnDocument, moments: dict[str, Moment], node: Element) -> None:
    reads, writes = reads_of(document, node), writes_of(document, node)
    early = (*reads.early, *_of_flows(document, node)) if kind(node).endswith("Gateway") else reads.early
    late = reads.late if kind(node).endswith("Gateway") else (*reads.late, *_of_flows(document, node))
    is_asked = kind(node) in PEOPLE_WORK_AT and not node.get(own("passed")) and not has_form(document, node)
    moments[before(node)] = Moment(node, early, after=[answer(node)])
    moments[answer(node)] = Moment(
        node,
        writes=frozenset(form_of_node(document, node)),
        brings_more=writes.brings_more,
        asks=is_asked,
        after=[done(node)],
    )
    moments[done(node)] = Moment(node, late, writes.names)


def _of_flows(document: BpmnDocument, node: Element) -> Iterator[Read]:
    """What the conditions of the flows that leave a node read; the node is their place."""
    scope = node.getparent()
    for flow in _leaving(document, scope).get(node.get("id", ""), []) if scope is not None else ():
        for read in reads_of(document, flow).early:
            yield replace(read, element=node)


def _leaving(document: BpmnDocument, scope: Element) -> dict[str, list[Element]]:
    return document.outgoing(scope)


def has_form(document: BpmnDocument, node: Element) -> bool:
    """Whether the model or what came with it has a form for the element, gateways' questions left aside."""
    return any(name not in _questions(document) for name in form_of_node(document, node)) or bool(
        form_schema(document, node) and not form_of_node(document, node)
    )


def form_schema(document: BpmnDocument, node: Element) -> dict[str, object] | None:
    """The form of an element that is there, by its key or by its id."""
    for key in (node.get(own("form"), ""), node.get("id", ""), node.get(own("id"), "")):
        for forms in (document.given, document.forms):
            if key and key in forms:
                found = forms[key]
                return found if isinstance(found, dict) else None
    return None


def form_of_node(document: BpmnDocument, node: Element) -> list[str]:
    """Names of the variables that the element's form writes."""
    schema = form_schema(document, node) or {}
    fields = schema.get("properties")
    return [str(name) for name in fields] if isinstance(fields, dict) else []


def _questions(document: BpmnDocument) -> set[str]:
    """Variables by which people decide at gateways that say nothing of their own."""
    gateways = document.all("exclusiveGateway", "inclusiveGateway")
    return {gateway.get(own("decision"), "") for gateway in gateways} - {""}


def _link_scope(document: BpmnDocument, moments: dict[str, Moment], scope: Element) -> None:
    outgoing = document.outgoing(scope)
    nodes = {node.get("id", ""): node for node in scope if kind(node) in NODES}
    for identity, node in nodes.items():
        flows = [nodes[end] for flow in outgoing.get(identity, []) if (end := flow.get("targetRef", "")) in nodes]
        moments[done(node)].after += [before(target) for target in flows]
        host = nodes.get(node.get("attachedToRef", "")) if kind(node) == "boundaryEvent" else None
        if host is not None:
            moments[before(host)].aside.append(before(node))
        if kind(node) in SUBPROCESSES:
            _link_inside(document, moments, node)
    _link_links(moments, nodes)


def _link_inside(document: BpmnDocument, moments: dict[str, Moment], scope: Element) -> None:
    """Into a subprocess at its starts, out of it at its ends; an event subprocess may begin at any time."""
    inner = [node for node in scope if kind(node) in NODES]
    outgoing, incoming = document.outgoing(scope), document.incoming(scope)
    starts = [n for n in inner if n.get("id") not in incoming and kind(n) != "boundaryEvent"]
    moments[before(scope)].after = [
        before(node) for node in starts if kind(node) not in SUBPROCESSES or not _is_event(node)
    ]
    moments[before(scope)].aside += [before(node) for node in starts if _is_event(node)]
    if not moments[before(scope)].after:
        moments[before(scope)].after = [answer(scope)]
    for node in inner:
        if not outgoing.get(node.get("id", "")) and not _is_event(node):
            moments[done(node)].after.append(answer(scope))


def _is_event(node: Element) -> bool:
    return node.get("triggeredByEvent") == "true"


def _link_links(moments: dict[str, Moment], nodes: dict[str, Element]) -> None:
    """A link that is thrown goes on where the link of its name is caught."""
    caught = {
        child(node, "linkEventDefinition").get("name", ""): node  # type: ignore[union-attr]  # looked for just below
        for node in nodes.values()
        if kind(node) == "intermediateCatchEvent" and child(node, "linkEventDefinition") is not None
    }
    for node in nodes.values():
        link = child(node, "linkEventDefinition") if kind(node) == "intermediateThrowEvent" else None
        if link is not None and link.get("name", "") in caught:
            moments[done(node)].after.append(before(caught[link.get("name", "")]))


def _link_call(document: BpmnDocument, moments: dict[str, Moment], call: Element) -> None:
    """Into a called process of the same file and back, where all variables go in and come back."""
    called = next((p for p in document.processes() if p.get("id") == call.get("calledElement")), None)
    if called is None:
        return
    moments[answer(call)].brings_more = False
    nodes = [node for node in called if kind(node) in NODES]
    outgoing, incoming = document.outgoing(called), document.incoming(called)
    if call.get(own("passAll")) != "false":
        starts = [
            node for node in nodes if node.get("id") not in incoming and kind(node) in (*ACTIVITIES, "startEvent")
        ]
        moments[before(call)].after = [before(node) for node in starts if not _is_event(node)] or [answer(call)]
    if call.get(own("returnAll")) != "false":
        for node in nodes:
            if not outgoing.get(node.get("id", "")):
                moments[done(node)].after.append(answer(call))


def starts_of(document: BpmnDocument) -> list[str]:
    """The moments at which a token may come in from outside."""
    found = []
    for process in document.processes():
        incoming = document.incoming(process)
        found += [
            before(node)
            for node in process
            if kind(node) in NODES and node.get("id") not in incoming and kind(node) != "boundaryEvent"
        ]
    return found


def first_values(node: Element) -> set[str]:
    """Data with which the process of an element begins."""
    around: Element | None = node
    found: set[str] = set()
    while around is not None:
        found |= {part.get("name", "") for part in around.iterchildren(own("first"))}
        around = around.getparent()
    return found


__all__ = ["Moment", "answer", "before", "done", "first_values", "graph_of", "has_form", "starts_of", "tag"]
