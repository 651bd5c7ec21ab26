"""Variables that nothing in a model writes are named: what its start has to bring, and what is only misspelt."""

import pytest

from tests.engine.bpmn.drawing import check, codes, flows, line, only

FORM = (
    '<userTask id="a" name="Ask"><extensionElements><camunda:formData><camunda:formField id="amount" type="long"/>'
    '<camunda:formField id="customer1" type="string"/></camunda:formData></extensionElements></userTask>'
)


REPEATED = '<multiInstanceLoopCharacteristics camunda:collection="[1]" camunda:elementVariable="total"/>'
MAPPED = '<zeebe:ioMapping><zeebe:output source="=1" target="total"/></zeebe:ioMapping>'


def _reading(text: str, before: str = FORM) -> str:
    return (
        f'<startEvent id="s"/>{before}\n<exclusiveGateway id="g" default="no"/><task id="x"/><task id="y"/>'
        f'<sequenceFlow id="yes" sourceRef="g" targetRef="x"><conditionExpression>{text}</conditionExpression>'
        '</sequenceFlow><sequenceFlow id="no" sourceRef="g" targetRef="y"/>' + flows("s>a", "a>g")
    )


@pytest.mark.parametrize("slip", ["amuont", "ammount", "Amount", "amouny"])
def test_a_slip_of_a_written_name_is_a_warning_at_what_reads_it(slip: str) -> None:
    prepared = check(_reading(f"{slip} > 3"))
    assert prepared.deployable
    finding = only(prepared, "unknown-variable")
    assert (finding.severity, finding.element, finding.line) == ("warning", "yes", 3)
    assert slip in finding.message
    assert "amount" in finding.remedy
    assert "variables-expected" not in codes(prepared.findings)


@pytest.mark.parametrize("name", ["amount", "customer1"])
def test_what_a_form_writes_is_known(name: str) -> None:
    assert not {"unknown-variable", "variables-expected"} & set(codes(check(_reading(f"{name} == 3")).findings))


@pytest.mark.parametrize("name", ["customer2", "total", "amounts2"])
def test_another_name_is_expected_from_outside_and_no_alarm(name: str) -> None:
    prepared = check(_reading(f"{name} == 3"))
    assert "unknown-variable" not in codes(prepared.findings)
    finding = only(prepared, "variables-expected")
    assert (finding.severity, finding.element, finding.after) == ("info", "p", name)


@pytest.mark.parametrize(
    "writer",
    [
        '<scriptTask id="a" scriptFormat="python"><script>total = 1\nfor i in [1]:\n    sub = i</script></scriptTask>',
        '<serviceTask id="a" camunda:resultVariable="total"/>',
        f'<userTask id="a"><extensionElements>{MAPPED}</extensionElements></userTask>',
        f'<userTask id="a">{REPEATED}</userTask>',
    ],
)
def test_mappings_results_scripts_and_loops_write_too(writer: str) -> None:
    assert "variables-expected" not in codes(check(_reading("total == 1", writer)).findings)


def test_a_script_expects_what_it_reads_and_does_not_bind() -> None:
    source = "import json\ndef f(n):\n    return n + rate\ntotal = len(json.dumps(order)) + f(1)"
    script = f'<scriptTask id="a" scriptFormat="python"><script>{source}</script></scriptTask>'
    assert only(check(line(script)), "variables-expected").after == "order, rate"


def test_what_the_engine_gives_is_known() -> None:
    loop = (
        '<userTask id="a"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><completionCondition>'
        "nrOfCompletedInstances == loopCounter</completionCondition></multiInstanceLoopCharacteristics></userTask>"
    )
    assert "variables-expected" not in codes(check(line(loop)).findings)


def test_a_condition_that_reads_what_nothing_writes_is_named_at_its_flow() -> None:
    inside = (
        '<startEvent id="s"/><exclusiveGateway id="g" default="f2"/><userTask id="a"/><userTask id="b"/>'
        '<sequenceFlow id="f0" sourceRef="s" targetRef="g"/><sequenceFlow id="f1" sourceRef="g" targetRef="a">'
        "<conditionExpression>${amount > 100}</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="f2" sourceRef="g" targetRef="b"/>'
    )
    finding = only(check(inside), "condition-reads-unwritten")
    assert (finding.severity, finding.element) == ("warning", "f1")
    assert "'amount'" in finding.message
    assert "in a form" in finding.remedy
    field = '<camunda:formData><camunda:formField id="amount" type="long"/></camunda:formData>'
    asked = f'<startEvent id="s"><extensionElements>{field}</extensionElements></startEvent>'
    written = inside.replace('<startEvent id="s"/>', asked)
    assert "condition-reads-unwritten" not in codes(check(written).findings)
