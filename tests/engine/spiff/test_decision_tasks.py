"""Tasks that decide: rules of the own version, inside the step, with the result in the shape that the dialect says."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.prepare import prepare
from bpm.engine.definitions.process_tests import run_cases
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Retry, SetVariables, Step
from tests.engine.bpmn.drawing import model
from tests.engine.decisions.drawing import NOW, Rows, definitions, table

ONE: Rows = [(["< 100"], ['"low"']), ([">= 100"], ['"high"'])]
TWO: Rows = [(["< 100"], ['"low"', "1"]), ([">= 100"], ['"high"', "2"])]
RISK = table(["amount"], ["risk"], ONE, identity="rate")
CAMUNDA = 'camunda:decisionRef="rate"'


def drawn(attributes: str, *, kind: str = "businessRuleTask", inside: str = "") -> bytes:
    """start -> task -> wait; the task decides."""
    return model(
        '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        f'<{kind} id="t" name="Rate it" {attributes}>{inside}</{kind}>'
        '<sequenceFlow id="f2" sourceRef="t" targetRef="w"/><userTask id="w"/>'
        '<sequenceFlow id="f3" sourceRef="w" targetRef="e"/><endEvent id="e"/>'
    )


def prepared(source: bytes, rules: str = RISK) -> Prepared:
    found = prepare(source, "m.bpmn", decisions={"rate.dmn": definitions(rules)})
    assert found.deployable, [finding.message for finding in found.findings]
    return found


def started(source: bytes, rules: str = RISK, **variables: Any) -> Step:
    found = prepared(source, rules)
    assert found.compiled is not None
    return execution.start(found.compiled, variables, now=NOW)


@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        (f'{CAMUNDA} camunda:resultVariable="risk" camunda:mapDecisionResult="singleEntry"', ""),
        (
            "",
            '<extensionElements><zeebe:calledDecision decisionId="rate" resultVariable="risk"/></extensionElements>',
        ),
        ('flowable:decisionTableReferenceKey="rate"', ""),
        (
            "",
            (
                '<extensionElements><flowable:field name="decisionTableReferenceKey"><flowable:string>rate'
                "</flowable:string></flowable:field></extensionElements>"
            ),
        ),
        (
            "",
            "<extensionElements><spiff:calledDecisionId>rate</spiff:calledDecisionId></extensionElements>",
        ),
    ],
)
def test_every_vendors_way_to_name_a_decision_decides_inside_the_step(attributes: str, inside: str) -> None:
    step = started(drawn(attributes, inside=inside), amount=250)
    assert step.variables == {"amount": 250, "risk": "high"}
    assert step.jobs == ()
    assert [item.element for item in step.work_items] == ["w"]
    assert [visit.element for visit in step.opened] == ["s", "t", "w"]


@pytest.mark.parametrize(
    ("mapping", "rules", "result"),
    [
        ("singleEntry", ONE, "low"),
        ("singleResult", TWO, {"risk": "low", "level": 1}),
        ("collectEntries", ONE, ["low"]),
        ("resultList", TWO, [{"risk": "low", "level": 1}]),
        ("", ONE, [{"risk": "low"}]),
    ],
)
def test_camundas_mappings_shape_the_result(mapping: str, rules: Rows, result: Any) -> None:
    said = f'camunda:mapDecisionResult="{mapping}"' if mapping else ""
    outputs = ["risk", "level"][: len(rules[0][1])]
    step = started(
        drawn(f'{CAMUNDA} camunda:resultVariable="r" {said}'),
        table(["amount"], outputs, rules, identity="rate"),
        amount=5,
    )
    assert step.variables["r"] == result


@pytest.mark.parametrize(
    ("policy", "variables"),
    [("UNIQUE", {"risk": "low", "level": 1}), ("COLLECT", {"rate": [{"risk": "low", "level": 1}]})],
)
def test_without_a_result_variable_the_outputs_are_variables(policy: str, variables: Mapping[str, Any]) -> None:
    rules = table(["amount"], ["risk", "level"], TWO, policy=policy, identity="rate")
    step = started(drawn('flowable:decisionTableReferenceKey="rate"'), rules, amount=5)
    assert step.variables == {"amount": 5, **variables}


def test_no_rule_gives_null_and_never_the_result_of_the_last_time() -> None:
    step = started(drawn('flowable:decisionTableReferenceKey="rate"'), risk="high", amount=None)
    assert step.variables == {"amount": None, "risk": None}


def _mapped(text: str) -> str:
    return (
        f'<extensionElements><camunda:inputOutput><camunda:outputParameter name="verdict">{text}'
        "</camunda:outputParameter></camunda:inputOutput></extensionElements>"
    )


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("${decisionResult}", [{"risk": "low"}]),
        ("${decisionResult.getSingleResult().risk}", "low"),
        ("${decisionResult.getFirstResult()}", {"risk": "low"}),
        ("${decisionResult.singleEntry}", "low"),
        ("${decisionResult.resultList}", [{"risk": "low"}]),
        ("${decisionResult[0].risk}", "low"),
    ],
)
def test_output_mappings_read_the_result_of_the_decision(text: str, verdict: Any) -> None:
    step = started(drawn(CAMUNDA, inside=_mapped(text)), amount=5)
    assert step.variables == {"amount": 5, "verdict": verdict}


def test_an_output_mapping_that_is_not_understood_is_refused_for_no_worker_will_do_it() -> None:
    source = drawn(CAMUNDA, inside=_mapped("${bean.weigh(decisionResult)}"))
    found = prepare(source, "m.bpmn", decisions={"rate.dmn": definitions(RISK)})
    assert [(finding.severity, finding.element) for finding in found.findings if "mapping" in finding.code] == [
        ("error", "t")
    ]


def test_an_expression_names_the_decision_when_the_task_is_reached() -> None:
    rules = RISK + table(["amount"], ["risk"], [(["-"], ['"none"'])], identity="other")
    source = drawn('camunda:decisionRef="${which}"')
    assert started(source, rules, amount=5, which="rate").variables["risk"] == "low"
    assert started(source, rules, amount=5, which="other").variables["risk"] == "none"
    (failure,) = started(source, rules, amount=5, which="unknown").failures
    assert "There is no decision 'unknown'" in failure.message


def test_a_broken_hit_policy_is_a_failure_that_names_the_rules_and_can_be_retried() -> None:
    found = prepared(drawn(CAMUNDA), table(["amount"], ["risk"], [(["> 1"], ["1"]), (["> 9"], ["2"])]))
    assert found.compiled is not None
    step = execution.start(found.compiled, {"amount": 50}, now=NOW)
    (failure,) = step.failures
    assert (failure.element, failure.cause) == ("t", "expression")
    assert "The decision 'Rate': Rules 1 and 2 hold together" in failure.message
    step = execution.advance(found.compiled, step.state, SetVariables({"amount": 5}), now=NOW)
    step = execution.advance(found.compiled, step.state, Retry(failure.uid), now=NOW + timedelta(hours=1))
    assert step.variables == {"amount": 5, "risk": 1}
    assert [item.element for item in step.work_items] == ["w"]


def test_a_decision_that_did_not_come_with_the_model_stays_a_job_and_is_named() -> None:
    found = prepare(drawn(CAMUNDA), "m.bpmn")
    assert [(each.code, each.severity, each.element) for each in found.findings if "decision" in each.code] == [
        ("decision-missing", "warning", "t")
    ]
    assert found.compiled is not None
    (job,) = execution.start(found.compiled, {"amount": 5}, now=NOW).jobs
    assert (job.kind, job.topic) == ("decision", "rate")


def test_a_slip_in_the_name_of_an_input_is_found_when_the_model_is_checked() -> None:
    form = (
        '<startEvent id="s"><extensionElements><camunda:formData><camunda:formField id="amount_due" type="long"/>'
        "</camunda:formData></extensionElements></startEvent>"
    )
    source = drawn(CAMUNDA).replace(b'<startEvent id="s"/>', form.encode())
    rules = table(["amountDue"], ["risk"], ONE, identity="rate")
    (finding,) = (each for each in prepared(source, rules).findings if each.code == "unknown-variable")
    assert (finding.element, finding.before) == ("t", "decision rate")
    assert "reads the variable 'amountDue'" in finding.message
    assert "'amount_due' is written" in finding.message


def test_the_rules_are_part_of_the_spec_and_only_of_models_that_use_them() -> None:
    one, two = (prepared(drawn(CAMUNDA), rules).compiled for rules in (RISK, RISK.replace("100", "200")))
    assert one is not None
    assert two is not None
    assert one.specs != two.specs
    plain = drawn("", kind="userTask")
    assert prepared(plain).compiled == prepare(plain, "m.bpmn").compiled


def test_required_decisions_travel_along() -> None:
    rules = table(["amount"], ["size"], [(["< 10"], ['"small"']), ([">= 10"], ['"big"'])], identity="size") + table(
        ["size"], ["risk"], [(['"small"'], ['"low"']), (['"big"'], ['"high"'])], requires=["size"]
    )
    assert started(drawn('flowable:decisionTableReferenceKey="rate"'), rules, amount=12).variables["risk"] == "high"


def test_a_model_may_ask_for_a_rule_that_holds() -> None:
    fields = "".join(
        f'<flowable:field name="{name}"><flowable:string><![CDATA[{text}]]></flowable:string></flowable:field>'
        for name, text in (("decisionTableReferenceKey", "rate"), ("decisionTaskThrowErrorOnNoHits", "true"))
    )
    source = drawn("", inside=f"<extensionElements>{fields}</extensionElements>")
    assert started(source, amount=5).variables["risk"] == "low"
    (failure,) = started(source, amount=None).failures
    assert failure.message.startswith("No rule of 'Rate' holds, and the model asks for one.")


def test_each_round_of_a_multi_instance_decides_for_its_own_item() -> None:
    source = drawn(
        'camunda:decisionRef="rate" camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry"',
        inside='<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="amounts"'
        ' camunda:elementVariable="amount"/>',
    )
    step = started(source, amounts=[5, 500, 7])
    assert [visit.element for visit in step.opened].count("t") == 3
    assert step.variables["r"] == "low"


def test_a_loop_of_decisions_ends_at_the_budget_of_the_step() -> None:
    source = model(
        '<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="g"/><exclusiveGateway id="g"/>'
        '<sequenceFlow id="f2" sourceRef="g" targetRef="t"/><businessRuleTask id="t" camunda:decisionRef="rate"/>'
        '<sequenceFlow id="f3" sourceRef="t" targetRef="g"/>'
    )
    (failure,) = started(source, amount=5).failures
    assert failure.cause == "budget"


def test_process_tests_know_decisions_of_their_files_and_test_them_as_tables() -> None:
    files = {"m.bpmn": drawn('flowable:decisionTableReferenceKey="rate"'), "rate.dmn": definitions(RISK)}
    row = {"inputs": {"amount": 5}, "expect": "low"}
    wrong = {"inputs": {"amount": 5}, "expect": "high"}
    steps = [{"do": "start", "vars": {"amount": 250}}, {"expect": {"open": ["w"], "vars": {"risk": "high"}}}]
    cases = [
        {"id": "run", "files": [*files], "process": "p", "steps": steps},
        {"id": "rows", "files": [*files], "decision": "rate", "rows": [row, {**row, "rules": [1]}]},
        {"id": "red", "files": [*files], "decision": "rate", "rows": [row, wrong]},
        {"id": "rule", "files": [*files], "decision": "rate", "rows": [{**row, "rules": [2]}]},
        {"id": "other", "files": [*files], "decision": "other", "rows": [row]},
        {"id": "odd", "files": [*files], "decision": "rate", "rows": 7},
    ]
    results = {each.id: each for each in run_cases(cases, files.__getitem__)}
    assert {name: each.outcome for name, each in results.items()} == {
        "run": "pass", "rows": "pass", "red": "wrong", "rule": "wrong", "other": "error", "odd": "error",
    }  # fmt: skip
    assert results["red"].detail == "row 2: 'low' instead of 'high'"


def test_the_record_says_that_a_value_came_which_the_column_does_not_take() -> None:
    rules = RISK.replace("</inputExpression>", "</inputExpression><inputValues><text>[0..500]</text></inputValues>")
    (note,) = started(drawn(CAMUNDA), rules, amount=700).notes
    assert note.element == "t"
    assert all(part in note.text for part in ("Rate", "'amount'", "[0..500]", "700"))
    assert started(drawn(CAMUNDA), rules, amount=70).notes == ()
