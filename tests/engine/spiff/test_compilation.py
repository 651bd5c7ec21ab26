"""Compiling the executable XML: what cannot be compiled is named, chains and nesting of any length are."""

import pytest

from bpm.engine.spiff import compilation, execution
from bpm.foundation.errors import InvalidInputError
from tests.engine.spiff.bench import NOON, Bench, flow, model

TASK = '<startEvent id="s"/><userTask id="A" name="Ask"/>' + flow("s", "A")


@pytest.mark.parametrize(
    ("executable", "named"),
    [
        (b"<no", "no XML"),
        (model(TASK + flow("A", "gone")), "'gone'"),
        (model(TASK + '<task id="A"/>'), "'A'"),
        (model(TASK).replace(b"</definitions>", b'<process id="p"/></definitions>'), "p"),
    ],
    ids=["not xml", "flow to nothing", "id twice", "process twice"],
)
def test_what_cannot_be_compiled_is_named(executable: bytes, named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        compilation.compile_specs(executable)


def test_a_doctype_is_never_resolved() -> None:
    source = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + model(TASK).replace(b"Ask", b"&x;")
    with pytest.raises(InvalidInputError, match="external entity"):
        compilation.compile_specs(source)


def test_an_element_has_the_lane_of_the_subprocess_around_it() -> None:
    lanes = '<laneSet><lane id="l" name="Service"><flowNodeRef>S</flowNodeRef></lane></laneSet>'
    inner = f'<subProcess id="S"><startEvent id="s2"/><userTask id="B"/>{flow("s2", "B")}</subProcess>'
    bench = Bench(model(lanes + '<startEvent id="s"/>' + inner + flow("s", "S")))
    assert [(item.lane, item.group) for item in bench.step.work_items] == [("Service", "Service")]


def test_forty_subprocesses_inside_each_other_run_to_the_end() -> None:
    body = '<userTask id="U"/>'
    inner = "U"
    for n in range(40):
        body = f'<subProcess id="P{n}"><startEvent id="s{n}"/>{body}{flow(f"s{n}", inner)}</subProcess>'
        inner = f"P{n}"
    bench = Bench(model('<startEvent id="s"/>' + body + flow("s", inner)))
    assert bench.complete("U").status == "completed"


def test_a_called_process_may_come_from_another_file() -> None:
    caller = model('<startEvent id="s"/><callActivity id="C" calledElement="q"/>' + flow("s", "C"))
    compiled = execution.compile_model(caller, "p", others={"q": model(TASK, process="q")})
    assert set(compiled.specs) == {"p", "q"}
    assert [item.element for item in execution.start(compiled, {}, now=NOON).work_items] == ["A"]


def test_elements_of_two_files_may_have_the_same_ids() -> None:
    called = model('<startEvent id="s"/><userTask id="C"/>' + flow("s", "C"), process="q")
    caller = model('<startEvent id="s"/><callActivity id="C" calledElement="q"/>' + flow("s", "C"))
    compiled = execution.compile_model(caller, "p", others={"q": called})
    step = execution.start(compiled, {}, now=NOON)
    assert [visit.type for visit in step.opened if visit.element == "C"] == ["callActivity", "userTask"]


def test_a_process_started_at_an_event_begins_there() -> None:
    executable = model(
        TASK
        + '<startEvent id="m"><messageEventDefinition messageRef="M"/></startEvent><userTask id="B"/>'
        + flow("m", "B"),
        roots='<message id="M" name="m"/>',
    )
    compiled = execution.compile_model(executable, "p")
    step = execution.start(compiled, {}, now=NOON, element="m", payload={"who": "anna"})
    assert ([item.element for item in step.work_items], step.variables) == (["B"], {"who": "anna"})
    with pytest.raises(InvalidInputError, match="no start event 'nowhere'"):
        execution.start(compiled, {}, now=NOON, element="nowhere")
