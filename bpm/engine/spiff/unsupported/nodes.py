"""Looking around in the executable XML, and the finding at a node of it."""

from collections.abc import Callable, Iterator

from SpiffWorkflow.bpmn.parser.util import full_tag

from bpm.engine.bpmn.document import Element as Node
from bpm.engine.findings import Finding, Severity
from bpm.engine.spiff.specs.definitions import E_NS, tag_of

Check = Callable[[Node], Iterator[Finding]]


def finding_at(node: Node, code: str, message: str, remedy: str, severity: Severity = "error") -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        remedy=remedy,
        element=node.get(f"{E_NS}id") or node.get("id") or "",
        name=node.get("name") or "",
        line=_line(node),
    )


def events_of(node: Node) -> set[str]:
    found = {
        tag_of(child).removesuffix("EventDefinition") for child in node if tag_of(child).endswith("EventDefinition")
    }
    for reference in node.iterfind(full_tag("eventDefinitionRef")):
        definition = by_id(node, (reference.text or "").strip().split(":")[-1])
        if definition is not None:
            found.add(tag_of(definition).removesuffix("EventDefinition"))
    return found


def _line(node: Node) -> int:
    line = node.sourceline
    return line if isinstance(line, int) else 0


def parent_of(node: Node) -> Node:
    """The element around `node`; the root is around itself."""
    parent = node.getparent()
    return node if parent is None else parent


def in_event_subprocess(node: Node) -> bool:
    return bool(parent_of(node).get("triggeredByEvent") == "true")


def boundaries_of(activity: Node) -> Iterator[Node]:
    for boundary in parent_of(activity).iterfind(full_tag("boundaryEvent")):
        if boundary.get("attachedToRef") == activity.get("id"):
            yield boundary


def by_id(node: Node, wanted: str | None) -> Node | None:
    if not wanted:
        return None
    return next((n for n in node.getroottree().getroot().iter() if n.get("id") == wanted), None)
