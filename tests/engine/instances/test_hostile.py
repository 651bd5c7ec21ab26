"""Hostile models that a check lets pass are stopped when they run, and the instance beside them finishes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.clock import FixedClock
from tests.effort import statements_of
from tests.engine import acting
from tests.engine.models import ONE_TASK, begin, go_live, put_live

MOST_STATEMENTS = 100
FOLDER = Path(__file__).parents[2] / "data/bpmn/hostile"
STOPPED = {
    "d06-script-import-os.bpmn": "script",
    "d10-missing-default.bpmn": "no_flow",
    "d14-condition-loop.bpmn": "expression",
}


class DoesAnything(dict[str, engine.ServiceTask]):
    """Every topic is done at once, without effect."""

    def get(self, topic: str, default: Any = None) -> Any:
        return lambda _work, _call: {}


@pytest.mark.parametrize("name", STOPPED)
def test_a_hostile_model_becomes_a_failure_and_hurts_nobody_else(app: App, clock: FixedClock, name: str) -> None:
    hostile = start_hostile(app, name)
    for _ in range(10):
        if not engine.sweep_jobs(app.unit_of_work, DoesAnything()):
            clock.advance(timedelta(hours=2))
    healthy = begin(app, "one")
    acting.complete(app, "Read")
    assert acting.instance(app, healthy).row.status == "completed"
    causes = [failure.cause for failure in acting.failures(app) if failure.instance_id == hostile]
    assert causes == [STOPPED[name]]
    assert acting.broken(app) == []


@pytest.mark.parametrize("name", ["d09-infinite-loop.bpmn", "d11-token-doubling-18.bpmn"])
def test_jobs_without_end_keep_no_other_instance_waiting(app: App, name: str) -> None:
    start_hostile(app, name)
    healthy = begin(app, "one")
    for _ in range(8):
        assert 1 <= engine.sweep_jobs(app.unit_of_work, DoesAnything()) <= engine.JOBS_AT_ONCE
    acting.complete(app, "Read")
    assert acting.instance(app, healthy).row.status == "completed"
    assert acting.broken(app) == []


def start_hostile(app: App, name: str) -> int:
    """Put the model live beside a healthy one and start it, within the statements that a request may take."""
    go_live(app, ONE_TASK)
    with app.unit_of_work() as work:
        key = put_live(work, (FOLDER / name).read_bytes())
    started: list[int] = []
    statements = statements_of(app, lambda: started.append(begin(app, key, {"x": 5, "y": 3})))
    assert len(statements) < MOST_STATEMENTS
    return started[0]
