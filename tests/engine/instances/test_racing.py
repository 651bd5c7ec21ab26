"""Several at once: exactly one wins, everybody else is told, nothing is lost or done twice."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions.prepare import prepare
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, RefusedError
from bpm.foundation.work import Work
from tests.engine import acting
from tests.engine.definitions.test_processes_of_a_file import file, process
from tests.engine.models import CYCLE_START, PARALLEL, SERVICE, TIMER, TWO_TASKS, WAITER, begin, go_live

pytestmark = pytest.mark.both_databases

WORKERS = 4


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """Let `WORKERS` threads do it together; what came of each, a ConflictError as itself."""
    together = Barrier(WORKERS)

    def one(number: int) -> Any:
        together.wait(10)
        try:
            return act(number)
        except ConflictError as conflict:
            return conflict

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, range(WORKERS)))


def test_competing_completions_have_one_winner_each(app: App) -> None:
    go_live(app, TWO_TASKS)
    for _ in range(5):
        begin(app, "two")
    for item in acting.items(app):

        def complete(number: int, item_id: int = item.id) -> str:
            with app.unit_of_work() as work:
                engine.complete(work, item_id, {"winner": number})
            return "won"

        outcomes = at_once(complete)
        assert outcomes.count("won") == 1
        assert all(isinstance(outcome, ConflictError) for outcome in outcomes if outcome != "won")
    assert acting.open_elements(app) == ["B"] * 5
    assert acting.broken(app) == []


def test_of_files_deployed_at_once_one_alone_gets_a_process_that_all_have(app: App) -> None:
    sources = [file(process("shared"), process(f"own_{number}")) for number in range(WORKERS)]

    def deploy(number: int) -> str:
        prepared = prepare(sources[number], f"file_{number}.bpmn")
        try:
            with app.unit_of_work() as work:
                engine.deploy(work, prepared, key=f"own_{number}")
        except RefusedError as refused:
            return refused.findings[0].code
        return "deployed"

    outcomes = at_once(deploy)
    assert sorted(outcomes) == ["deployed", *["key-taken"] * (WORKERS - 1)]


def test_both_branches_completed_at_once_meet_in_the_join(app: App) -> None:
    go_live(app, PARALLEL)
    for _ in range(5):
        instance_id = begin(app, "both")
        items = [item.id for item in acting.items(app)]

        def complete(number: int, mine: list[int] = items) -> None:
            if number < len(mine):
                with app.unit_of_work() as work:
                    engine.complete(work, mine[number], {f"v{number}": number})

        assert [outcome for outcome in at_once(complete) if outcome is not None] == []
        assert acting.instance(app, instance_id).row.status == "completed"
        assert acting.instance(app, instance_id).variables == {"v0": 0, "v1": 1}
    assert acting.broken(app) == []


def test_several_workers_do_each_job_once(app: App) -> None:
    go_live(app, SERVICE)
    for _ in range(12):
        begin(app, "service")
    done: list[int] = []
    guard = Lock()

    def ask(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        with guard:
            done.append(call.job_id)
        return {}

    taken = at_once(lambda _number: engine.sweep_jobs(app.unit_of_work, {"ask": ask}))
    assert sum(taken) == 12
    assert len(done) == len(set(done)) == 12
    assert acting.open_elements(app) == ["Read"] * 12
    assert acting.broken(app) == []


def test_a_message_delivered_by_several_at_once_is_taken_once(app: App) -> None:
    go_live(app, WAITER)
    for order in ("A", "B", "C"):
        instance_id = begin(app, "waiter", {"order": order})

        def deliver(_number: int, key: str = order) -> list[int]:
            with app.unit_of_work() as work:
                return engine.correlate(work, "paid", key=key)

        outcomes = at_once(deliver)
        assert outcomes.count([instance_id]) == 1, outcomes
        assert outcomes.count([]) == WORKERS - 1, outcomes
    assert acting.open_elements(app) == ["Ship"] * 3
    assert acting.broken(app) == []


def test_several_sweeps_fire_a_timer_once(app: App, clock: FixedClock) -> None:
    go_live(app, TIMER, CYCLE_START)
    for _ in range(6):
        begin(app, "timer")
    clock.advance(timedelta(hours=1))
    assert sum(at_once(lambda _number: engine.sweep_timers(app.unit_of_work))) == 7
    assert acting.open_elements(app) == ["Look"] + ["Remind"] * 6
    assert acting.broken(app) == []
