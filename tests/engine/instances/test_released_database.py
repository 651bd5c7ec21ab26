"""A database of an earlier release is brought to the newest revision, and its work goes on."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bpm import schema
from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.engine.queries import get_work_item, list_instances
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from bpm.foundation.work import Work
from tests.conftest import MONDAY
from tests.data.states.write import HERE
from tests.engine import acting

DATABASES = sorted(HERE.glob("*/earshot.db.gz"))


@pytest.fixture(params=DATABASES, ids=[path.parent.name for path in DATABASES])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[App]:
    """The product on the database that a release left behind, upgraded."""
    (tmp_path / "earshot.db").write_bytes(gzip.decompress(request.param.read_bytes()))
    app = build(
        Settings(home=tmp_path, embedded_worker=False),
        clock=FixedClock(MONDAY),
    )
    assert schema.current(app.database) != schema.newest()
    schema.upgrade(app.database)
    yield app
    app.database.dispose()


def test_the_database_of_a_release_is_whole_after_the_upgrade(old: App) -> None:
    assert acting.broken(old) == []
    assert len(acting.failures(old)) == 1


def test_the_work_in_it_goes_on_to_its_end(old: App) -> None:
    keep_the_draft_and_complete(old)
    acting.complete(old, "Read")
    engine.sweep_jobs(old.unit_of_work, {"ask": lambda _work, _call: {"answer": 42}})
    acting.complete(old, "Read")
    with old.unit_of_work() as work:
        assert engine.correlate(work, "paid", key="17") != []
    acting.complete(old, "Ship")
    (failure,) = acting.failures(old)
    with old.unit_of_work() as work:
        engine.set_variables(work, failure.instance_id, {"x": 2}, reason="It was wrong.")
        engine.retry(work, failure.id, reason="Mended.")
    acting.complete(old, "B")
    later = build(old.settings, clock=FixedClock(MONDAY.replace(hour=11)))
    assert engine.sweep_timers(later.unit_of_work) == 1
    acting.complete(later, "Remind")
    later.database.dispose()
    assert statuses(old) == {"completed"}
    assert acting.broken(old) == []


def keep_the_draft_and_complete(old: App) -> None:
    first = acting.items(old)[0]
    with old.unit_of_work() as work:
        assert get_work_item(work, first.id).draft == {"answer": "half"}
        engine.complete(work, first.id, {"answer": "whole"})


def statuses(old: App) -> set[str]:
    def rows(work: Work) -> Iterator[str]:
        for key in ("one", "caller", "service", "timer", "waiter", "noway"):
            yield from (row.status for row in list_instances(work, key).rows)

    with old.unit_of_work.reading() as work:
        return set(rows(work))


def test_visits_inside_a_called_process_are_charged_to_the_called_version_after_the_upgrade(old: App) -> None:
    with old.unit_of_work.reading() as work:
        query = (
            select(ActivityInstance.element, ProcessDefinition.key)
            .join(ProcessVersion, ProcessVersion.id == ActivityInstance.version_id)
            .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
            .join(ProcessInstance, ProcessInstance.id == ActivityInstance.instance_id)
            .where(ProcessInstance.bindings.is_not(None))
        )
        assert {(row.element, row.key) for row in work.session.execute(query)} == {
            ("start", "caller"),
            ("Call", "caller"),
            ("start", "one"),
            ("Read", "one"),
        }
