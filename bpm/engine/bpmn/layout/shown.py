"""What a file's own drawing shows: an element is drawn when a shape or an edge with a place names it."""

from collections.abc import Container, Iterator

from lxml import etree

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.document import NODES, Element, kind, label, line_of, tag
from bpm.engine.findings import Finding

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
_MOST_FINDINGS = 10


def drawn_ids(root: Element) -> set[str]:
    """Ids of the elements that have a shape with bounds or an edge with two waypoints, in any plane."""
    shapes = (each for each in root.iter(f"{{{DI}}}BPMNShape") if _has_bounds(each))
    edges = (each for each in root.iter(f"{{{DI}}}BPMNEdge") if len(each.findall(f"{{{DD}}}waypoint")) > 1)
    ids = {each.get("id", "") for each in root.iter(etree.Element)} - {""}
    return {found for each in (*shapes, *edges) if (found := reference(each.get("bpmnElement"), ids))}


def _has_bounds(shape: Element) -> bool:
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return False
    try:
        return all(abs(float(bounds.get(side, ""))) < 1e7 for side in ("x", "y", "width", "height"))
    except ValueError:
        return False


def reference(value: str | None, known: Container[str]) -> str:
    """The id that a QName means; "" when nothing has it."""
    value = (value or "").strip()
    if value in known:
        return value
    value = value.rpartition(":")[2]
    return value if value in known else ""


def flow_parts(process: Element) -> Iterator[Element]:
    """Nodes and sequence flows of a process or subprocess, those inside its subprocesses too."""
    return (each for each in process.iter(etree.Element) if kind(each) in NODES or kind(each) == "sequenceFlow")


def to_lay_out(root: Element) -> tuple[list[Element], bool]:
    """The processes that need a drawing, and whether the file shows nothing at all.

    A file that shows something of one process is asked for the others only where they are meant to run.
    """
    drawn = drawn_ids(root)
    processes = [each for each in root.iterchildren(tag("process")) if each.get("id") and nodes_of(each)]
    unseen = [each for each in processes if not any(part.get("id") in drawn for part in flow_parts(each))]
    if len(unseen) == len(processes):
        return processes, True
    return [each for each in unseen if is_true(each.get("isExecutable", "true"))], False


def missing_shapes(root: Element) -> list[Element]:
    """Nodes and flows without a shape, of processes of which something else is drawn."""
    drawn = drawn_ids(root)
    missing = []
    for process in root.iterchildren(tag("process")):
        parts = list(flow_parts(process))
        if any(part.get("id") in drawn for part in parts):
            missing += [part for part in parts if part.get("id") not in drawn]
    return missing


def nodes_of(process: Element) -> list[Element]:
    """The nodes of a process, those inside its subprocesses too."""
    return [part for part in flow_parts(process) if kind(part) in NODES]


def note_missing_shapes(root: Element) -> list[Finding]:
    """A warning for each element without a shape, beside others of its process that have one; many are folded."""
    missing = missing_shapes(root)
    told = [_missing(part) for part in missing[:_MOST_FINDINGS]]
    rest = missing[_MOST_FINDINGS:]
    return [*told, _folded(rest)] if rest else told


def _missing(part: Element) -> Finding:
    what = "line" if kind(part) == "sequenceFlow" else "shape"
    return Finding(
        code="shape-missing",
        severity="warning",
        message=f"It has no {what} in the drawing of the file, and runs all the same.",
        remedy=f"Draw the {what}, or remove the element; until then it is listed under the drawing.",
        element=part.get("id", ""),
        name=label(part),
        line=line_of(part),
    )


def _folded(parts: list[Element]) -> Finding:
    names = ", ".join(label(part) for part in parts[:_MOST_FINDINGS])
    return Finding(
        code="shapes-missing",
        severity="warning",
        message=f"{len(parts)} more elements have no shape in the drawing of the file, and run all the same: {names}"
        f"{' …' if len(parts) > _MOST_FINDINGS else ''}.",
        remedy="Draw them, or remove them; until then they are listed under the drawing.",
        line=line_of(parts[0]),
    )
