"""Vendor markup that nothing here reads is named: what changes the flow at its element, all else once for each kind."""

import pytest

from bpm.engine.bpmn.consumed import mark, record, unread
from bpm.engine.bpmn.model import Prepared
from bpm.engine.findings import Finding
from bpm.engine.xml import read
from tests.engine.bpmn.drawing import check, codes, flows, line, model, only
from tests.engine.bpmn.steps import opened, passes, start

SIGNAVIO = 'xmlns:signavio="http://www.signavio.com"'
PM = 'xmlns:pm="http://processmaker.com/BPMN/2.0/Schema.xsd"'
OLD_APEX = 'xmlns:apex="http://www.apex.mt-ag.com"'
LATE = (
    '<userTask id="a"><ioSpecification><dataInput id="i" name="NotCompletedNotify"/></ioSpecification>'
    "<dataInputAssociation><targetRef>i</targetRef><assignment><from>[tousers:ada]@[PT4H]</from><to>i</to></assignment>"
    "</dataInputAssociation></userTask>"
)


def _extended(kind: str, extension: str, attributes: str = "") -> str:
    return f'<{kind} id="a" {attributes}><extensionElements>{extension}</extensionElements></{kind}>'


def _of(prepared: Prepared, code: str) -> list[Finding]:
    return [finding for finding in prepared.findings if finding.code == code]


@pytest.mark.parametrize(
    ("element", "named"),
    [
        ('<serviceTask id="a" camunda:topic="t" camunda:taskPriority="50"/>', "taskPriority"),
        ('<userTask id="a" flowable:skipExpression="${no}"/>', "skipExpression"),
        ('<callActivity id="a" calledElement="q" camunda:calledElementBinding="version"/>', "calledElementBinding"),
        ('<callActivity id="a" calledElement="q" camunda:calledElementTenantId="x"/>', "calledElementTenantId"),
        (
            _extended("callActivity", '<zeebe:calledElement processId="q" bindingType="versionTag" versionTag="v2"/>'),
            "bindingType",
        ),
        (_extended("callActivity", '<zeebe:calledElement processId="q" versionTag="v2"/>'), "versionTag"),
        (
            _extended(
                "serviceTask",
                '<zeebe:taskDefinition type="x"/><zeebe:taskHeaders><zeebe:header key="retryBackoff" value="1"/>'
                '<zeebe:header key="errorExpression" value="=x"/></zeebe:taskHeaders>',
            ),
            "errorExpression",
        ),
        (_extended("serviceTask", '<camunda:errorEventDefinition errorRef="e" expression="${a}"/>'), "errorEvent"),
        (_extended("serviceTask", '<activiti:mapException xmlns:activiti="http://activiti.org/bpmn"'
            ' errorCode="e">java.lang.Exception</activiti:mapException>'), "mapException"),
        (_extended("userTask", '<drools:metaData name="customSLADueDate"><drools:metaValue>P1D</drools:metaValue>'
            "</drools:metaData>"), "customSLADueDate"),
        (_extended("userTask", '<zeebe:assignmentDefinition candidateUsers="ada"/>'), "candidateUsers"),
        (_extended("serviceTask", '<flowable:field name="to" stringValue="x"/>', 'flowable:type="mail"'), "to"),
        ('<userTask id="a" flowable:taskIdVariableName="t"/>', "taskIdVariableName"),
        ('<userTask id="a" flowable:dueDate="P1D" flowable:businessCalendarName="work"/>', "businessCalendarName"),
        ('<callActivity id="a" calledElement="q" flowable:calledElementType="id"/>', "calledElementType"),
        ('<callActivity id="a" calledElement="q" drools:waitForCompletion="false"/>', "waitForCompletion"),
        (f'<task id="a" {PM} pm:assignmentLock="true"/>', "Lock"),
        (f"""<callActivity id="a" calledElement="q" {PM} pm:config='{{"startEvent": "n1"}}'/>""", "n1"),
        (f"""<serviceTask id="a" {PM} pm:errorHandling='{{"timeout": "5", "retry_attempts": ""}}'/>""", "timeout 5"),
        (LATE, "Notify"),
        (_extended("userTask", f'<apex:beforeTask {OLD_APEX}><apex:processVariable><apex:varName>v</apex:varName>'
            "</apex:processVariable></apex:beforeTask>"), "beforeTask"),
        (_extended("startEvent", "<flowable:startEventCorrelationConfiguration>storeAsUniqueReferenceId"
            "</flowable:startEventCorrelationConfiguration>"), "startEventCorrelation"),
    ],
)  # fmt: skip
def test_a_setting_that_changes_the_flow_is_a_warning_at_its_element(element: str, named: str) -> None:
    found = _of(check(line(element)), "setting-not-used")
    assert {(finding.severity, finding.element, finding.line) for finding in found} == {("warning", "a", 2)}
    assert any(named in finding.message for finding in found)
    assert all(finding.remedy for finding in found)


def test_a_signal_with_mappings_inside_is_used_and_not_named() -> None:
    definition = (
        '<signalEventDefinition signalRef="g"><extensionElements><camunda:in source="x" target="y"/>'
        "</extensionElements></signalEventDefinition>"
    )
    thrown = f'<intermediateThrowEvent id="a">{definition}</intermediateThrowEvent>'
    report = check(line(thrown), roots='<signal id="g" name="g"/>')
    assert _of(report, "setting-not-used") == []
    assert _of(report, "markup-not-used") == []


@pytest.mark.parametrize(
    "element",
    [
        '<callActivity id="a" calledElement="q" camunda:calledElementBinding="latest"/>',
        '<userTask id="a" camunda:assignee="ada" camunda:dueDate="P1D" camunda:formKey="x"/>',
        '<serviceTask id="a" camunda:type="external" camunda:topic="x"/>',
        _extended("serviceTask", '<zeebe:taskDefinition type="x" retries="3"/>'),
        _extended("serviceTask", '<spiff:serviceTaskOperator id="x" resultVariable="y"/>'),
        _extended("userTask", '<zeebe:assignmentDefinition assignee="ada" candidateGroups=""/>'),
        _extended("serviceTask", '<camunda:inputOutput><camunda:inputParameter name="x"><camunda:list>'
            "<camunda:value>1</camunda:value></camunda:list></camunda:inputParameter></camunda:inputOutput>"),
        _extended("serviceTask", '<camunda:inputOutput><camunda:inputParameter name="x"><camunda:map>'
            '<camunda:entry key="k">1</camunda:entry></camunda:map></camunda:inputParameter></camunda:inputOutput>'),
    ],
)  # fmt: skip
def test_what_is_read_leaves_nothing_over(element: str) -> None:
    found = codes(check(line(element)).findings)
    assert "setting-not-used" not in found
    assert "markup-not-used" not in found


def test_hundreds_of_notes_of_a_tool_are_one_line_with_their_number_and_first_place() -> None:
    note = f'<signavio:signavioMetaData {SIGNAVIO} metaKey="bgcolor" metaValue="#fff"/>'
    tasks = "".join(
        f'<userTask id="t{i}" name="Step {i}"><extensionElements>{note}{note}</extensionElements></userTask>'
        for i in range(150)
    )
    finding = only(check('<startEvent id="s"/>' + tasks + flows("s>t0")), "markup-not-used")
    assert (finding.severity, finding.element, finding.line) == ("info", "t0", 2)
    assert "300 times" in finding.message
    assert "http://www.signavio.com" in finding.before


def test_every_kind_of_leftover_is_told_apart() -> None:
    note = f"<signavio:note {SIGNAVIO}>why</signavio:note>"
    task = _extended("userTask", note, 'camunda:asyncBefore="true" xmlns:x="urn:x" x:colour="red"')
    found = _of(check(line(task)), "markup-not-used")
    assert [finding.message.partition(" is ")[0] for finding in found] == [
        "camunda:asyncBefore",
        "x:colour",
        "signavio:note",
    ]


def test_another_vendors_word_that_sounds_like_a_setting_is_no_warning() -> None:
    prepared = check(line('<userTask id="a" xmlns:x="urn:drawing-tool" x:priority="high"/>'))
    assert "setting-not-used" not in codes(prepared.findings)
    assert "x:priority" in only(prepared, "markup-not-used").message


def test_empty_settings_and_the_diagram_are_no_leftovers() -> None:
    diagram = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:bioc="http://bpmn.io/schema/'
        'bpmn/biocolor/1.0"><bpmndi:BPMNPlane bioc:stroke="#000"/></bpmndi:BPMNDiagram>'
    )
    prepared = check(line('<userTask id="a" camunda:assignee=""/>'), roots=diagram)
    assert "markup-not-used" not in codes(prepared.findings)


def test_the_executable_keeps_no_marks() -> None:
    prepared = check(line('<userTask id="a" camunda:assignee="ada" camunda:priority="1"/>'))
    assert b"read=" not in prepared.executable


def test_an_attribute_that_anybody_reads_is_consumed_without_a_list_of_names() -> None:
    root = read(model(_extended("userTask", '<camunda:x one="1" two="2"/>')))
    record(root)
    part = next(root.iter("{http://camunda.org/schema/1.0/bpmn}x"))
    assert [each.attribute for each in unread(root)] == [""]
    part.get("one")
    assert [each.attribute for each in unread(root)] == ["two"]
    mark(part, "two")
    assert list(unread(root)) == []


def _condition(attributes: str, inside: str = "") -> str:
    condition = f"<conditionalEventDefinition {attributes}>{inside}<condition>${{x &gt; 5}}</condition>"
    return (
        f'<startEvent id="s"/><intermediateCatchEvent id="c">{condition}</conditionalEventDefinition>'
        f'</intermediateCatchEvent><userTask id="t"/><endEvent id="e"/>{flows("s>c", "c>t", "t>e")}'
    )


def _set(**variables: object) -> dict[str, object]:
    return {"do": "set_vars", "vars": variables}


CAMUNDA_8 = (
    '<extensionElements><zeebe:conditionalFilter variableNames="y" variableEvents="update"/></extensionElements>'
)


@pytest.mark.parametrize(
    "inside",
    [_condition('camunda:variableName="y" camunda:variableEvents="update"'), _condition("", CAMUNDA_8)],
)
def test_a_condition_is_judged_only_after_the_changes_that_it_looks_at(inside: str) -> None:
    passes(inside, start(x=1, y=0), _set(x=9), opened(), _set(z=1), opened(), _set(y=1), opened("t"))


def test_a_variable_that_is_made_is_not_one_that_is_changed() -> None:
    inside = _condition('camunda:variableName="y" camunda:variableEvents="create"')
    passes(inside, start(x=9), opened("t"))
    passes(inside, start(x=1, y=0), _set(x=9, y=1), opened())
    passes(inside, start(x=1), _set(x=9), opened(), _set(y=1), opened("t"))


def _gathering(part: str) -> str:
    loop = '<multiInstanceLoopCharacteristics flowable:collection="people" flowable:elementVariable="who">'
    return (
        f'<startEvent id="s"/><userTask id="a">{loop}<extensionElements>{part}</extensionElements>'
        '</multiInstanceLoopCharacteristics></userTask><userTask id="t"/><endEvent id="e"/>'
        f"{flows('s>a', 'a>t', 't>e')}"
    )


def _complete(**variables: object) -> dict[str, object]:
    return {"do": "complete", "task": "a", "vars": variables}


def test_what_the_rounds_write_is_gathered_under_the_names_that_the_model_says() -> None:
    part = (
        '<flowable:variableAggregation target="votes"><flowable:variable source="score" target="points"/>'
        '<flowable:variable source="note"/></flowable:variableAggregation>'
    )
    votes = [{"points": 1, "note": "a"}, {"points": 2, "note": "b"}]
    inside = _gathering(part)
    rounds = (_complete(score=1, note="a"), _complete(score=2, note="b"))
    passes(inside, start(people=["x", "y"]), *rounds, opened("t", votes=votes))
    assert "setting-not-used" not in codes(check(inside).findings)


def test_an_aggregation_by_code_is_named() -> None:
    prepared = check(_gathering('<flowable:variableAggregation target="votes" class="org.acme.Sum"/>'))
    assert only(prepared, "setting-not-used").element == "a"
