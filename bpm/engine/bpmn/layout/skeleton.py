"""What the layout is told of a process: its nodes, what lies in what, and the flows; no word of the file itself.

1. Ids are numbers of ours, so that double and odd ids of the file do no harm.
2. Each node names its `incoming` and `outgoing` flows, taken from the flows' `sourceRef` and `targetRef`: what
   bpmn-auto-layout 1.3 does not find there it does not draw.
3. Every subprocess is asked for expanded, so that everything is on one plane.
4. What cannot be laid out is left out and told: flows to nowhere or over the border of a subprocess, boundary events
   of nothing, elements with the id of another one or with none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from bpm.engine.bpmn.booleans import is_true
from bpm.engine.bpmn.document import NODES, SUBPROCESSES, Element, kind, parent_of, tag
from bpm.engine.bpmn.layout.lanes import Inside, Lane
from bpm.engine.bpmn.layout.shown import DC, DI, flow_parts, reference

_NOT_LAID_OUT = ("dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group")


@dataclass
class Skeleton:
    """One process as its layout sees it."""

    process: Element
    parts: dict[str, Element] = field(default_factory=dict)
    """Number of ours -> node or sequence flow."""
    left_out: list[Element] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    """Id in the file -> number of ours, of the nodes."""

    def xml(self) -> str:
        """A BPMN file with this process alone, for bpmn-auto-layout."""
        root = etree.Element(tag("definitions"), {"targetNamespace": "urn:layout"})
        process = etree.SubElement(root, tag("process"), {"id": "process"})
        places = {self.process: process}
        for number, part in self.parts.items():
            attributes = {"id": number, **self._references(part)}
            places[part] = etree.SubElement(places[parent_of(part)], tag(kind(part)), attributes)
        self._connect({number: places[part] for number, part in self.parts.items()})
        _expand(root, [number for number, part in self.parts.items() if kind(part) in SUBPROCESSES])
        return etree.tostring(root, encoding="unicode")

    def _references(self, part: Element) -> dict[str, str]:
        if kind(part) == "sequenceFlow":
            source, target = self.ends(part)
            return {"sourceRef": source, "targetRef": target}
        if kind(part) == "boundaryEvent":
            return {"attachedToRef": self.number(part.get("attachedToRef"))}
        return {"triggeredByEvent": "true"} if is_true(part.get("triggeredByEvent")) else {}

    def _connect(self, places: dict[str, Element]) -> None:
        for number, part in self.parts.items():
            if kind(part) != "sequenceFlow":
                continue
            source, target = self.ends(part)
            etree.SubElement(places[source], tag("outgoing")).text = number
            etree.SubElement(places[target], tag("incoming")).text = number

    def holds(self, around: Element) -> bool:
        """Whether it is the process, or a subprocess that was taken."""
        return around is self.process or self.parts.get(self.number(around.get("id"))) is around

    def number(self, key: str | None) -> str:
        """Our number of the node with that id; "" when the process has none."""
        return self.numbers.get(reference(key, self.numbers), "")

    def ends(self, flow: Element) -> tuple[str, str]:
        """Our numbers of a flow's source and target."""
        return self.number(flow.get("sourceRef")), self.number(flow.get("targetRef"))

    def inside(self) -> Inside:
        """Who moves with whom when lanes are drawn."""
        nodes = {number: part for number, part in self.parts.items() if kind(part) in NODES}
        numbers = {part: number for number, part in nodes.items()}
        mover = {number: self._mover(part, numbers) for number, part in nodes.items()}
        flows = {number: part for number, part in self.parts.items() if kind(part) == "sequenceFlow"}
        return Inside(mover, {number: self.ends(flow) for number, flow in flows.items()})

    def _mover(self, part: Element, numbers: dict[Element, str]) -> str:
        while (around := parent_of(part)) is not self.process:
            part = around
        host = self.number(part.get("attachedToRef")) if kind(part) == "boundaryEvent" else ""
        return host if host in numbers.values() else numbers[part]

    def lanes(self) -> tuple[Lane, ...]:
        """The lanes of the process's first lane set, by the ids of the file; the nodes by our numbers."""
        lane_set = self.process.find(tag("laneSet"))
        return () if lane_set is None else self._lanes(lane_set)

    def _lanes(self, lane_set: Element) -> tuple[Lane, ...]:
        found = []
        for lane in lane_set.iterchildren(tag("lane")):
            inner = lane.find(tag("childLaneSet"))
            nodes = (self.number(each.text) for each in lane.iterchildren(tag("flowNodeRef")))
            lanes = () if inner is None else self._lanes(inner)
            if lane.get("id"):
                found.append(Lane(lane.get("id", ""), tuple(filter(None, nodes)), lanes))
        return tuple(found)


def skeleton_of(process: Element, taken: set[str]) -> Skeleton:
    """The skeleton of a process; ids in `taken` belong to processes before it, those of this one are added."""
    found = Skeleton(process)
    parts = list(flow_parts(process))
    hosted = [part for part in parts if kind(part) == "boundaryEvent"]
    for part in parts:
        if kind(part) in NODES and part not in hosted:
            _take(found, part, taken)
    for part in hosted:
        host = found.parts.get(found.number(part.get("attachedToRef")))
        if host is not None and parent_of(host) is parent_of(part):
            _take(found, part, taken)
        else:
            found.left_out.append(part)
    nodes = {number: parent_of(part) for number, part in found.parts.items()}
    for part in parts:
        if kind(part) == "sequenceFlow":
            ends = {nodes.get(number) for number in found.ends(part)}
            if ends == {parent_of(part)} or (len(ends) == 1 and None not in ends):
                _take(found, part, taken)
            else:
                found.left_out.append(part)
    found.left_out += [each for each in process.iter(etree.Element) if kind(each) in _NOT_LAID_OUT]
    return found


def _take(found: Skeleton, part: Element, taken: set[str]) -> None:
    key = part.get("id", "")
    if not key or key in taken or not found.holds(parent_of(part)):
        found.left_out.append(part)
        return
    number = f"n{len(found.parts)}"
    found.parts[number] = part
    taken.add(key)
    if kind(part) in NODES:
        found.numbers[key] = number


def _expand(root: Element, numbers: Iterable[str]) -> None:
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram")
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", bpmnElement="process")
    for number in numbers:
        # bpmn-auto-layout looks at shapes with an id alone
        attributes = {"id": f"{number}_di", "bpmnElement": number, "isExpanded": "true"}
        shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", attributes)
        etree.SubElement(shape, f"{{{DC}}}Bounds", x="0", y="0", width="1", height="1")
