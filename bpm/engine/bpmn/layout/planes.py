"""Writes a plan into a model as BPMN DI (OMG BPMN 2.0.2, clause 12)."""

from lxml import etree

from bpm.engine.bpmn.document import SUBPROCESSES, Element, kind
from bpm.engine.bpmn.layout.geometry import Plan
from bpm.engine.bpmn.layout.shown import DC, DD, DI

_NAMES = {"bpmndi": DI, "dc": DC, "di": DD}


def remove_planes(root: Element) -> None:
    """Take out diagrams that show nothing."""
    for diagram in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(diagram)


def add_plane(root: Element, shown: Element, plan: Plan) -> None:
    """A diagram of this process or collaboration at the end of the model."""
    elements = {each.get("id", ""): each for each in root.iter(etree.Element) if each.get("id")}
    ids = _FreshIds(set(elements))
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": ids.next("diagram")}, _NAMES)
    attributes = {"id": ids.next("plane"), "bpmnElement": shown.get("id", "")}
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", attributes)
    for key, box in plan.boxes.items():
        attributes = {"id": ids.next("shape"), "bpmnElement": key, **_look(elements[key])}
        bounds = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", attributes)
        etree.SubElement(shape, f"{{{DC}}}Bounds", {side: f"{value:g}" for side, value in bounds.items()})
    for key, way in plan.ways.items():
        edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": ids.next("edge"), "bpmnElement": key})
        for x, y in way:
            etree.SubElement(edge, f"{{{DD}}}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})


class _FreshIds:
    """Ids that nothing in the file has."""

    def __init__(self, taken: set[str]) -> None:
        self._taken, self._count = taken, 0

    def next(self, what: str) -> str:
        while True:
            self._count += 1
            fresh = f"drawn_{what}_{self._count}"
            if fresh not in self._taken:
                return fresh


def _look(element: Element) -> dict[str, str]:
    if kind(element) in ("participant", "lane"):
        return {"isHorizontal": "true"}
    if kind(element) in SUBPROCESSES:
        return {"isExpanded": "true"}
    return {"isMarkerVisible": "true"} if kind(element) == "exclusiveGateway" else {}
