"""Two BPMN files compared: each thing that differs is named, in words, and nothing that means the same."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bpm.engine.differences import Change, Difference, compare_models, describe
from bpm.engine.differences.nodes import DRAWING, KEPT_IDS, MEANINGLESS
from bpm.engine.xml import MODEL, read

ROOT = Path(__file__).parents[3]
REAL = sorted([*(ROOT / "tests/data/bpmn").glob("*.bpmn*"), *(ROOT / "process_models").glob("*/*.bpmn")])
HEAD = (
    f'<definitions xmlns="{MODEL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:flowable="http://flowable.org/bpmn" xmlns:jbpm="http://www.jboss.org/drools" targetNamespace="t">'
)


def model(inside: str, *, around: str = "") -> bytes:
    return f'{HEAD}{around}<process id="p" name="Claims">{inside}</process></definitions>'.encode()


def chain(task: str) -> str:
    """A task between a start and an end."""
    return (
        '<startEvent id="s" name="Claim came"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        f'{task}<sequenceFlow id="f2" sourceRef="t" targetRef="e"/><endEvent id="e" name="Done"/>'
    )


def the_change(before: str, after: str) -> Change:
    """The only change between two models of these contents."""
    found = compare_models(model(before), model(after))
    assert not [*found.added, *found.removed]
    assert len(found.changed) == 1, found.changed
    return found.changed[0]


def rows(found: Difference) -> list[tuple[str, str]]:
    return [(each.name, each.property) for each in found.changed]


TIMER = (
    '<intermediateCatchEvent id="w" name="Wait"><timerEventDefinition id="d">{}</timerEventDefinition>'
    "</intermediateCatchEvent>"
)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("<timeDuration>PT4H</timeDuration>", "<timeDuration>PT2H</timeDuration>", "after 4 h → after 2 h"),
        ("<timeDuration>P1DT12H</timeDuration>", "<timeDuration>P14D</timeDuration>",
         "after 1 day 12 h → after 14 days"),
        ("<timeDuration>${wait}</timeDuration>", "<timeDuration>PT90S</timeDuration>", "after ${wait} → after 90 s"),
        ("<timeDuration>P1M</timeDuration>", "<timeDate>2026-03-01T10:00:00Z</timeDate>",
         "after 1 month → at 2026-03-01 10:00Z"),
        ("<timeCycle>R3/PT10M</timeCycle>", "<timeCycle>R/PT5M</timeCycle>", "every 10 min, 3 times → every 5 min"),
        ("<timeCycle>0 0 9 * * ?</timeCycle>", "<timeCycle>0 0 8 * * ?</timeCycle>", "by 0 0 9 * * ? → by 0 0 8 * * ?"),
        ("<timeDate>2026-03-01T10:00:00Z</timeDate>", "<timeDate>2026-03-02T10:00:00Z</timeDate>",
         "at 2026-03-01 10:00Z → at 2026-03-02 10:00Z"),
    ],
)  # fmt: skip
def test_a_changed_timer_is_told_in_words(before: str, after: str, words: str) -> None:
    change = the_change(TIMER.format(before), TIMER.format(after))
    assert (change.kind, change.name, change.property, change.words) == ("element", "Wait", "timer", words)


def extended(task: str, extension: str) -> str:
    return f'<{task} id="t"><extensionElements>{extension}</extensionElements></{task}>'


@pytest.mark.parametrize(
    ("property_", "task", "one", "other"),
    [
        ("assignee", '<userTask id="t" camunda:assignee="%s"/>', "ada", "bob"),
        ("groups", '<userTask id="t" flowable:candidateGroups="%s"/>', "it", "service"),
        ("form", '<userTask id="t" camunda:formKey="%s"/>', "a", "b"),
        ("due", '<userTask id="t" camunda:dueDate="%s"/>', "P3D", "P2D"),
        ("priority", '<userTask id="t" camunda:priority="%s"/>', "50", "90"),
        ("topic", '<serviceTask id="t" camunda:topic="%s"/>', "a", "b"),
        ("topic", extended("serviceTask", '<zeebe:taskDefinition type="%s"/>'), "a", "b"),
        ("retries", extended("task", "<camunda:failedJobRetryTimeCycle>%s</camunda:failedJobRetryTimeCycle>"),
         "R5/PT5M", "R3/PT1M"),
        ("script", '<scriptTask id="t"><script>%s</script></scriptTask>', "x = 1", "x = 2"),
        ("documentation",
         '<task id="t"><documentation>%s</documentation></task>', "Look.", "Look <b>twice</b>."),
        ("called process", '<callActivity id="t" calledElement="%s"/>', "a", "b"),
        ("input “sum”", extended("task", '<camunda:inputOutput><camunda:inputParameter name="sum">%s'
         "</camunda:inputParameter></camunda:inputOutput>"), "1", "2"),
        ("input “sum”, source", extended("task",
         '<zeebe:ioMapping><zeebe:input source="%s" target="sum"/></zeebe:ioMapping>'), "=a", "=b"),
        ("multi-instance, list",
         '<task id="t"><multiInstanceLoopCharacteristics camunda:collection="%s"/></task>', "a", "b"),
        ("listener “create”, class",
         extended("userTask", '<camunda:taskListener event="create" class="%s"/>'), "A", "B"),
        ("onEntry-script, script", extended("task",
         "<jbpm:onEntry-script><jbpm:script>%s</jbpm:script></jbpm:onEntry-script>"), "a", "b"),
        ("retryCounter", '<task id="t" flowable:retryCounter="%s"/>', "1", "2"),
    ],
)  # fmt: skip
def test_a_changed_setting_of_any_vendor_is_named(property_: str, task: str, one: str, other: str) -> None:
    change = the_change(chain(task % one), chain(task % other))
    assert (change.property, change.before, change.after) == (property_, one, other.strip())


def test_another_type_of_task_is_told_in_words() -> None:
    assert the_change(chain('<task id="t"/>'), chain('<userTask id="t"/>')).words == "Task → User task"


def test_a_setting_that_went_is_told_as_what_it_was() -> None:
    change = the_change(chain('<userTask id="t" camunda:formKey="a"/>'), chain('<userTask id="t"/>'))
    assert (change.property, change.words) == ("form", "a → –")


def test_a_condition_and_a_default_flow_are_named() -> None:
    gate = (
        '<exclusiveGateway id="g" name="Large?" default="{}"/><task id="a" name="Look"/><task id="b" name="Pay"/>'
        '<sequenceFlow id="fa" name="yes" sourceRef="g" targetRef="a"><conditionExpression>{}</conditionExpression>'
        '</sequenceFlow><sequenceFlow id="fb" sourceRef="g" targetRef="b"/>'
    )
    found = compare_models(model(gate.format("fb", "sum > 5")), model(gate.format("fa", "sum > 9")))
    assert [(each.kind, each.property, each.words) for each in found.changed] == [
        ("element", "default flow", "“Large? → Pay” → yes"),
        ("flow", "condition", "sum > 5 → sum > 9"),
    ]


def test_two_flows_that_lead_the_other_way_round_are_told_by_where_they_lead() -> None:
    gate = (
        '<exclusiveGateway id="g" name="Large?"/><task id="a" name="Look"/><task id="b" name="Pay"/>'
        '<sequenceFlow id="fa" name="yes" sourceRef="g" targetRef="{}"><conditionExpression>x</conditionExpression>'
        '</sequenceFlow><sequenceFlow id="fb" name="no" sourceRef="g" targetRef="{}"/>'
    )
    found = compare_models(model(gate.format("a", "b")), model(gate.format("b", "a")))
    assert [(each.name, each.property, each.words) for each in found.changed] == [
        ("yes", "to", "Look → Pay"),
        ("no", "to", "Pay → Look"),
    ]


def test_what_is_not_written_is_told_by_what_it_means() -> None:
    rounds = '<task id="t"><multiInstanceLoopCharacteristics isSequential="%s"/></task>'
    change = the_change(chain(rounds % "true"), chain(rounds % "false"))
    assert (change.before, change.after, change.words) == ("true", "false", "yes → no")


def test_the_order_of_conditions_counts() -> None:
    flows = [f'<sequenceFlow id="f{n}" sourceRef="g" targetRef="{n}"/>' for n in "ab"]
    nodes = '<exclusiveGateway id="g" name="Which?"/><task id="a" name="A"/><task id="b" name="B"/>'
    change = the_change(nodes + "".join(flows), nodes + "".join(reversed(flows)))
    assert (change.name, change.property, change.before) == ("Which?", "order of flows", "Which? → A, Which? → B")


def test_a_task_in_another_lane_is_named_with_both_lanes() -> None:
    lanes = (
        '<laneSet><lane id="l1" name="Service">{}</lane><lane id="l2" name="IT">{}</lane></laneSet>'
        '<task id="t" name="Look"/>'
    )
    listed = "<flowNodeRef>t</flowNodeRef>"
    change = the_change(lanes.format(listed, ""), lanes.format("", listed))
    assert (change.name, change.property, change.words) == ("Look", "lane", "Service → IT")


def test_an_event_is_told_by_the_names_of_its_messages() -> None:
    messages = '<message id="m1" name="Paid"/><message id="m2" name="Cancelled"/>'
    event = '<startEvent id="s" name="News"><messageEventDefinition messageRef="{}"/></startEvent>'
    before, after = (model(event.format(key), around=messages) for key in ("m1", "m2"))
    assert compare_models(before, after).changed[0].words == "Paid → Cancelled"


def test_what_is_added_and_removed_tells_all_that_it_says() -> None:
    before = chain('<task id="t" name="Look"/>')
    after = before.replace(
        '<task id="t" name="Look"/>', '<task id="t" name="Look"/><userTask id="u" name="Call" camunda:assignee="ada"/>'
    )
    found = compare_models(model(before), model(after))
    assert [(each.kind, each.name, each.after) for each in found.added] == [
        ("element", "Call", "User task; assignee: ada")
    ]
    back = compare_models(model(after), model(before))
    assert [(each.name, each.before) for each in back.removed] == [("Call", "User task; assignee: ada")]


def test_what_a_tool_writes_anew_means_the_same() -> None:
    before = model(chain('<userTask id="t" name="Look" camunda:assignee="ada" camunda:formKey="f"/>'))
    after = (
        f'<?xml version="1.0"?><!-- saved --><bpmn:definitions xmlns:bpmn="{MODEL}"'
        ' xmlns:c="http://camunda.org/schema/1.0/bpmn" exporter="Tool" exporterVersion="7" id="D" targetNamespace="t">'
        '<bpmn:process id="p" name="Claims">'
        '<bpmn:startEvent id="s" name="Claim came">\n<bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>'
        '<bpmn:sequenceFlow targetRef="t" id="f1" sourceRef="s"/>'
        '<bpmn:userTask c:formKey="f" startQuantity="1" name="Look" c:assignee="ada" id="t"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="t" targetRef="e"/><bpmn:endEvent id="e" name="Done"/>'
        "</bpmn:process></bpmn:definitions>"
    )
    assert compare_models(before, after.encode()).same


def with_new_ids(source: bytes) -> bytes:
    """The file as a tool writes it that makes all ids anew, and means the same."""
    root = read(source)
    ids = {element.get("id") for element in root.iter(f"{{{MODEL}}}*")}
    for element in root.iter("{*}*"):
        is_listed = etree.QName(element).localname in ("incoming", "outgoing", "flowNodeRef")
        if is_listed and element.text in ids:
            element.text = f"n_{element.text}"
        for name, value in element.attrib.items():
            is_reference = str(name).endswith("Ref") or name in ("id", "default", "bpmnElement")
            if is_reference and value in ids:
                element.set(name, f"n_{value}")
    return etree.tostring(root)


@pytest.mark.parametrize("path", sorted((ROOT / "process_models").glob("*/*.bpmn")), ids=lambda path: path.stem)
def test_elements_with_new_ids_are_known_again_by_what_is_around_them(path: Path) -> None:
    before = path.read_bytes()
    found = compare_models(before, with_new_ids(before))
    assert {each.property for each in found.changed} == {"id"}
    assert not found.added
    assert not found.removed


def test_things_in_the_same_place_are_not_taken_for_each_other() -> None:
    before, after = (
        model(chain(f'<task id="t" name="{name}"/>').replace('"t"', f'"{key}"'))
        for key, name in (("t1", "Look"), ("t2", "Pay"))
    )
    found = compare_models(before, after)
    assert [each.name for each in found.removed if each.kind == "element"] == ["Look"]
    assert [each.name for each in found.added if each.kind == "element"] == ["Pay"]


def test_what_only_moved_on_the_drawing_is_one_line() -> None:
    source = (ROOT / "process_models/returns/returns.bpmn").read_bytes()
    moved = re.sub(rb'<dc:Bounds x="(\d+)', rb'<dc:Bounds x="1\1', source)
    assert rows(compare_models(source, moved)) == [("The drawing", "moved on the drawing")]


@cache
def _spots(path: Path) -> list[tuple[str, str]]:
    """(way to an element, its attribute or "" for its text) of whatever a file says."""
    tree = read(path.read_bytes()).getroottree()
    return list(_said(tree))


def _said(tree: etree._ElementTree) -> Iterator[tuple[str, str]]:
    for element in tree.iter("{*}*"):
        way = tree.getelementpath(element)
        yield from ((way, str(name)) for name in element.attrib)
        if (element.text or "").strip():
            yield way, ""


def _is_meaningless(element: etree._Element, name: str) -> bool:
    """The explicit list: who wrote the file, ids that nothing names, and the drawing's own ids and references."""
    qualified = etree.QName(element)
    if qualified.namespace in DRAWING:
        return name in ("id", "bpmnElement", "sourceElement", "targetElement", "labelStyle")
    is_bpmn = qualified.namespace == MODEL
    return is_bpmn and (
        name in MEANINGLESS.get(qualified.localname, ()) or (name == "id" and qualified.localname not in KEPT_IDS)
    )


def _is_same_number(path: Path, way: str, written: str) -> bool:
    """A digit more than a number can hold, which only places on drawings have."""
    element = read(path.read_bytes()).find(way)
    assert element is not None
    try:
        return float(written) in [
            float(str(each)) for each in element.attrib.values() if str(each)[:1] in "-0123456789"
        ]
    except ValueError:
        return False


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_changed_in_a_real_file_is_named(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(REAL))
    way, name = data.draw(st.sampled_from(_spots(path)))
    root = read(path.read_bytes())
    element = root if way == "." else root.find(way)
    assert element is not None
    added = data.draw(st.sampled_from(["X", "2", ".y"]))
    if name:
        element.set(name, element.attrib[name] + added)
    else:
        element.text = (element.text or "").strip() + added
    found = compare_models(path.read_bytes(), etree.tostring(root))
    assert not found.same or _is_meaningless(element, name) or _is_same_number(path, way, element.get(name) or "")


def test_one_element_is_described_in_words() -> None:
    task = (
        '<userTask id="t" name="Look" camunda:candidateGroups="IT" camunda:dueDate="P3D"/>'
        '<boundaryEvent id="late" attachedToRef="t"><timerEventDefinition><timeDuration>PT4H</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
    )
    source = model(chain(task))
    looked, late = describe(source, "t"), describe(source, "late")
    assert looked is not None
    assert late is not None
    assert (looked.type, looked.properties) == ("User task", (("groups", "IT"), ("due", "in 3 days")))
    assert late.properties == (("attached to", "Look"), ("timer", "after 4 h"))
    assert describe(source, "gone") is None
