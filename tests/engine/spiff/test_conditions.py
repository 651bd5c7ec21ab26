"""Wherever a condition is asked, it is true or false by its language, or a Failure that says what it came to."""

from typing import Any

import pytest

from bpm.engine.spiff import execution
from bpm.engine.spiff.step import SetVariables, Step
from tests.engine.bpmn.drawing import check, flows, line
from tests.engine.spiff.bench import NOON, Bench


def bench(inside: str, **variables: Any) -> Bench:
    prepared = check(inside)
    assert prepared.deployable, prepared.findings
    return Bench(prepared.executable, variables)


def condition(text: str, tag: str = "conditionExpression") -> str:
    return f'<{tag} xsi:type="tFormalExpression"><![CDATA[{text}]]></{tag}>'


def gateway(kind: str, text: str) -> str:
    ways = (
        f'<sequenceFlow id="g_a" sourceRef="g" targetRef="a">{condition(text)}</sequenceFlow>'
        '<sequenceFlow id="g_b" sourceRef="g" targetRef="b"/>'
    )
    return f'<startEvent id="s"/><{kind} id="g" default="g_b"/><userTask id="a"/><userTask id="b"/>{flows("s>g")}{ways}'


def looped(marker: str) -> str:
    return line(f'<userTask id="a">{marker}</userTask>')


def standard(text: str) -> str:
    inside = condition(text, "loopCondition")
    return looped(f'<standardLoopCharacteristics testBefore="true">{inside}</standardLoopCharacteristics>')


def multiple(text: str) -> str:
    inside = f"<loopCardinality>3</loopCardinality>{condition(text, 'completionCondition')}"
    return looped(f'<multiInstanceLoopCharacteristics isSequential="true">{inside}</multiInstanceLoopCharacteristics>')


def complex_gateway(text: str) -> str:
    inside = condition(text, "activationCondition")
    return (
        '<startEvent id="s"/><parallelGateway id="f"/><userTask id="x"/><userTask id="y"/><complexGateway id="g">'
        f'{inside}</complexGateway><userTask id="a"/>{flows("s>f", "f>x", "f>y", "x>g", "y>g", "g>a")}'
    )


def conditional_event(text: str) -> str:
    event = f"<conditionalEventDefinition>{condition(text, 'condition')}</conditionalEventDefinition>"
    return line(f'<intermediateCatchEvent id="a">{event}</intermediateCatchEvent>')


LANGUAGES = {"=x": "feel", "${x}": "juel", "x": "python"}
PLACES = {
    "exclusive gateway": lambda text: gateway("exclusiveGateway", text),
    "inclusive gateway": lambda text: gateway("inclusiveGateway", text),
    "flow out of a task": lambda text: gateway("task", text),
    "loop": standard,
    "completion of rounds": multiple,
    "complex gateway": complex_gateway,
    "conditional event": conditional_event,
}


def asked(place: str, text: str, value: Any) -> Step:
    if place == "conditional event":
        executable = check(conditional_event(text)).executable
        return execution.start(execution.compile_model(executable, "p"), {"x": value}, now=NOON)
    found = bench(PLACES[place](text), x=value)
    if place == "completion of rounds":
        found.complete("a")
    if place == "complex gateway":
        found.complete("x")
    return found.step


@pytest.mark.parametrize("text", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_a_text_is_never_true_whatever_it_says(place: str, text: str) -> None:
    step = asked(place, text, "no")
    assert [failure.cause for failure in step.failures] == ["expression"]
    assert f"came to the text 'no', not to true or false. (in: {text})" in step.failures[0].message


@pytest.mark.parametrize("text", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_null_is_not_true_in_feel_and_python_and_a_failure_in_juel(place: str, text: str) -> None:
    step = asked(place, text, None)
    failures = [failure.message for failure in step.failures]
    if LANGUAGES[text] != "juel":
        assert failures == []
        return
    assert "came to nothing (null), not to true or false" in failures[0]


@pytest.mark.parametrize(("text", "taken"), [("=missing", "b"), ('=missing = "X"', "b"), ("=not(missing)", "b")])
def test_a_missing_variable_is_null_in_feel_and_the_flow_is_not_taken(text: str, taken: str) -> None:
    found = bench(gateway("exclusiveGateway", text))
    assert list(found.open.values()) == [taken]


def test_the_step_says_which_condition_came_to_null() -> None:
    (note,) = bench(gateway("exclusiveGateway", "=not(paid)"), paid=None).step.notes
    assert (note.element, note.text) == ("g_a", "the condition =not(paid) came to nothing (null), which is not true")


FINE, PLAIN = "2026-03-02T09:00:00.123456789Z", "2026-03-02T09:00:00.123456000Z"


@pytest.mark.parametrize(("at", "is_said"), [(FINE, True), (PLAIN, False), ("order 9.1234567 of 12", False)])
def test_the_step_says_which_time_counts_nanoseconds(at: str, is_said: bool) -> None:
    notes = bench(gateway("exclusiveGateway", '=string(paid_at) != "" and not(other = paid_at)'), paid_at=at).step.notes
    assert [(note.element, "'" + at + "'" in note.text, "six digits" in note.text) for note in notes] == (
        [("g_a", True, True)] if is_said else []
    )


@pytest.mark.parametrize("value", [[1], {"a": 1}, 7])
def test_python_keeps_its_truth_for_what_is_no_text(value: Any) -> None:
    assert list(bench(gateway("exclusiveGateway", "x"), x=value).open.values()) == ["a"]
    failed = bench(gateway("exclusiveGateway", "=x"), x=value)
    assert len(failed.step.failures) == 1


def test_a_condition_that_was_saved_without_a_language_is_asked_as_before() -> None:
    executable = check(gateway("exclusiveGateway", "x")).executable.replace(b"python:x", b"x")
    assert list(Bench(executable, {"x": "no"}).open.values()) == ["a"]


def test_a_conditional_event_waits_until_what_it_is_about_is_there() -> None:
    for text in ("=order.paid", "${order.paid == true}", "order.paid"):
        found = bench(conditional_event(text))
        found.do(SetVariables({"order": {"paid": True}}))
        assert (found.step.failures, found.step.status) == ((), "completed")
