"""What is saved: small, flat, the same after loading, and read by any process that has the specs."""

import sys
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from bpm.engine.spiff import execution, store
from bpm.engine.spiff.step import Complete, FireTimers, Retry
from bpm.foundation.errors import ConflictError, EngineError, InvalidInputError
from tests.engine.spiff.bench import Bench, flow, model

LOOP = model(
    '<startEvent id="s"/><userTask id="U"/><exclusiveGateway id="g" default="g_e"/><endEvent id="e"/>'
    + flow("s", "U") + flow("U", "g") + flow("g", "U", "i &lt; n") + flow("g", "e")
)  # fmt: skip


def test_five_thousand_rounds_end_right_and_the_state_does_not_grow() -> None:
    bench = Bench(LOOP)
    sizes = []
    for i in range(1, 5001):
        step = bench.complete("U", i=i, n=5000)
        sizes.append(len(step.state))
    assert step.status == "completed"
    assert bench.completed["U"] == 5000
    assert max(sizes[10:-1]) <= sizes[9] + 16


def calls_of(do: Callable[[], object]) -> int:
    """How many function calls `do` makes: what it costs, whatever else the machine does."""
    calls = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    return calls


def test_a_step_at_round_1000_costs_what_a_step_at_round_10_costs() -> None:
    bench = Bench(LOOP)
    cost = [calls_of(lambda i=i: bench.complete("U", i=i, n=5000)) for i in range(1, 1002)]
    assert cost[1000] <= 1.02 * cost[10]


def test_the_same_commands_with_the_same_uids_give_the_same_step() -> None:
    def run() -> list[object]:
        numbers = iter(range(1, 1000))
        bench = Bench(LOOP, new_uid=lambda: UUID(int=next(numbers)))
        return [bench.step.opened, bench.complete("U", i=1, n=2).opened]

    assert run() == run()


def test_a_uid_is_32_hex_digits() -> None:
    bench = Bench(LOOP)
    assert all(len(uid) == 32 and int(uid, 16) for uid in bench.visits)


def test_a_spec_has_the_same_hash_whenever_it_is_compiled() -> None:
    first, second = execution.compile_model(LOOP, "p"), execution.compile_model(LOOP, "p")
    assert first.specs == second.specs


def test_another_process_loads_the_specs_it_does_not_have_by_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(LOOP)
    blobs, stripped = bench.compiled.blobs, type(bench.compiled)("p", bench.compiled.specs)
    monkeypatch.setattr(execution, "_CACHE", store.SpecCache())
    assert execution.missing_specs(stripped) == list(bench.compiled.specs.values())
    bench.compiled = stripped
    with pytest.raises(EngineError, match="not loaded"):
        bench.complete("U", i=1, n=1)
    execution.load_specs(blobs)
    assert execution.missing_specs(stripped) == []
    assert bench.complete("U", i=1, n=1).status == "completed"


def test_a_loaded_spec_is_the_compiled_one() -> None:
    compiled = execution.compile_model(LOOP, "p")
    for spec_hash, blob in compiled.blobs.items():
        assert store.dump_spec(store.load_spec(blob)) == (spec_hash, blob)


def test_a_work_item_that_was_completed_cannot_be_completed_again() -> None:
    bench = Bench(LOOP)
    uid = bench.uid(bench.open, "U")
    bench.complete("U", i=1, n=2)
    with pytest.raises(ConflictError):
        bench.do(Complete(uid))


@pytest.mark.parametrize("uid", ["", "nonsense", "0" * 32])
def test_a_uid_that_never_was_is_a_conflict(uid: str) -> None:
    with pytest.raises(ConflictError):
        Bench(LOOP).do(Complete(uid))


def test_retrying_what_has_not_failed_is_a_conflict() -> None:
    bench = Bench(LOOP)
    with pytest.raises(ConflictError):
        bench.do(Retry(bench.uid(bench.open, "U")))


def test_a_model_without_that_process_is_refused_with_the_names_it_has() -> None:
    with pytest.raises(InvalidInputError, match="It has: p"):
        execution.compile_model(LOOP, "q")


def test_armed_timers_survive_saving_and_fire_once() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="A"/><boundaryEvent id="b" attachedToRef="A" cancelActivity="false">'
            "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
            '<userTask id="B"/><endEvent id="e"/>' + flow("s", "A") + flow("A", "e") + flow("b", "B") + flow("B", "e")
        )
    )
    bench.do(FireTimers(), after=timedelta(minutes=59))
    assert bench.tasks == ["A"]
    bench.do(FireTimers(), after=timedelta(minutes=1))
    bench.do(FireTimers(), after=timedelta(hours=9))
    assert bench.tasks == ["A", "B"]


def test_a_spent_timer_says_that_it_is_closed() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="A"/><boundaryEvent id="b" attachedToRef="A">'
            "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
            '<endEvent id="e"/>' + flow("s", "A") + flow("A", "e") + flow("b", "e")
        )
    )
    assert len(bench.timers) == 1
    bench.complete("A")
    assert bench.timers == {}
    assert bench.step.status == "completed"
