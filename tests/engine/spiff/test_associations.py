"""Data associations copy data into and out of elements, as the standard says and as jBPM and Kogito write them."""

from typing import Any

import pytest

from bpm.engine.definitions.prepare import prepare
from tests.engine.bpmn.drawing import codes
from tests.engine.spiff.bench import Bench
from tests.engine.spiff.playing import chain, complete, drawn, expect, message, play, start, user

DATA = '<property id="order"/><property id="first_id" name="first"/>'
SENT = '<messageEventDefinition messageRef="m"/>'


def specified(inputs: dict[str, str], outputs: dict[str, str]) -> str:
    """An ioSpecification: {id: name} of its inputs and outputs."""
    data = "".join(f'<dataInput id="{key}" name="{name}"/>' for key, name in inputs.items())
    data += "".join(f'<dataOutput id="{key}" name="{name}"/>' for key, name in outputs.items())
    return f"<ioSpecification>{data}<inputSet/><outputSet/></ioSpecification>"


def into(target: str, source: str = "", more: str = "") -> str:
    said = f"<sourceRef>{source}</sourceRef>" if source else ""
    return f"<dataInputAssociation>{said}<targetRef>{target}</targetRef>{more}</dataInputAssociation>"


def out(source: str, target: str, more: str = "") -> str:
    said = f"<sourceRef>{source}</sourceRef>" if source else ""
    return f"<dataOutputAssociation>{said}<targetRef>{target}</targetRef>{more}</dataOutputAssociation>"


def assigned(value: str, to: str) -> str:
    return f"<assignment><from>{value}</from><to>{to}</to></assignment>"


def test_a_user_task_reads_its_inputs_and_hands_out_what_is_associated() -> None:
    inside = specified({"i": "item"}, {"o": "approved"}) + into("i", "order") + out("o", "first_id")
    executable = prepare(drawn(DATA + chain(user("a", inside), user("b")), dialect=""), "m.bpmn").executable
    bench = Bench(executable, {"order": 7})
    assert bench.step.work_items[0].variables == {"order": 7, "item": 7}
    step = bench.complete("a", approved=True, extra=1)
    assert step.variables == {"order": 7, "first": True}


@pytest.mark.parametrize("dialect", ["", "drools"])
def test_an_output_that_nobody_gave_leaves_the_variable_as_it_was(dialect: str) -> None:
    inside = specified({}, {"o": "approved"}) + out("o", "first_id")
    source = drawn(DATA + chain(user("a", inside)), dialect=dialect)
    play(source, start(first="yes"), complete("a"), expect(first="yes", ended=True))
    play(source, start(), complete("a"), expect(first=None, ended=True))


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "businessRuleTask"])
def test_a_job_gets_its_inputs_and_its_only_output_may_be_all_that_came(kind: str) -> None:
    inside = specified({"i": "Parameter", "c": "Mode"}, {"o": "Result"})
    inside += into("i", "order") + into("c", more=assigned("fast", "c")) + out("o", "first_id")
    executable = prepare(
        drawn(DATA + chain(("a", f'<{kind} id="a">{inside}</{kind}>'), user("b")), dialect="drools"), "m.bpmn"
    ).executable
    bench = Bench(executable, {"order": 7})
    payload = bench.step.jobs[0].payload
    assert (payload["Parameter"], payload["Mode"]) == (7, "fast")
    assert bench.job_done("a", sum=3, tax=1).variables == {"order": 7, "first": {"sum": 3, "tax": 1}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("amount * 2", 10),
        ("${amount + 1}", 6),
        ("7", 7),
        ("'x'", "x"),
        ("amount", 5),
        ("Please check it", "Please check it"),
    ],
)
def test_an_assignment_is_an_expression_or_else_a_text(text: str, value: Any) -> None:
    inside = specified({"i": "told"}, {"o": "seen"}) + into("i", more=assigned(text, "i"))
    inside += out("", "order", assigned("told", "order"))
    play(
        drawn(DATA + chain(user("a", inside)), dialect=""),
        start(amount=5),
        complete("a"),
        expect("told", order=value, ended=True),
    )


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [
        ("String", "5", "5"),
        ("Integer", "5", 5),
        ("Boolean", "true", True),
        ("Float", "0.5", 0.5),
        ("Object", "#{amount}", 5),
    ],
)
def test_jbpms_assignments_are_constants_of_the_declared_type(declared: str, text: str, value: Any) -> None:
    inside = specified({"i": "told"}, {}).replace("<dataInput ", '<dataInput itemSubjectRef="_item" ')
    inside += into("i", more=assigned(text, "i")) + out("", "order", assigned("#{told}", "order"))
    source = drawn(
        DATA + chain(user("a", inside)),
        dialect="drools",
        roots=f'<itemDefinition id="_item" structureRef="java.lang.{declared}"/>',
    )
    play(source, start(amount=5), complete("a"), expect(order=value, ended=True))


def test_an_assignment_may_write_an_entry_of_an_object() -> None:
    inside = specified({}, {"o": "approved"}) + out("o", "order", assigned("approved", "order.approved"))
    play(
        drawn(DATA + chain(user("a", inside)), dialect=""),
        start(order={"id": 1}),
        complete("a", approved=True),
        expect("approved", order={"id": 1, "approved": True}),
    )


def test_a_transformation_computes_what_is_copied() -> None:
    inside = specified({"i": "item"}, {"o": "sum"})
    inside += into("i", "order", "<transformation>order + 1</transformation>")
    inside += out("o", "first_id", "<transformation>sum * item</transformation>")
    play(
        drawn(DATA + chain(user("a", inside)), dialect=""),
        start(order=2),
        complete("a", sum=4),
        expect("sum", "item", first=12),
    )


@pytest.mark.parametrize(("name", "value"), [("status", "sent"), ("event", {"status": "sent", "noise": 1})])
@pytest.mark.parametrize("place", ["catch", "receive", "start", "boundary"])
def test_what_a_message_brings_is_copied_by_name_or_as_a_whole(place: str, name: str, value: Any) -> None:
    data = f'<dataOutput id="o" name="{name}"/>{out("o", "first_id")}'
    received = f'<receiveTask id="c" messageRef="m">{specified({}, {"o": name})}{out("o", "first_id")}</receiveTask>'
    brought = message("m", status="sent", noise=1)
    inside = {
        "catch": chain(("c", f'<intermediateCatchEvent id="c">{data}{SENT}</intermediateCatchEvent>'), user("a")),
        "receive": chain(("c", received), user("a")),
        "start": chain(user("a")).replace('<startEvent id="s"/>', f'<startEvent id="s">{data}{SENT}</startEvent>'),
        "boundary": chain(user("t")) + f'<boundaryEvent id="c" attachedToRef="t">{data}{SENT}</boundaryEvent>'
        '<userTask id="a"/><sequenceFlow id="f" sourceRef="c" targetRef="a"/>',
    }[place]  # fmt: skip
    steps = [brought] if place == "start" else [start(), brought]
    play(drawn(DATA + inside, dialect="drools"), *steps, expect("status", "noise", first=value, open=["a"]))


@pytest.mark.parametrize(("kind", "ref"), [("error", "E"), ("escalation", "C")])
def test_what_an_end_event_carries_comes_to_who_catches_it(kind: str, ref: str) -> None:
    event = f'<{kind}EventDefinition {kind}Ref="{ref}"/>'
    thrown = f'<dataInput id="i" name="why"/>{into("i", "order")}{event}'
    sub = (
        f'<subProcess id="a"><startEvent id="s2"/><endEvent id="e2">{thrown}</endEvent>'
        '<sequenceFlow id="f1" sourceRef="s2" targetRef="e2"/></subProcess>'
    )
    boundary = (
        f'<boundaryEvent id="b" attachedToRef="a"><dataOutput id="o" name="why"/>{out("o", "first_id")}{event}'
        '</boundaryEvent><userTask id="after"/><sequenceFlow id="f" sourceRef="b" targetRef="after"/>'
    )
    play(
        drawn(DATA + chain(("a", sub)) + boundary, dialect="drools"),
        start(order="late"),
        expect("why", first="late", open=["after"]),
    )


def test_rounds_of_a_multi_instance_have_inputs_and_outputs_of_their_own() -> None:
    inside = (
        specified({"c": "items", "i": "item"}, {"l": "answers", "o": "answer"})
        + into("c", "order")
        + into("i", "x")
        + out("o", "y")
        + out("l", "first_id")
        + "<multiInstanceLoopCharacteristics><loopDataInputRef>c</loopDataInputRef><loopDataOutputRef>l"
        '</loopDataOutputRef><inputDataItem id="x"/><outputDataItem id="y"/></multiInstanceLoopCharacteristics>'
    )
    play(
        drawn(DATA + chain(user("a", inside)), dialect="drools"),
        start(order=["p", "q"]),
        complete("a", answer=1),
        complete("a", answer=2),
        expect("answer", "item", "x", "y", first=[1, 2], ended=True),
    )


def test_jbpms_settings_of_a_task_are_no_data_and_may_be_variables() -> None:
    inside = specified({"n": "TaskName", "s": "Skippable", "w": "ActorId", "g": "GroupId"}, {})
    inside += into("n", more=assigned("Check", "n")) + into("s", more=assigned("false", "s"))
    inside += into("w", "order") + into("g", more=assigned("#{team}", "g"))
    source = drawn(DATA + chain(user("a", inside)), dialect="drools")
    bench = Bench(prepare(source, "m.bpmn").executable, {"order": "ada", "team": "sales"})
    (item,) = bench.step.work_items
    assert (item.assignee, item.group, item.variables) == ("ada", "sales", {"order": "ada", "team": "sales"})


PICTURE = (
    '<dataObjectReference id="d" dataObjectRef="do"/><dataObject id="do"/><dataStoreReference id="store" name="Store"/>'
)


@pytest.mark.parametrize(
    "inside",
    [
        '<property id="pl" name="__targetRef_placeholder"/>' + into("pl", "d"),
        out("", "d"),
        specified({}, {"o": "x"}) + out("o", "store"),
        specified({"i": "x"}, {}) + into("i", "store"),
    ],
)
def test_an_association_that_copies_nothing_is_named_and_results_leave_as_ever(inside: str) -> None:
    source = drawn(PICTURE + chain(user("a", inside)), dialect="")
    (finding,) = [f for f in prepare(source, "m.bpmn").findings if f.code == "association-not-executed"]
    assert finding.element == "a"
    play(source, start(), complete("a", x=1), expect(x=1, ended=True))


def test_the_associations_of_a_drawing_stay_pictures() -> None:
    inside = specified({"i": "item"}, {"o": "approved"}) + into("i", "order") + out("o", "first_id")
    source = drawn(DATA + chain(user("a", inside)), dialect="").replace(b' isExecutable="true"', b"")
    assert "association-not-executed" in codes(prepare(source, "m.bpmn").findings, "info")
    play(source, start(), complete("a", approved=True), expect("first", approved=True, ended=True))


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [("xsd:string", "5", "5"), ("xsd:int", "5", 5), ("xsd:boolean", "true", True), ("xsd:double", "0.5", 0.5)],
)
@pytest.mark.parametrize("dialect", ["flowable", "activiti"])
def test_a_data_object_begins_with_its_value(dialect: str, declared: str, text: str, value: Any) -> None:
    data = (
        f'<dataObject id="d" name="limit" itemSubjectRef="{declared}"><extensionElements><{dialect}:value>{text}'
        f"</{dialect}:value></extensionElements></dataObject>"
    )
    play(drawn(data + chain(user("a")), dialect=dialect), start(), expect(limit=value))
    play(drawn(data + chain(user("a")), dialect=dialect), start(limit="given"), expect(limit="given"))
    inner = data + chain(user("t")).replace('"e"', '"e2"').replace('"s"', '"s2"')
    sub = chain(("a", f'<subProcess id="a">{inner}</subProcess>'))
    play(drawn(sub, dialect=dialect), start(), expect("limit", open=["t"]))


def test_an_input_that_nobody_gave_a_value_is_not_worth_a_word() -> None:
    inside = specified({"p": "Priority", "i": "item"}, {}) + into("p") + into("i", more=assigned("", "i"))
    prepared = prepare(drawn(DATA + chain(user("a", inside)), dialect="drools"), "m.bpmn")
    assert "association-not-executed" not in codes(prepared.findings)


@pytest.mark.parametrize(
    ("reference", "held", "asked"),
    [
        ('name="Order [approved]"', 'id="verdict"', "verdict"),
        ('name="verdict"', 'id="DataObject_17"', "verdict"),
        ('name="Anything"', 'id="do" name="verdict"', "verdict"),
        ('name="Verdict"', 'id="verdict"', "verdict"),
    ],
)
def test_a_data_object_is_the_variable_that_conditions_ask_for(reference: str, held: str, asked: str) -> None:
    key = held.partition('"')[2].partition('"')[0]
    inside = specified({}, {"o": "answer"}) + out("o", "ref")
    condition = f"<conditionExpression>{asked} == 'yes'</conditionExpression>"
    body = (
        f'<dataObjectReference id="ref" dataObjectRef="{key}" {reference}/><dataObject {held}/>'
        f'<startEvent id="s"/><userTask id="a">{inside}</userTask><exclusiveGateway id="g" default="f4"/>'
        '<userTask id="b"/><userTask id="c"/><sequenceFlow id="f1" sourceRef="s" targetRef="a"/>'
        '<sequenceFlow id="f2" sourceRef="a" targetRef="g"/>'
        f'<sequenceFlow id="f3" sourceRef="g" targetRef="b">{condition}</sequenceFlow>'
        '<sequenceFlow id="f4" sourceRef="g" targetRef="c"/>'
    )
    play(drawn(body, dialect=""), start(), complete("a", answer="yes"), expect("answer", verdict="yes", open=["b"]))


@pytest.mark.parametrize("dialect", ["camunda", "flowable", "activiti", "zeebe"])
def test_where_the_vendor_keeps_nothing_the_copy_is_beside_the_results(dialect: str) -> None:
    inside = specified({}, {"o": "approved"}) + out("o", "first_id")
    play(
        drawn(DATA + chain(user("a", inside)), dialect=dialect),
        start(),
        complete("a", approved=True, extra=1),
        expect(first=True, approved=True, extra=1, ended=True),
    )
