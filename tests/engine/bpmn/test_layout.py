"""Files without a drawing are laid out: nodes in their places, lanes and pools around, and what is left out is told."""

from pathlib import Path

import pytest
from lxml import etree

from bpm.engine.api import check, drawing_of
from bpm.engine.bpmn.layout import Drawing, node

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
Bounds = tuple[float, float, float, float]


def file(content: str) -> bytes:
    return (
        f'<b:definitions xmlns:b="{BPMN}" xmlns:bpmndi="{DI}" xmlns:dc="{DC}" xmlns:di="{DD}" targetNamespace="urn:t">'
        f"{content}</b:definitions>"
    ).encode()


def process(key: str, nodes: str, flows: str = "", more: str = "") -> str:
    """`nodes` like "startEvent a, task b"; `flows` like "a b, b c"."""
    drawn = "".join(f'<b:{kind} id="{name}"/>' for kind, name in (each.split() for each in nodes.split(", ")))
    lines = [each.split() for each in flows.split(", ")] if flows else []
    drawn += "".join(f'<b:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in lines)
    return f'<b:process id="{key}" isExecutable="true">{more}{drawn}</b:process>'


def shape(element: str, x: int = 0, y: int = 0) -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="100" height="80"/>'
    return f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}">{bounds}</bpmndi:BPMNShape>'


def plane(of: str, content: str) -> str:
    return f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="{of}">{content}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'


def boxes(drawing: Drawing) -> dict[str, Bounds]:
    """x, y, right and bottom of every shape."""
    found: dict[str, Bounds] = {}
    for each in etree.fromstring(drawing.xml.encode()).iter(f"{{{DI}}}BPMNShape"):
        bounds = each.find(f"{{{DC}}}Bounds")
        assert bounds is not None
        x, y, width, height = (float(bounds.get(side, "")) for side in ("x", "y", "width", "height"))
        found[each.get("bpmnElement", "")] = (x, y, x + width, y + height)
    return found


def lines(drawing: Drawing) -> set[str]:
    edges = etree.fromstring(drawing.xml.encode()).iter(f"{{{DI}}}BPMNEdge")
    return {each.get("bpmnElement", "") for each in edges if len(each) > 1}


def is_in(inner: Bounds, outer: Bounds) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def apart(a: Bounds, b: Bounds) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


CHOICE = "startEvent s, exclusiveGateway g, userTask a, userTask b, endEvent e"
FLOWS = "s g, g a, g b, a e, b e"


def test_a_process_without_incoming_and_outgoing_gets_its_nodes_and_lines() -> None:
    drawing = drawing_of(file(process("p", CHOICE, FLOWS)))
    assert boxes(drawing).keys() == {"s", "g", "a", "b", "e"}
    assert lines(drawing) == {"s_g", "g_a", "g_b", "a_e", "b_e"}
    assert (drawing.processes, drawing.left_out, drawing.problem) == (("p",), (), "")


def test_no_node_lies_on_another() -> None:
    drawn = list(boxes(drawing_of(file(process("p", CHOICE, FLOWS)))).values())
    assert all(apart(a, b) for at, a in enumerate(drawn) for b in drawn[:at])


def test_several_processes_stand_in_pools_one_below_the_other() -> None:
    drawing = drawing_of(
        file(process("p", "startEvent s, task a", "s a") + process("q", "startEvent t, task b", "t b"))
    )
    found = boxes(drawing)
    first, second = (box for key, box in found.items() if key.startswith("Participant"))
    assert is_in(found["a"], first)
    assert is_in(found["b"], second)
    assert apart(first, second)
    assert lines(drawing) == {"s_a", "t_b"}


def test_pools_of_a_collaboration_are_drawn_with_their_messages_and_black_boxes() -> None:
    collaboration = (
        '<b:collaboration id="c"><b:participant id="us" processRef="p"/><b:participant id="them"/>'
        '<b:messageFlow id="m" sourceRef="a" targetRef="them"/></b:collaboration>'
    )
    drawing = drawing_of(file(collaboration + process("p", "startEvent s, sendTask a", "s a")))
    found = boxes(drawing)
    assert is_in(found["a"], found["us"])
    assert apart(found["us"], found["them"])
    assert "m" in lines(drawing)


def test_every_node_stands_in_its_lane_and_the_lanes_in_their_pool() -> None:
    lanes = "".join(
        f'<b:lane id="{lane}">{"".join(f"<b:flowNodeRef>{each}</b:flowNodeRef>" for each in nodes)}</b:lane>'
        for lane, nodes in (("front", "sbe"), ("back", "ga"))
    )
    collaboration = '<b:collaboration id="c"><b:participant id="us" processRef="p"/></b:collaboration>'
    model = collaboration + process("p", CHOICE, FLOWS, f'<b:laneSet id="set">{lanes}</b:laneSet>')
    found = boxes(drawing_of(file(model)))
    assert all(is_in(found[each], found["front"]) for each in "sbe")
    assert all(is_in(found[each], found["back"]) for each in "ga")
    assert apart(found["front"], found["back"])
    assert is_in(found["front"], found["us"])
    assert is_in(found["back"], found["us"])


def test_a_subprocess_in_a_lane_takes_its_inside_along() -> None:
    inside = process("x", "startEvent is, userTask it", "is it").replace("process", "subProcess")
    lanes = "".join(
        f'<b:lane id="{lane}"><b:flowNodeRef>{node}</b:flowNodeRef></b:lane>' for lane, node in ("1s", "2x")
    )
    model = process("p", "startEvent s", "s x", f'<b:laneSet id="set">{lanes}</b:laneSet>{inside}')
    found = boxes(drawing_of(file(model)))
    assert is_in(found["x"], found["2"])
    assert is_in(found["is"], found["x"])
    assert is_in(found["it"], found["x"])
    assert apart(found["1"], found["2"])


def test_lanes_in_lanes_stand_in_each_other() -> None:
    inner = '<b:lane id="in"><b:flowNodeRef>a</b:flowNodeRef></b:lane>'
    outer = f'<b:lane id="out"><b:flowNodeRef>s</b:flowNodeRef><b:childLaneSet id="k">{inner}</b:childLaneSet></b:lane>'
    found = boxes(
        drawing_of(file(process("p", "startEvent s, task a", "s a", f'<b:laneSet id="l">{outer}</b:laneSet>')))
    )
    assert is_in(found["in"], found["out"])
    assert is_in(found["a"], found["in"])
    assert is_in(found["s"], found["out"])
    assert apart(found["s"], found["in"])


def test_a_subprocess_is_drawn_open_with_its_inside_and_its_border() -> None:
    inside = process("x", "startEvent is, userTask it", "is it").replace("process", "subProcess")
    border = '<b:boundaryEvent id="late" attachedToRef="x"><b:timerEventDefinition/></b:boundaryEvent>'
    drawing = drawing_of(file(process("p", "startEvent s, endEvent e", "s x, x e, late e", inside + border)))
    found = boxes(drawing)
    assert is_in(found["it"], found["x"])
    assert is_in(found["is"], found["x"])
    assert all(apart(found[inner], found[outer]) for inner in ("is", "it") for outer in ("s", "e"))
    assert apart(found["is"], found["it"])
    assert not apart(found["late"], found["x"])
    assert "late_e" in lines(drawing)


def test_what_has_no_place_is_told() -> None:
    note = '<b:textAnnotation id="n"><b:text>Mind the gap</b:text></b:textAnnotation>'
    astray = '<b:boundaryEvent id="astray" attachedToRef="nobody"/>'
    drawing = drawing_of(file(process("p", "startEvent s, task a", "s a, a nowhere", note + astray)))
    assert boxes(drawing).keys() == {"s", "a"}
    told = {(each.id, each.name, each.type) for each in drawing.left_out}
    assert told == {
        ("n", "Mind the gap", "textAnnotation"),
        ("astray", "", "boundaryEvent"),
        ("a_nowhere", "", "sequenceFlow"),
    }


@pytest.mark.parametrize(
    "flows", ["s a, a s", "s a, a a", "s a, a b, b a, b e"], ids=["no end", "onto itself", "back again"]
)
def test_loops_are_laid_out(flows: str) -> None:
    nodes = "startEvent s, task a, task b, endEvent e"
    assert lines(drawing_of(file(process("p", nodes, flows)))) == {each.replace(" ", "_") for each in flows.split(", ")}


def test_the_own_drawing_of_a_file_is_left_alone() -> None:
    drawing = drawing_of(file(process("p", "startEvent s") + plane("p", shape("s"))))
    assert drawing == Drawing()


@pytest.mark.parametrize(
    "drawn",
    [
        "<bpmndi:BPMNDiagram/>",
        plane("p", ""),
        plane("nobody", ""),
        plane("p", shape("nobody")),
        plane("p", '<bpmndi:BPMNShape id="x" bpmnElement="s"/>'),
    ],
    ids=["no plane", "no shapes", "a plane of nothing", "shapes of nothing", "a shape without bounds"],
)
def test_a_drawing_that_shows_nothing_is_replaced(drawn: str) -> None:
    drawing = drawing_of(file(process("p", "startEvent s, task a", "s a") + drawn))
    assert boxes(drawing).keys() == {"s", "a"}
    assert drawing.xml.count("<bpmndi:BPMNDiagram") == 1


def test_a_process_that_no_plane_shows_gets_one_beside_the_others() -> None:
    model = process("p", "startEvent s") + process("q", "startEvent t, task b", "t b") + plane("p", shape("s", 7, 7))
    drawing = drawing_of(file(model))
    assert drawing.processes == ("q",)
    assert boxes(drawing)["s"] == (7, 7, 107, 87)
    assert boxes(drawing).keys() == {"s", "t", "b"}


def test_what_the_own_drawing_does_not_show_is_found_and_listed() -> None:
    source = file(process("p", "startEvent s, task a", "s a") + plane("p", shape("s")))
    assert [each.id for each in drawing_of(source).left_out] == ["a", "s_a"]
    found = [each for each in check(source, "p.bpmn").findings if each.code == "shape-missing"]
    assert [(each.element, each.severity) for each in found] == [("a", "warning"), ("s_a", "warning")]


def test_many_missing_shapes_are_one_more_finding() -> None:
    nodes = ", ".join(f"task t{at}" for at in range(40))
    source = file(process("p", f"startEvent s, {nodes}") + plane("p", shape("s")))
    codes = [each.code for each in check(source, "p.bpmn").findings if each.code.startswith("shape")]
    assert codes == ["shape-missing"] * 10 + ["shapes-missing"]


def test_without_node_the_elements_are_listed_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node.shutil, "which", lambda _: None)
    drawing = drawing_of(file(process("p", "startEvent s, task a", "s a")))
    assert (drawing.xml, [each.id for each in drawing.left_out]) == ("", ["s", "a"])
    assert "Node.js" in drawing.problem
    assert "make setup" in drawing.remedy


def test_a_layout_that_takes_too_long_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.mjs"
    endless.write_text("export const layoutProcess = () => { for (;;); };")
    monkeypatch.setattr(node, "PACKAGE", endless)
    answers = node.lay_out({"0": "<x/>"}, seconds=0.5)
    assert answers.laid_out == {}
    assert "stopped after 0.5 s" in answers.problem


def test_a_layout_that_wants_too_much_memory_ends_by_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hungry = tmp_path / "hungry.mjs"
    hungry.write_text("export const layoutProcess = () => { const all = []; for (;;) all.push(Array(1e6).fill({})); };")
    monkeypatch.setattr(node, "PACKAGE", hungry)
    assert "ended before its time" in node.lay_out({"0": "<x/>"}, seconds=20).problem


def test_one_process_that_cannot_be_laid_out_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    picky = tmp_path / "picky.mjs"
    picky.write_text("export const layoutProcess = (x) => { if (x === 'bad') throw Error('no'); return x; };")
    monkeypatch.setattr(node, "PACKAGE", picky)
    answers = node.lay_out({"0": "bad", "1": "good"})
    assert answers.laid_out == {"1": "good"}
    assert "no." in answers.problem


def test_a_file_that_is_no_model_has_no_drawing() -> None:
    assert drawing_of(b"<html>") == Drawing()
