"""The processes that ship are drawn as a person would draw them."""

from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from tests.processes.shipped.folders import BPMN, DC, DI, WAYPOINT, Box, nodes, tree


def boxes(key: str) -> dict[str, Box]:
    found = {}
    for shape in tree(key).iter(f"{DI}BPMNShape"):
        found[str(shape.get("bpmnElement"))] = box(shape.find(f"{DC}Bounds"))
    return found


def box(bounds: etree._Element | None) -> Box:
    assert bounds is not None
    x, y, width, height = (float(bounds.get(name, "nan")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def edges(key: str) -> dict[str, list[tuple[float, float]]]:
    return {
        str(edge.get("bpmnElement")): [(float(p.get("x", "")), float(p.get("y", ""))) for p in edge.iter(WAYPOINT)]
        for edge in tree(key).iter(f"{DI}BPMNEdge")
    }


def labels(key: str) -> Iterator[tuple[str, Box]]:
    for label in tree(key).iter(f"{DI}BPMNLabel"):
        owner = label.getparent()
        assert owner is not None
        yield str(owner.get("bpmnElement")), box(label.find(f"{DC}Bounds"))


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_its_diagram_has_a_shape_for_every_element_and_an_edge_for_every_flow(key: str) -> None:
    root = tree(key)
    lanes = {str(lane.get("id")) for lane in root.iter(f"{BPMN}lane")}
    pool = {str(part.get("id")) for part in root.iter(f"{BPMN}participant")}

    assert set(boxes(key)) == {str(node.get("id")) for node in nodes(key)} | lanes | pool
    assert set(edges(key)) == {str(flow.get("id")) for flow in root.iter(f"{BPMN}sequenceFlow")}


def test_every_element_is_drawn_inside_its_lane(key: str) -> None:
    drawn = boxes(key)
    boundary = {str(node.get("id")) for node in nodes(key) if node.tag == f"{BPMN}boundaryEvent"}
    for lane in tree(key).iter(f"{BPMN}lane"):
        outer = drawn[str(lane.get("id"))]
        for reference in lane.iter(f"{BPMN}flowNodeRef"):
            inner = drawn[str(reference.text)]
            slack = 40 if reference.text in boundary else 0
            assert outer[0] <= inner[0], reference.text
            assert inner[2] <= outer[2], reference.text
            assert outer[1] - slack <= inner[1], reference.text
            assert inner[3] <= outer[3] + slack, reference.text


def test_its_flows_are_orthogonal_and_end_at_their_elements(key: str) -> None:
    drawn, ways = boxes(key), edges(key)
    for flow in tree(key).iter(f"{BPMN}sequenceFlow"):
        points = ways[str(flow.get("id"))]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, flow.get("id")
        for end, (x, y) in (("sourceRef", points[0]), ("targetRef", points[-1])):
            left, top, right, bottom = drawn[str(flow.get(end))]
            assert left <= x <= right, (flow.get("id"), end)
            assert top <= y <= bottom, (flow.get("id"), end)


def test_no_element_and_no_label_lies_on_another(key: str) -> None:
    drawn = boxes(key)
    hosts = {str(node.get("id")): str(node.get("attachedToRef", "")) for node in nodes(key)}
    solid = {str(node.get("id")): drawn[str(node.get("id"))] for node in nodes(key) if node.tag != f"{BPMN}subProcess"}
    for one, one_box in solid.items():
        for other, other_box in solid.items():
            if one < other and hosts[one] != other and hosts[other] != one:
                assert not overlap(one_box, other_box), (one, other)
    written = list(labels(key))
    for number, (owner, label) in enumerate(written):
        for other_owner, other_label in written[number + 1 :]:
            assert not overlap(label, other_label), (owner, other_owner)
