"""A file with several processes: what is a drawing is displayed, what is meant to run is what the file is about."""

import pytest

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.prepare import prepare
from bpm.engine.definitions.process_tests import CaseResult, run_cases
from tests.engine.bpmn.drawing import _OPEN, codes, flows, only

RUNS, DRAWN, UNSAID = ' isExecutable="true"', ' isExecutable="false"', ""
ANY_CONDITION = "<conditionExpression>as the customer likes it</conditionExpression>"


def process(key: str, mark: str, *, start: str = "", task: str = "userTask", more: str = "") -> str:
    """A process with the elements s, t and e, each with the process's id before it."""
    return (
        f'<process id="{key}"{mark}><startEvent id="{key}_s">{start}</startEvent><{task} id="{key}_t"{more}/>'
        f'<endEvent id="{key}_e"/>{flows(f"{key}_s>{key}_t", f"{key}_t>{key}_e")}</process>'
    )


def file(*processes: str) -> bytes:
    return f'{_OPEN}<message id="m" name="paid"/>{"".join(processes)}</definitions>'.encode()


def read(*processes: str) -> Prepared:
    return prepare(file(*processes), "several.bpmn")


def play(source: bytes, *steps: dict[str, object], process: str | None = None) -> CaseResult:
    case = {"id": "case", "files": ["inline"], "steps": list(steps), **({"process": process} if process else {})}
    (result,) = run_cases([case], lambda _name: source)
    return result


@pytest.mark.parametrize("other", [RUNS, UNSAID])
@pytest.mark.parametrize("first", ["drawing", "process"])
def test_a_drawing_beside_a_process_that_is_none_never_runs(other: str, first: str) -> None:
    both = [process("sketch", DRAWN), process("order", other)]
    prepared = read(*(both if first == "drawing" else both[::-1]))
    assert prepared.deployable
    assert prepared.primary == "order"
    assert [each.id for each in prepared.processes] == ["order"]
    finding = only(prepared, "drawing-beside")
    assert (finding.severity, finding.element) == ("warning", "sketch")
    assert "isExecutable" in finding.remedy


def test_a_drawing_with_a_plain_start_gives_way_to_a_process_that_a_message_starts() -> None:
    prepared = read(process("sketch", DRAWN), process("order", RUNS, start='<messageEventDefinition messageRef="m"/>'))
    assert prepared.primary == "order"


def test_a_process_marked_as_executable_comes_before_one_without_a_mark() -> None:
    prepared = read(process("first", UNSAID), process("second", RUNS))
    assert prepared.primary == "second"
    assert {each.id for each in prepared.processes} == {"first", "second"}


def test_drawings_alone_are_run_all_the_same() -> None:
    prepared = read(process("one", DRAWN), process("two", DRAWN))
    assert prepared.primary == "one"
    assert [each.id for each in prepared.processes] == ["one", "two"]
    assert codes(prepared.findings).count("not-executable") == 2


def test_prose_in_a_drawing_is_no_fault_of_the_process_beside_it() -> None:
    prose = (
        '<process id="sketch" isExecutable="false"><startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/>'
        '<task id="b"/><sequenceFlow id="f0" sourceRef="s" targetRef="g"/><sequenceFlow id="f1" sourceRef="g"'
        f' targetRef="a">{ANY_CONDITION}</sequenceFlow><sequenceFlow id="f2" sourceRef="g" targetRef="b"/></process>'
    )
    assert codes(read(process("order", RUNS), prose).findings) == ["drawing-beside"]


def test_a_message_starts_no_drawing() -> None:
    by_message = '<messageEventDefinition messageRef="m"/>'
    source = file(process("sketch", DRAWN, start=by_message), process("order", RUNS))
    result = play(
        source, {"do": "start"}, {"do": "message", "name": "paid"}, {"expect": {"open": ["order_t"]}},
        {"expect": {"ran": [{"elements": ["sketch_s"], "times": 0}]}},
    )  # fmt: skip
    assert (result.outcome, result.detail) == ("pass", "")


def test_a_drawing_that_is_called_runs_there_and_nowhere_else() -> None:
    by_message = '<messageEventDefinition messageRef="m"/>'
    source = file(
        process("order", RUNS, task="callActivity", more=' calledElement="part"'),
        process("part", DRAWN),
        process("other", DRAWN, start=by_message),
    )
    prepared = prepare(source, "several.bpmn")
    assert {each.id: each.offered for each in prepared.processes} == {"order": True, "part": False}
    assert codes(prepared.findings).count("drawing-beside") == 2
    result = play(source, {"do": "start"}, {"expect": {"open": ["part_t"]}})
    assert (result.outcome, result.detail) == ("pass", "")


def test_each_executable_process_is_started_by_its_id() -> None:
    source = file(process("order", RUNS), process("refund", RUNS))
    for key in ("order", "refund"):
        result = play(source, {"do": "start", "process": key}, {"expect": {"open": [f"{key}_t"]}})
        assert (result.outcome, result.detail) == ("pass", "")


def test_a_case_that_starts_a_drawing_is_told_what_there_is() -> None:
    result = play(file(process("sketch", DRAWN), process("order", RUNS)), {"do": "start", "process": "sketch"})
    assert result.outcome == "wrong"
    assert "no process sketch" in result.detail
    assert "order" in result.detail
