"""Elements that run and that the diagram of the file does not show are named; a file without shapes is not blamed."""

from itertools import pairwise

from bpm.engine.definitions.prepare import prepare
from bpm.engine.findings import Finding
from tests.engine.upload.drawing import codes, flows, line, model

DI = 'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'


def diagram(*elements: str) -> str:
    shapes = "".join(f'<di:BPMNShape id="{each}_shape" bpmnElement="{each}"/>' for each in elements)
    return f'<di:BPMNDiagram {DI}><di:BPMNPlane bpmnElement="p">{shapes}</di:BPMNPlane></di:BPMNDiagram>'


def missing(inside: str, roots: str) -> list[Finding]:
    findings = prepare(model(inside, roots=roots), "test.bpmn").findings
    return [finding for finding in findings if finding.code.startswith("shape")]


def test_an_element_without_a_shape_is_named_where_it_stands() -> None:
    (finding,) = missing(line('<userTask id="a" name="Ask"/>'), diagram("s", "e"))
    assert (finding.code, finding.severity, finding.element, finding.name) == ("shape-missing", "warning", "a", "Ask")


def test_a_complete_diagram_and_none_at_all_need_no_word() -> None:
    assert missing(line('<userTask id="a"/>'), diagram("s", "a", "e")) == []
    assert missing(line('<userTask id="a"/>'), "") == []
    assert missing(line('<userTask id="a"/>'), diagram()) == []


def test_what_a_collapsed_subprocess_hides_is_shown_by_its_shape() -> None:
    inside = f'<subProcess id="a"><startEvent id="x"/><endEvent id="y"/>{flows("x>y")}</subProcess>'
    assert missing(line(inside), diagram("s", "a", "e")) == []
    assert [finding.element for finding in missing(line(inside), diagram("s", "a", "e", "x"))] == ["y"]


def test_a_process_of_which_nothing_is_drawn_is_named_once() -> None:
    other = f'<process id="q" isExecutable="true"><startEvent id="qs"/><endEvent id="qe"/>{flows("qs>qe")}</process>'
    assert [each.element for each in missing(line('<userTask id="a"/>'), other + diagram("s", "a", "e"))] == ["q"]


def test_of_very_many_the_number_is_told() -> None:
    keys = [f"t{number}" for number in range(30)]
    tasks = "".join(f'<userTask id="{key}"/>' for key in keys)
    chain = flows(f"s>{keys[0]}", *(f"{a}>{b}" for a, b in pairwise(keys)), f"{keys[-1]}>e")
    inside = f'<startEvent id="s"/>{tasks}<endEvent id="e"/>{chain}'
    found = missing(inside, diagram("s", "e"))
    assert codes(found).count("shape-missing") == 20
    assert "10 more" in next(each.message for each in found if each.code == "shapes-missing")
