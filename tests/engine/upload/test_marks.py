"""Small marks of vendors: what the run side follows, and events of other engines that are refused."""

from bpm.engine.spiff.prepare import prepare
from tests.engine.run.bench import flow

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
