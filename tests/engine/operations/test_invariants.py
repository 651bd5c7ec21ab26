"""The checker sees what is wrong: each rule is broken by hand once."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bpm.app import App
from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessInstance, ProcessVersion, StepRecord, WorkItem
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import ONE_TASK, begin, go_live

BREAKS = {
    "stuck": (update(WorkItem).values(status="cancelled"), "it is stuck"),
    "open after its end": (
        update(ProcessInstance).values(status="completed", ended_at=MONDAY),
        "but its work item",
    ),
    "unvisited": (update(ActivityInstance).values(status="completed"), "but its visit is not"),
    "completed, yet visited": (update(WorkItem).values(status="completed"), "but its visit is open"),
    "backwards": (
        update(ActivityInstance).values(status="completed", closed_at=MONDAY - timedelta(hours=1)),
        "ended before it began",
    ),
    "endless": (update(ProcessInstance).values(status="cancelled"), "nobody knows when"),
    "a gap": (update(ProcessInstance).values(revision=5), "but 1 steps are on record"),
    "no record": (delete(StepRecord), "but 0 steps are on record"),
    "no state": (update(ProcessInstance).values(state=None), "has no state"),
    "half erased": (update(ProcessInstance).values(erased_at=MONDAY), "was erased, but its work_item is still there"),
    "alone on trial": (update(ProcessVersion).values(status="trial"), "no other version is live beside it"),
    "live twice": (update(ProcessDefinition).values(live_version_id=None), "is not the live one"),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_rule_is_named(app: App, name: str) -> None:
    statement, says = BREAKS[name]
    go_live(app, ONE_TASK)
    begin(app, "one")
    assert acting.broken(app) == []
    with app.unit_of_work() as work:
        work.session.execute(statement)
    assert any(says in sentence for sentence in acting.broken(app))
