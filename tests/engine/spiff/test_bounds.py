"""Budgets: what would run for ever, or into the memory's end, stops as a Failure within about a second."""

import tracemalloc
from itertools import count

import pytest

from bpm.engine.spiff.runtime.limits import Limits
from bpm.engine.spiff.step import JobDone, Retry
from tests.engine.spiff.bench import Bench, flow, model

ENDLESS = model(
    '<startEvent id="s"/><exclusiveGateway id="a"/><exclusiveGateway id="b"/><endEvent id="e"/>'
    + flow("s", "a") + flow("a", "b") + flow("b", "a", "1 == 1") + flow("b", "e", "1 == 2")
)  # fmt: skip
ENDLESS_JOBS = model(
    '<startEvent id="s"/><exclusiveGateway id="a"/><serviceTask id="J"/><endEvent id="e"/>'
    + flow("s", "a") + flow("a", "J") + flow("J", "a")
)  # fmt: skip


def doubling(levels: int) -> bytes:
    body = '<startEvent id="s"/><endEvent id="e"/>'
    before = "s"
    for level in range(levels):
        body += f'<parallelGateway id="f{level}"/><exclusiveGateway id="m{level}"/>'
        body += f'<task id="a{level}"/><task id="b{level}"/>'
        body += flow(before, f"f{level}") + flow(f"f{level}", f"a{level}") + flow(f"f{level}", f"b{level}")
        body += flow(f"a{level}", f"m{level}") + flow(f"b{level}", f"m{level}")
        before = f"m{level}"
    return model(body + flow(before, "e"))


@pytest.mark.parametrize("executable", [ENDLESS, doubling(18)], ids=["endless loop", "eighteen splits"])
def test_what_never_ends_becomes_a_budget_failure_soon_and_in_little_memory(executable: bytes) -> None:
    tracemalloc.start()
    bench = Bench(executable, limits=Limits(runs=10_000))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [failure.cause for failure in bench.step.failures] == ["budget"]
    assert bench.step.status == "failed"
    assert peak < 60 * 2**20


FORK = (
    '<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="g" name="Both"/><userTask id="U"/>'
    + flow("s", "m") + flow("m", "g") + flow("g", "m") + flow("g", "U")
)  # fmt: skip
SEVERAL_WAYS_OUT = (
    '<startEvent id="s"/><exclusiveGateway id="m"/><task id="g"/><userTask id="U"/>'
    + flow("s", "m") + flow("m", "g") + flow("g", "m") + flow("g", "U", "1 == 1")
)  # fmt: skip
INSTANCES = (
    '<startEvent id="s"/><task id="I"><multiInstanceLoopCharacteristics><loopCardinality>9</loopCardinality>'
    "</multiInstanceLoopCharacteristics></task>"
    '<subProcess id="M"><multiInstanceLoopCharacteristics><loopCardinality>60</loopCardinality>'
    '</multiInstanceLoopCharacteristics><startEvent id="t"/><userTask id="U"/>' + flow("t", "U") + "</subProcess>"
    + flow("s", "I") + flow("I", "M")
)  # fmt: skip
SAID_AGAIN = (
    '<startEvent id="s"/><subProcess id="P"><startEvent id="t"/><exclusiveGateway id="m"/>'
    '<intermediateThrowEvent id="x"><escalationEventDefinition escalationRef="E"/></intermediateThrowEvent>'
    + flow("t", "m") + flow("m", "x") + flow("x", "m") + '</subProcess><userTask id="U"/>'
    '<boundaryEvent id="b" attachedToRef="P" cancelActivity="false"><escalationEventDefinition escalationRef="E"/>'
    "</boundaryEvent>" + flow("s", "P") + flow("b", "U")
)  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind", "element"),
    [
        (FORK, "parallelGateway", "g, “Both”"),
        (SEVERAL_WAYS_OUT, "task", "g"),
        (INSTANCES, "subProcess", "M"),
        (SAID_AGAIN, "boundaryEvent", "b"),
    ],
    ids=["a gateway in a loop", "a task with two ways out", "many instances", "a boundary event told in a loop"],
)
def test_too_many_tokens_name_the_element_that_multiplied_them(body: str, kind: str, element: str) -> None:
    bench = Bench(model(body, roots='<escalation id="E" escalationCode="e"/>'), limits=Limits(tokens=100))
    (failure,) = bench.step.failures
    assert failure.cause == "budget"
    assert f"More than 100 tokens at once: the {kind} {element} multiplied them" in failure.message
    assert "loop without" not in failure.message


def test_a_split_that_spends_the_runs_first_is_named_all_the_same() -> None:
    (failure,) = Bench(model(FORK), limits=Limits(runs=1000)).step.failures
    assert "Still running after 1000 elements: the parallelGateway g, “Both” multiplied them" in failure.message


def test_a_loop_that_never_splits_is_called_a_loop() -> None:
    (failure,) = Bench(ENDLESS, limits=Limits(runs=1000)).step.failures
    assert failure.message == (
        "Still running after 1000 elements. Look for a loop without a waiting element such as a user task or a timer."
    )


def test_a_budget_stops_by_time_at_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at the clock finds it half a second on: after a few looks the two seconds are over."""
    looks = count()
    monkeypatch.setattr("bpm.engine.spiff.runtime.workflow.perf_counter", lambda: next(looks) / 2)
    assert Bench(ENDLESS, limits=Limits(runs=10**9)).step.failures[0].cause == "budget"
    assert next(looks) < 10


def test_retrying_after_a_spent_budget_goes_on_and_stops_again() -> None:
    bench = Bench(ENDLESS, limits=Limits(runs=100))
    (failure,) = bench.step.failures
    again = bench.do(Retry(failure.uid))
    assert [failure.cause for failure in again.failures] == ["budget"]


def test_nothing_runs_while_a_budget_failure_is_open() -> None:
    bench = Bench(doubling(8), limits=Limits(runs=300))
    opened = len(bench.visits)
    assert bench.step.failures[0].cause == "budget"
    bench.do(Retry(bench.step.failures[0].uid))
    assert len(bench.visits) > opened


def test_a_loop_of_jobs_is_counted_over_steps() -> None:
    bench = Bench(ENDLESS_JOBS, limits=Limits(jobs=20))
    rounds = 0
    while bench.jobs:
        bench.do(JobDone(next(iter(bench.jobs))))
        rounds += 1
        assert rounds < 100
    assert bench.step.failures[0].cause == "budget"
    assert rounds == 20
    bench.do(Retry(bench.step.failures[0].uid))
    assert list(bench.jobs.values()) == ["J"]


def test_a_loop_of_jobs_that_waits_for_people_in_between_is_never_stopped() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="a"/><serviceTask id="J"/><userTask id="U"/>'
            + flow("s", "a") + flow("a", "J") + flow("J", "U") + flow("U", "a")
        ),
        limits=Limits(jobs=3),
    )  # fmt: skip
    for _ in range(10):
        bench.job_done("J")
        bench.complete("U")
    assert bench.step.status == "active"


def test_a_billion_instances_are_refused_before_the_first() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><task id="A"><multiInstanceLoopCharacteristics>'
            '<loopCardinality>10**9</loopCardinality></multiInstanceLoopCharacteristics></task><endEvent id="e"/>'
            + flow("s", "A")
            + flow("A", "e")
        )
    )
    assert [failure.cause for failure in bench.step.failures] == ["budget"]
    assert bench.completed["A"] == 0


def test_a_process_that_calls_itself_stops_at_the_depth_limit() -> None:
    bench = Bench(model('<startEvent id="s"/><callActivity id="C" calledElement="p"/>' + flow("s", "C")))
    assert [failure.cause for failure in bench.step.failures] == ["budget"]
    assert bench.completed["s"] <= 101


def test_a_thousand_elements_in_a_row_run() -> None:
    body = '<startEvent id="t0"/>' + "".join(f'<task id="t{i}"/>' for i in range(1, 1000)) + '<endEvent id="e"/>'
    body += "".join(flow(f"t{i}", f"t{i + 1}") for i in range(999)) + flow("t999", "e")
    assert Bench(model(body)).step.status == "completed"


def test_an_expression_over_budget_is_a_failure_of_its_gateway() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="e"/>'
            + flow("s", "g") + flow("g", "e", "sum(range(10**12)) &gt; 0") + flow("g", "s", "True")
        )
    )  # fmt: skip
    (failure,) = bench.step.failures
    assert (failure.element, failure.cause) == ("g", "expression")
