"""XML has two spellings for each truth value, and white space means nothing: every one of them is read."""

import pytest

from bpm.engine.bpmn.booleans import boolean
from tests.engine.bpmn.drawing import check, codes, flows, line, node, only
from tests.engine.bpmn.steps import opened, passes, start

MESSAGE = '<message id="m" name="m"/>'
TRUE, FALSE = ("true", "1", " true ", "\n1\t", "True"), ("false", "0", " false ", "FALSE")


def _event_subprocess(triggered: str, interrupting: str) -> str:
    return (
        f'<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>{flows("s>t", "t>e")}'
        f'<subProcess id="x" triggeredByEvent="{triggered}"><startEvent id="xs" isInterrupting="{interrupting}">'
        f'<messageEventDefinition messageRef="m"/></startEvent><userTask id="h"/><endEvent id="xe"/>'
        f"{flows('xs>h', 'h>xe')}</subProcess>"
    )


@pytest.mark.parametrize("text", TRUE)
def test_every_spelling_of_true_is_true(text: str) -> None:
    assert boolean(text) is True


@pytest.mark.parametrize("text", FALSE)
def test_every_spelling_of_false_is_false(text: str) -> None:
    assert boolean(text) is False


@pytest.mark.parametrize("text", [None, "", "yes", "2", "truefalse"])
def test_anything_else_is_neither(text: str | None) -> None:
    assert boolean(text) is None


@pytest.mark.parametrize(("interrupting", "left"), [("0", ["t", "h"]), (" 1", ["h"]), ("false ", ["t", "h"])])
def test_an_event_subprocess_is_one_however_its_truth_values_are_spelt(interrupting: str, left: list[str]) -> None:
    message = {"do": "message", "name": "m"}
    passes(_event_subprocess("1", interrupting), start(), message, opened(*left), roots=MESSAGE)


def test_a_boundary_event_that_does_not_cancel_leaves_its_task_open() -> None:
    boundary = '<boundaryEvent id="b" attachedToRef="a" cancelActivity="0"><messageEventDefinition messageRef="m"/>'
    inside = line('<userTask id="a"/>') + f'{boundary}</boundaryEvent><userTask id="u"/>{flows("b>u")}'
    passes(inside, start(), {"do": "message", "name": "m"}, opened("a", "u"), roots=MESSAGE)


def test_a_sequential_multi_instance_gives_one_task_at_a_time() -> None:
    loop = '<multiInstanceLoopCharacteristics isSequential="1"><loopCardinality>3</loopCardinality>'
    passes(line(f'<userTask id="a">{loop}</multiInstanceLoopCharacteristics></userTask>'), start(), opened("a"))


def test_a_vendors_truth_values_have_all_spellings_too() -> None:
    task = (
        '<userTask id="a"><extensionElements><flowable:formProperty id="x" name="X" required="1" writable="0"/>'
        "</extensionElements></userTask>"
    )
    form = check(line(task)).extra["forms"]["a"]
    assert form["required"] == ["x"]
    assert form["properties"]["x"]["readOnly"]


@pytest.mark.parametrize("text", ["1", " true"])
def test_a_process_that_says_so_in_another_spelling_is_meant_to_run(text: str) -> None:
    prepared = check(line('<userTask id="a"/>'), executable=f' isExecutable="{text}"')
    assert "not-executable" not in codes(prepared.findings)
    assert node(prepared, "p").get("isExecutable") == "true"


@pytest.mark.parametrize("text", ["0", " false "])
def test_a_process_that_is_not_executable_is_named_in_any_spelling(text: str) -> None:
    prepared = check(line('<userTask id="a"/>'), executable=f' isExecutable="{text}"')
    assert only(prepared, "not-executable").element == "p"


def test_a_word_that_is_no_truth_value_is_named() -> None:
    inside = line('<userTask id="a" isForCompensation="nope"/>')
    assert 'isForCompensation="nope"' in only(check(inside), "truth-value-not-understood").before
