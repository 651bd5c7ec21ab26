"""Models that would run for ever or take everything are stopped as failures, and the instance beside them finishes."""

import resource
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import RefusedError
from tests.effort import statements_of
from tests.engine import acting
from tests.engine.hostile_models import AT_WORK, LIVELY, STOPPED
from tests.engine.instances.test_hostile import DoesAnything
from tests.engine.models import ONE_TASK, begin, go_live, put_live

MEMORY = 300 * 2**10
"""Kilobytes that one hostile model may add to the process."""
MOST_STATEMENTS, MOST_STATEMENTS_OF_A_SWEEP = 3_000, 9_000


def _begin_beside(app: App, source: bytes) -> tuple[int, int]:
    """(hostile instance, healthy instance): the hostile one within the statements that a request may take."""
    go_live(app, ONE_TASK)
    with app.unit_of_work() as work:
        key = put_live(work, source)
    memory, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, list[int]()
    statements = statements_of(app, lambda: started.append(begin(app, key, {"x": "a"})))
    assert len(statements) < MOST_STATEMENTS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < MEMORY
    return started[0], begin(app, "one")


def _finish(app: App, healthy: int) -> None:
    with app.unit_of_work() as work:
        item = work.session.scalars(select(WorkItem.id).where(WorkItem.instance_id == healthy)).one()
        engine.complete(work, item, {})
    assert acting.instance(app, healthy).row.status == "completed"
    assert acting.broken(app) == []


def _sweep(app: App) -> int:
    return engine.sweep_jobs(app.unit_of_work, DoesAnything()) + engine.sweep_timers(app.unit_of_work)


@pytest.mark.parametrize("name", STOPPED)
def test_what_never_ends_in_one_step_is_a_failure_at_once(app: App, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cause, source = STOPPED[name]
    if cause != "budget":  # a busy machine must not let the two seconds of a step end before what is asked about
        monkeypatch.setattr("bpm.engine.spiff.runtime.workflow.perf_counter", lambda: 0.0)
    hostile, healthy = _begin_beside(app, source)
    (failure,) = acting.failures(app)
    assert (failure.cause, failure.instance_id) == (cause, hostile)
    assert failure.message
    _finish(app, healthy)


@pytest.mark.parametrize("name", AT_WORK)
def test_what_never_ends_at_the_worker_is_a_failure_after_its_tries(app: App, clock: FixedClock, name: str) -> None:
    cause, source = AT_WORK[name]
    hostile, healthy = _begin_beside(app, source)
    for _round in range(40):
        clock.advance(timedelta(hours=1))
        if not _sweep(app):
            break
    (failure,) = acting.failures(app)
    assert failure.cause == cause
    assert acting.instance(app, hostile).row.status != "completed" or failure.instance_id != hostile
    _finish(app, healthy)


@pytest.mark.parametrize("name", LIVELY)
def test_what_goes_on_for_ever_keeps_nobody_else_waiting(app: App, clock: FixedClock, name: str) -> None:
    _hostile, healthy = _begin_beside(app, LIVELY[name])
    for _round in range(1 if name.startswith("starts") else 3):
        clock.advance(timedelta(seconds=1))

        assert len(statements_of(app, lambda: _sweep(app))) < MOST_STATEMENTS_OF_A_SWEEP
    _finish(app, healthy)


def test_a_code_bomb_in_a_mapping_is_refused_before_it_runs(app: App) -> None:
    source = STOPPED["doubles a list"][1].replace(b"=[x, x]", b"=__import__(x)")
    with app.unit_of_work() as work, pytest.raises(RefusedError):
        put_live(work, source)
