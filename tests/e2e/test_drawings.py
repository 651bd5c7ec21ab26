"""What people see of a file: the right plane of many, a layout where there is none, and its name in any script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import Looker
from tests.e2e.pages.drawing import Drawing

Look = Callable[..., Looker]
Person = Callable[..., None]

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
FOLDED = """<process id="folded" isExecutable="true"><startEvent id="s"/><subProcess id="sub" name="Look closer">
 <startEvent id="is"/><userTask id="inner" name="Read the letter"/><endEvent id="ie"/>
 <sequenceFlow id="i1" sourceRef="is" targetRef="inner"/><sequenceFlow id="i2" sourceRef="inner" targetRef="ie"/>
 </subProcess><endEvent id="e"/>
 <sequenceFlow id="f1" sourceRef="s" targetRef="sub"/><sequenceFlow id="f2" sourceRef="sub" targetRef="e"/></process>"""
PLAIN = """<process id="plain" isExecutable="true"><startEvent id="s"/><userTask id="t" name="Answer"/>
 <endEvent id="e"/>
 <sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e"/></process>"""
SECOND = """<process id="second" name="Second" isExecutable="true"><startEvent id="s2"/><userTask id="t2" name="Pay"/>
 <endEvent id="e2"/><sequenceFlow id="g1" sourceRef="s2" targetRef="t2"/>
 <sequenceFlow id="g2" sourceRef="t2" targetRef="e2"/></process>"""
LANES = (Path(__file__).parent / "models/lanes_without_a_drawing.bpmn").read_bytes()


def file(content: str) -> bytes:
    return f'<definitions {NAMESPACES} targetNamespace="urn:t">{content}</definitions>'.encode()


def shape(element: str, x: int, y: int = 100, more: str = "") -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="90" height="60"/>'
    return f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}" {more}>{bounds}</bpmndi:BPMNShape>'


def plane(of: str, content: str) -> str:
    named = f'bpmnElement="{of}"' if of else ""
    return (
        f'<bpmndi:BPMNDiagram id="d_{of}"><bpmndi:BPMNPlane {named}>{content}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )


MAIN = plane("folded", shape("s", 100) + shape("sub", 250, more='isExpanded="false"') + shape("e", 400))
INNER = plane("sub", shape("is", 100) + shape("inner", 250) + shape("ie", 400))
ALL = shape("s", 100) + shape("t", 250) + shape("e", 400)


def upload(page: Page, content: bytes, name: str = "model.bpmn") -> None:
    page.goto("/processes")
    page.get_by_label("Upload a process").set_input_files(
        {"name": name, "mimeType": "application/xml", "buffer": content}
    )
    page.get_by_role("button", name="Check it").click()
    page.wait_for_url("**/uploads/*")


def drawn(looker: Looker) -> set[str]:
    """Ids of the elements that can be seen."""
    looker.settle()
    return Drawing(looker.page).seen()


DRAWINGS = {
    "a diagram without a plane first": (FOLDED + "<bpmndi:BPMNDiagram/>" + MAIN + INNER, {"s", "sub", "e"}),
    "a subprocess's plane first": (FOLDED + INNER + MAIN, {"s", "sub", "e"}),
    "a plane of nothing that shows the process": (PLAIN + plane("nobody", ALL), {"s", "t", "e"}),
    "a plane that names nothing": (PLAIN + plane("", ALL), {"s", "t", "e"}),
    "an empty plane of nothing first": (
        PLAIN + plane("nobody", shape("gone", 1)) + plane("plain", ALL),
        {"s", "t", "e"},
    ),
    "a plane that names another process than it shows": (PLAIN + SECOND + plane("second", ALL), {"s", "t", "e"}),
    "a plane without shapes": (PLAIN + plane("plain", ""), {"s", "t", "e", "f1", "f2"}),
    "no drawing": (PLAIN, {"s", "t", "e", "f1", "f2"}),
    "no drawing of two processes": (PLAIN + SECOND, {"s", "t", "e", "f1", "f2", "s2", "t2", "e2", "g1", "g2"}),
}


def test_the_first_plane_that_is_there_is_drawn_and_else_a_layout(look: Look, person: Person) -> None:
    person("dora", "designer")
    looker = look("dora")
    for what, (content, seen) in DRAWINGS.items():
        upload(looker.page, file(content))
        found = drawn(looker)
        assert seen <= found, f"{what}: {seen - found} cannot be seen"
        looker.keep(f"drawing-{what}")


def test_a_laid_out_file_has_lanes_pools_and_a_list_of_what_is_not_on_it(look: Look, person: Person) -> None:
    person("dora", "designer")
    looker = look("dora")
    page = looker.page
    upload(page, LANES)
    everything = {"shop", "buyer", "desk", "store", "order", "choice", "pack", "open", "box", "late", "done", "m", "f2"}
    assert everything <= drawn(looker)
    expect(page.get_by_text("was laid out when the file was uploaded")).to_be_visible()
    expect(page.get_by_text("Fragile goods twice")).to_be_visible()
    looker.check("laid-out")
    page.get_by_role("button", name="Deploy as draft").click()
    page.wait_for_url("**/processes/laned*")
    assert everything <= drawn(looker)
    expect(page.get_by_text("Fragile goods twice")).to_be_visible()
    looker.check("laid-out-version")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    assert download.value.path().read_bytes() == LANES


def test_of_two_diagrams_the_other_one_can_be_chosen(look: Look, person: Person) -> None:
    person("dora", "designer")
    looker = look("dora")
    upload(looker.page, file(PLAIN + SECOND + plane("plain", ALL)))
    assert {"s", "t", "e"} <= drawn(looker)
    looker.page.get_by_label("Diagram", exact=True).select_option(label="Second")
    Drawing(looker.page).step("t2").wait_for()
    assert {"s2", "t2", "e2"} <= drawn(looker)
    looker.check("two-diagrams")


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252"])
def test_files_in_other_encodings_are_drawn(look: Look, person: Person, encoding: str) -> None:
    person("dora", "designer")
    looker = look("dora")
    content = file(PLAIN.replace("Answer", "Grüße") + plane("plain", ALL)).decode()
    upload(looker.page, f'<?xml version="1.0" encoding="{encoding}"?>{content}'.encode(encoding))
    assert {"s", "t", "e"} <= drawn(looker)
    expect(Drawing(looker.page).step("t").get_by_text("Grüße")).to_be_visible()


NAMES = (
    "Reklamation – neu.bpmn",
    "投诉 处理.bpmn",
    "شكوى.bpmn",
    "🙂 order.BPMN",
    "a;b\"c'%41.xml",
    "x" * 180 + ".bpmn",
)


def test_a_file_keeps_its_name_in_any_script(look: Look, person: Person) -> None:
    person("dora", "designer")
    looker = look("dora")
    for name in NAMES:
        upload(looker.page, file(PLAIN), name)
        expect(looker.page.get_by_role("heading", level=1)).to_have_text(name)
        looker.check(f"name-{NAMES.index(name)}")
        with looker.page.expect_download() as download:
            looker.page.get_by_role("link", name="Download as uploaded").click()
        assert download.value.path().read_bytes() == file(PLAIN)
        assert download.value.suggested_filename == name.replace('"', "_")
