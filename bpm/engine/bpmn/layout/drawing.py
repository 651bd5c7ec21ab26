"""A drawing for a file that has none, or not of every process that is meant to run: the file with BPMN DI added.

1. `parts_of` says what to lay out; `node.lay_out` does that; `compose` puts it together. The first and the last read
   the file and run in the child process of the upload.
2. One process alone is a plane of its own. Several, and one of a collaboration, stand in pools one below the other;
   where the file has no collaboration, the drawing gets one: the file itself stays as it came.
3. What has no place is told: annotations, groups, data, and flows that lead nowhere.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from bpm.engine import xml
from bpm.engine.bpmn.document import Element, child, kind, label, text_of
from bpm.engine.bpmn.layout.collaboration import draw_on_one_plane
from bpm.engine.bpmn.layout.geometry import Box, Plan
from bpm.engine.bpmn.layout.lanes import sort_into_lanes
from bpm.engine.bpmn.layout.node import Answers
from bpm.engine.bpmn.layout.planes import add_plane, remove_planes
from bpm.engine.bpmn.layout.shown import DC, DD, DI, missing_shapes, nodes_of, to_lay_out
from bpm.engine.bpmn.layout.skeleton import Skeleton, skeleton_of


@dataclass(frozen=True)
class LeftOut:
    """An element that the drawing does not show."""

    id: str
    name: str
    type: str


@dataclass(frozen=True)
class Drawing:
    """What people see of a file; `xml` is empty where that is its own drawing, or none at all."""

    xml: str = ""
    processes: tuple[str, ...] = ()
    """Names of the processes that were laid out; empty when the file's own drawing is shown."""
    left_out: tuple[LeftOut, ...] = ()
    """What neither the file's own drawing nor ours shows."""
    problem: str = ""
    remedy: str = ""

    def notes(self) -> dict[str, Any]:
        """All but the drawing itself, as JSON values."""
        plain = asdict(self)
        del plain["xml"]
        return {**plain, "left_out": [asdict(each) for each in self.left_out], "processes": list(self.processes)}


def drawing_from(xml_text: str, notes: Mapping[str, Any]) -> Drawing:
    """The Drawing with these `notes()`."""
    left_out = tuple(LeftOut(**each) for each in notes["left_out"])
    return Drawing(**{**notes, "xml": xml_text, "processes": tuple(notes["processes"]), "left_out": left_out})


def parts_of(source: bytes) -> dict[str, str]:
    """What of the file has to be laid out, by a key of ours: skeletons for `node.lay_out`, or nothing.

    RefusedError for a file that is no BPMN.
    """
    _, skeletons, _ = _read(source)
    return {key: each.xml() for key, each in skeletons.items()}


def compose(source: bytes, answers: Answers) -> Drawing:
    """The file with the drawing that `answers` laid out, and what no drawing shows."""
    root, skeletons, nothing_shown = _read(source)
    left_out = list(missing_shapes(root))
    plans = {key: _plan(answers.laid_out[key], skeletons[key]) for key in skeletons if key in answers.laid_out}
    for key, skeleton in skeletons.items():
        left_out += skeleton.left_out if key in plans else nodes_of(skeleton.process)
    processes = {key: skeletons[key].process for key in plans}
    if plans and nothing_shown:
        remove_planes(root)
        left_out += draw_on_one_plane(root, processes, plans)
    elif plans:
        for key, process in processes.items():
            add_plane(root, process, plans[key])
    return Drawing(
        etree.tostring(root, encoding="unicode") if plans else "",
        tuple(label(process) for process in processes.values()),
        tuple(map(_left_out, left_out)),
        answers.problem,
        answers.remedy,
    )


def _read(source: bytes) -> tuple[Element, dict[str, Skeleton], bool]:
    root = xml.read(source)
    taken: set[str] = set()
    processes, nothing_shown = to_lay_out(root)
    return root, {str(at): skeleton_of(each, taken) for at, each in enumerate(processes)}, nothing_shown


def _plan(laid_out: str, skeleton: Skeleton) -> Plan:
    """Where everything of one process stands, by the ids of the file, with its lanes around it."""
    root = etree.fromstring(laid_out.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    plan = Plan()
    for shape in root.iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            sides = (float(bounds.get(side, "0")) for side in ("x", "y", "width", "height"))
            plan.boxes[shape.get("bpmnElement", "")] = Box(*sides)
    for edge in root.iter(f"{{{DI}}}BPMNEdge"):
        points = edge.findall(f"{{{DD}}}waypoint")
        way = tuple((float(point.get("x", "0")), float(point.get("y", "0"))) for point in points)
        plan.ways[edge.get("bpmnElement", "")] = way
    _tell_what_is_missing(plan, skeleton)
    lanes, inside = skeleton.lanes(), skeleton.inside()
    if lanes:
        sort_into_lanes(plan, lanes, inside)
    ids = {number: part.get("id", "") for number, part in skeleton.parts.items()}
    return Plan(
        {ids.get(key, key): box for key, box in plan.boxes.items()},
        {ids.get(key, key): way for key, way in plan.ways.items()},
    )


def _tell_what_is_missing(plan: Plan, skeleton: Skeleton) -> None:
    """What the library left out goes out of the skeleton, too."""
    for number, part in list(skeleton.parts.items()):
        if number not in plan.boxes and number not in plan.ways:
            skeleton.left_out.append(part)
            del skeleton.parts[number]


def _left_out(element: Element) -> LeftOut:
    name = label(element) if element.get("name") else text_of(child(element, "text"))[:80]
    return LeftOut(element.get("id", ""), name, kind(element))
