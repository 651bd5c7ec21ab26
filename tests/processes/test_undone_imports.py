"""Undoing an import asks what becomes of the cases that its items started."""

import io
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bpm import feedback, processes
from bpm.app import App
from bpm.engine.models import ProcessInstance
from bpm.feedback import ClassificationResult
from bpm.feedback.queries import ItemFilter, list_items
from bpm.foundation.errors import ConflictError
from bpm.processes import Conditions
from tests.processes.conftest import GoLive
from tests.processes.models import CARE

pytestmark = pytest.mark.both_databases

CLAIM = ClassificationResult("m1", {"complaint": 0.9}, "complaint", -0.5, 1, None, 0.9, abstained=False)


@pytest.fixture
def started(app: App, go_live: GoLive, trigger: Callable[..., int]) -> int:
    """An import whose one item started a case; gives the run."""
    go_live(CARE, "care")
    trigger(conditions=Conditions(kinds=("complaint",), max_age_days=30))
    return take(app, "2026-03-01T09:00:00Z")


def take(app: App, said_at: str) -> int:
    row = {"id": said_at, "channel": "email", "text": "It never came.", "said_at": said_at or None}
    with app.unit_of_work() as work:
        run_id = feedback.start_import(
            work, None, file_name="told.jsonl", format_name="jsonl", mapping={}, channel="", source="desk"
        ).id
    feedback.take_in(app.unit_of_work, run_id, io.BytesIO(json.dumps(row).encode()))
    with app.unit_of_work() as work:
        [item] = list_items(work, ItemFilter(run=run_id)).rows
        feedback.record_classification(work, item.id, CLAIM)
    return run_id


def statuses(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return [str(status) for status in work.session.scalars(select(ProcessInstance.status))]


def test_it_is_refused_while_cases_run_and_they_are_named(app: App, started: int) -> None:
    with pytest.raises(ConflictError, match=r"case runs that its items started: \d+ \("), app.unit_of_work() as work:
        processes.undo_import(work, started)
    with app.unit_of_work.reading() as work:
        assert len(list_items(work, ItemFilter()).rows) == 1
        assert len(processes.list_started_cases(work, started)) == 1


def test_the_cases_end_with_it(app: App, started: int) -> None:
    with app.unit_of_work() as work:
        undone = processes.undo_import(work, started, cases="end")
    assert (undone.withdrawn, len(undone.cases_ended), undone.cases_kept) == (1, 1, ())
    assert statuses(app) == ["cancelled"]


def test_the_cases_stay_by_choice(app: App, started: int) -> None:
    with app.unit_of_work() as work:
        undone = processes.undo_import(work, started, cases="keep")
    assert (undone.withdrawn, undone.cases_ended, len(undone.cases_kept)) == (1, (), 1)
    assert statuses(app) == ["active"]
    with app.unit_of_work.reading() as work:
        assert list_items(work, ItemFilter()).rows == ()


def test_an_item_without_a_date_starts_nothing_that_asks_for_freshness(app: App, started: int) -> None:
    take(app, "")
    assert len(statuses(app)) == 1
