"""Small marks of vendors: what the run side follows, and events of other engines that are refused."""

from bpm.engine.definitions.prepare import prepare
from bpm.engine.spiff import execution
from tests.engine.spiff.bench import NOON, flow

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"'
    ' id="d" targetNamespace="t"><process id="p" isExecutable="true"><startEvent id="s"/>'
)


def test_an_event_that_only_flowable_knows_is_refused_with_its_element() -> None:
    listener = '<extensionElements><flowable:variableListenerEventDefinition variableName="x"/></extensionElements>'
    body = f'<intermediateCatchEvent id="c">{listener}</intermediateCatchEvent>' + flow("s", "c")
    prepared = prepare(f"{HEAD}{body}</process></definitions>".encode(), "m.bpmn")
    assert [(f.code, f.element) for f in prepared.findings if f.severity == "error"] == [("event-of-other-engine", "c")]
    assert not prepared.deployable


def test_a_name_that_cannot_be_worked_out_is_shown_as_written_with_a_warning() -> None:
    body = '<userTask id="U" name="Check ${bean.call(1)}"/>' + flow("s", "U")
    prepared = prepare(f"{HEAD}{body}</process></definitions>".encode(), "m.bpmn")
    assert ("name-not-understood", "U") in [(f.code, f.element) for f in prepared.findings]
    assert prepared.deployable


def test_a_name_that_is_an_expression_of_the_event_itself_is_worked_out_when_it_is_waited_for() -> None:
    event = '<messageEventDefinition flowable:messageExpression="${topic}"/>'
    body = f'<intermediateCatchEvent id="c">{event}</intermediateCatchEvent>' + flow("s", "c")
    prepared = prepare(f"{HEAD}{body}</process></definitions>".encode(), "m.bpmn")
    assert prepared.compiled is not None
    step = execution.start(prepared.compiled, {"topic": "parcel"}, now=NOON)
    assert [row.event for row in step.subscriptions] == ["parcel"]


def test_whoever_starts_is_told_to_the_variable_that_the_model_names() -> None:
    head = HEAD.replace('<startEvent id="s"/>', '<startEvent id="s" flowable:initiator="boss"/>')
    body = '<userTask id="U" flowable:assignee="${boss}"/>' + flow("s", "U")
    prepared = prepare(f"{head}{body}</process></definitions>".encode(), "m.bpmn")
    assert prepared.compiled is not None
    by_ana = execution.start(prepared.compiled, {}, now=NOON, initiator="ana")
    by_nobody = execution.start(prepared.compiled, {}, now=NOON)
    assert [step.work_items[0].assignee for step in (by_ana, by_nobody)] == ["ana", None]
