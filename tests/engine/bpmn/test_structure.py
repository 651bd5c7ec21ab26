"""Ids, references and the shape of the flow: what a file leaves out is added, what cannot be meant is refused."""

import pytest

from bpm.engine.definitions.prepare import prepare
from tests.engine.bpmn.drawing import check, codes, flows, line, model, node, only, own, tag

USER = '<userTask id="a" name="Ask"/>'


def test_a_plain_model_has_nothing_to_say() -> None:
    prepared = check(line(USER))
    assert prepared.deployable
    assert prepared.findings == ()
    assert [(element.id, element.type, element.line) for element in prepared.elements][:2] == [
        ("s", "startEvent", 2),
        ("a", "userTask", 2),
    ]
    assert prepared.primary == "p"


def test_a_model_that_is_not_executable_runs_with_a_warning() -> None:
    prepared = check(line(USER), executable=' isExecutable="false"')
    finding = only(prepared, "not-executable")
    assert (finding.severity, finding.element, finding.line) == ("warning", "p", 2)
    assert prepared.deployable


def test_a_process_without_activities_is_left_to_the_picture() -> None:
    prepared = check(line(USER), roots='<process id="partner"/>')
    assert only(prepared, "process-empty").element == "partner"
    assert [process.id for process in prepared.processes] == ["p"]


def test_a_file_without_any_process_is_refused() -> None:
    assert codes(prepare(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "x").findings) == [
        "no-process"
    ]


def test_flows_without_ids_keep_their_way() -> None:
    inside = '<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>'
    inside += '<sequenceFlow sourceRef="s" targetRef="a"/><sequenceFlow sourceRef="a" targetRef="e"/>'
    prepared = check(inside)
    assert prepared.deployable
    assert len([element for element in prepared.elements if element.type == "sequenceFlow"]) == 2


def test_two_elements_with_one_id_are_refused_with_both_places() -> None:
    prepared = check(line(USER + '\n<serviceTask id="a" name="Do"/>'))
    finding = only(prepared, "duplicate-id")
    assert (finding.severity, finding.element, finding.line) == ("error", "a", 3)
    assert "line 2" in finding.message


def test_a_dangling_flow_is_refused() -> None:
    finding = only(check(line(USER) + flows("a>gone")), "dangling-flow")
    assert (finding.severity, finding.element) == ("error", "a_gone")
    assert "'gone'" in finding.message


def test_a_flow_over_the_border_of_a_subprocess_is_refused() -> None:
    inner = '<subProcess id="a"><userTask id="b"/></subProcess>'
    assert only(check(line(inner) + flows("s>b")), "flow-crosses-border").element == "s_b"


def test_a_flow_declared_outside_its_subprocess_is_put_inside() -> None:
    inner = '<subProcess id="a"><startEvent id="x"/><endEvent id="y"/></subProcess>'
    prepared = check(line(inner) + flows("x>y"))
    assert prepared.deployable
    assert node(prepared, "x_y").getparent().get("id") == "a"  # type: ignore[union-attr]  # it is there, or the test fails


def test_a_boundary_event_on_nothing_is_refused() -> None:
    event = '<boundaryEvent id="b" attachedToRef="gone"><timerEventDefinition/></boundaryEvent>'
    assert only(check(line(USER) + event), "boundary-host-missing").severity == "error"


def test_a_boundary_event_without_trigger_never_happens() -> None:
    event = '<boundaryEvent id="b" attachedToRef="a"/><userTask id="c"/>' + flows("b>c")
    prepared = check(line(USER) + event)
    assert only(prepared, "boundary-without-trigger").element == "b"
    assert prepared.deployable


def test_a_missing_start_is_added_before_everything_that_nothing_leads_to() -> None:
    prepared = check(f'<userTask id="a"/><userTask id="b"/><endEvent id="e"/>{flows("a>e", "b>e")}')
    assert prepared.deployable
    finding = only(prepared, "start-added")
    assert (finding.element, finding.severity) == ("p", "warning")
    assert prepared.processes[0].plain_start


def test_a_path_without_end_event_ends() -> None:
    prepared = check('<startEvent id="s"/><userTask id="a"/>' + flows("s>a"))
    assert prepared.deployable
    assert only(prepared, "end-added").element == "a"
    assert "endEvent" not in {element.type for element in prepared.elements}


def test_a_subprocess_without_start_and_end_gets_both() -> None:
    prepared = check(line('<subProcess id="a"><userTask id="b"/></subProcess>'))
    assert prepared.deployable
    assert {"start-added", "end-added"} <= set(codes(prepared.findings))


def test_an_empty_subprocess_is_passed_with_a_warning() -> None:
    prepared = check(line('<subProcess id="a" name="Later"/>'))
    assert prepared.deployable
    assert only(prepared, "subprocess-empty").severity == "warning"


def test_several_flows_out_of_a_task_all_go_on() -> None:
    inside = line(USER) + '<userTask id="b"/>' + flows("a>b")
    prepared = check(inside)
    assert prepared.deployable
    assert only(prepared, "several-ways-out").element == "a"
    assert node(prepared, "a_b").get("sourceRef", "").startswith("_e_parallelGateway")
    assert node(prepared, node(prepared, "a_b").get("sourceRef", "")).get(own("synthetic")) == "true"


def test_conditional_flows_out_of_a_task_become_an_inclusive_gateway() -> None:
    inside = (
        '<startEvent id="s"/><userTask id="a" default="a_b"/><userTask id="b"/><userTask id="c"/>'
        + flows("s>a", "a>b")
        + '<sequenceFlow id="f" sourceRef="a" targetRef="c">'
        + "<conditionExpression>x &gt; 1</conditionExpression></sequenceFlow>"
    )
    prepared = check(inside)
    gateway = node(prepared, node(prepared, "f").get("sourceRef", ""))
    assert (gateway.tag, gateway.get("default")) == (tag("inclusiveGateway"), "a_b")
    assert prepared.deployable


@pytest.mark.parametrize("key", ["Start", "End", "p.EndJoin", "p"])
def test_ids_that_the_engine_uses_are_renamed_inside_only(key: str) -> None:
    prepared = check(line(f'<userTask id="{key}"/>', key))
    assert prepared.deployable
    assert key in {element.id for element in prepared.elements}
    assert node(prepared, f"{key}_drawn").get(own("id")) == key


def test_data_stores_are_named_and_left_out() -> None:
    prepared = check(line(USER) + '<dataStoreReference id="d" name="Archive"/><dataObject id="o"/>')
    finding = only(prepared, "data-not-executed")
    assert (finding.element, finding.severity) == ("d", "warning")
    assert b"dataStore" not in prepared.executable
    assert b"dataStore" in prepared.source


def test_the_name_of_the_pool_becomes_that_of_its_process() -> None:
    pool = '<collaboration id="k"><participant id="x" name="Claims" processRef="tns:p"/></collaboration>'
    assert check(line(USER), roots=pool).processes[0].name == "Claims"


def test_lanes_are_known_inside_subprocesses_too() -> None:
    lanes = '<laneSet><lane id="l" name="Service"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    prepared = check(lanes + line('<subProcess id="a"><userTask id="b"/></subProcess>'))
    assert {element.id: element.lane for element in prepared.elements}["b"] == "Service"
    assert prepared.processes[0].lanes == ("Service",)


def test_a_shared_event_definition_is_copied_to_its_event() -> None:
    event = (
        '<intermediateCatchEvent id="a"><eventDefinitionRef>tns:shared</eventDefinitionRef></intermediateCatchEvent>'
    )
    roots = '<signal id="g" name="Go"/><signalEventDefinition id="shared" signalRef="g"/>'
    prepared = check(line(event), roots=roots)
    assert prepared.deployable
    assert node(prepared, "a").find(tag("signalEventDefinition")) is not None


def test_a_missing_shared_event_definition_is_refused() -> None:
    event = '<intermediateCatchEvent id="a"><eventDefinitionRef>gone</eventDefinitionRef></intermediateCatchEvent>'
    assert only(check(line(event)), "event-definition-missing").element == "a"


def test_the_original_stays_byte_for_byte() -> None:
    source = model(line(USER)) + b"\n<!-- the end -->\n"
    assert prepare(source, "x").source == source


def test_vendor_markup_and_diagrams_are_gone_from_the_executable() -> None:
    prepared = check(
        line('<userTask id="a" camunda:assignee="ada"><extensionElements><camunda:x/></extensionElements></userTask>'),
        roots='<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"/>',
    )
    assert b"camunda" not in prepared.executable
    assert b"BPMNDiagram" not in prepared.executable


def test_a_called_process_that_is_not_there_is_a_warning() -> None:
    prepared = check(line('<callActivity id="a" calledElement="other"/>'))
    assert only(prepared, "callee-missing").severity == "warning"
    assert prepared.processes[0].calls == ("other",)
    assert prepared.deployable


def test_a_call_of_nothing_is_work_for_people_and_a_call_of_a_case_a_job() -> None:
    prepared = check(line('<callActivity id="a" name="Call"/>'))
    assert only(prepared, "call-without-target").severity == "warning"
    assert node(prepared, "a").tag == tag("userTask")
    case = check(line('<callActivity id="a" name="Call" camunda:caseRef="review"/>'))
    assert only(case, "case-needs-worker").severity == "warning"
    assert case.topics == ("case:review",)


def test_a_call_of_nothing_in_a_drawing_is_done_by_people() -> None:
    prepared = check(line('<callActivity id="a" name="Call"/>'), executable="")
    assert prepared.deployable
    assert only(prepared, "call-without-target").severity == "warning"
    assert node(prepared, "a").tag == tag("userTask")


def test_a_task_without_type_is_said_to_be_passed() -> None:
    assert only(check(line('<task id="a" name="Draw"/>')), "task-without-type").severity == "info"


def test_a_construct_that_the_run_side_does_not_know_is_refused_by_name() -> None:
    event = '<boundaryEvent id="b" attachedToRef="a"><terminateEventDefinition/></boundaryEvent>'
    prepared = check(line(USER) + event)
    assert not prepared.deployable
    assert any(finding.severity == "error" and finding.element == "b" for finding in prepared.findings)


def test_an_event_subprocess_that_nothing_starts_is_refused_in_a_model_that_is_meant_to_run() -> None:
    inner = '<subProcess id="h" triggeredByEvent="true"><startEvent id="x"/></subProcess>'
    finding = next(found for found in check(line(USER) + inner).findings if found.severity == "error")
    assert finding.code == "event-subprocess-without-event"
    prepared = check(line(USER) + inner, executable="")
    assert prepared.deployable
    assert only(prepared, "event-subprocess-without-event").element == "h"


def test_a_refusal_never_points_to_an_element_that_was_not_drawn() -> None:
    gateway = '<eventBasedGateway id="a"/><userTask id="b"/>' + flows("a>b")
    inside = '<startEvent id="s"/>' + gateway + flows("s>a")
    findings = [finding for finding in check(inside).findings if finding.severity == "error"]
    assert findings
    assert all(finding.element in ("a", "b") for finding in findings)


def test_what_nothing_leads_to_is_named() -> None:
    prepared = check(line(USER) + '<userTask id="b"/><endEvent id="f"/>' + flows("b>f"))
    assert prepared.deployable
    assert only(prepared, "never-reached").element == "b"


def test_a_node_where_none_can_be_is_refused() -> None:
    finding = only(check(line('<userTask id="a"><userTask id="b"/></userTask>')), "misplaced-element")
    assert (finding.element, finding.severity) == ("b", "error")
