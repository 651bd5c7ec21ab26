"""What ended is erased in time: nothing about people is left, and no figure changes by it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from bpm import search
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions.retention import erasing as retention
from bpm.engine.models import (
    ActivityInstance,
    EventSubscription,
    Failure,
    Job,
    ProcessInstance,
    ProcessVersion,
    StepRecord,
    WorkItem,
)
from bpm.engine.queries import VisitRow, get_instance
from bpm.engine.queries.history import activity_visits
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from bpm.wiring import SEARCHED
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import ONE_TASK, SERVICE, TIMER, begin, go_live

pytestmark = pytest.mark.both_databases


def version_of(app: App, instance_id: int) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.get_one(ProcessInstance, instance_id).version_id


def keep(app: App, instance_id: int, days: int | None) -> None:
    acting.keep(app, version_of(app, instance_id), days)


def ended(app: App, anna: Actor, clock: FixedClock) -> int:
    """An instance with personal data in it, claimed after an hour and completed after two by Anna."""
    instance_id = begin(app, "one", {"name": "Ada Lovelace"})
    clock.advance(timedelta(hours=1))
    (item,) = acting.items(app)
    with app.unit_of_work(anna) as work:
        engine.claim(work, item.id)
    clock.advance(timedelta(hours=1))
    with app.unit_of_work(anna) as work:
        engine.complete(work, item.id, {"answer": "Dear Ada"})
    return instance_id


def visits(app: App, instance_id: int) -> list[VisitRow]:
    with app.unit_of_work.reading() as work:
        return activity_visits(work, [version_of(app, instance_id)], MONDAY, MONDAY + timedelta(days=900))


def count(app: App, table: type) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_after_its_days_nothing_but_the_bare_facts_is_left(app: App, anna: Actor, clock: FixedClock) -> None:
    go_live(app, ONE_TASK)
    instance_id = ended(app, anna, clock)
    keep(app, instance_id, 30)
    before = visits(app, instance_id)
    clock.advance(timedelta(days=30))
    assert engine.sweep_retention(app.unit_of_work) == 0
    clock.advance(timedelta(seconds=1))
    assert engine.sweep_retention(app.unit_of_work) == 1
    assert engine.sweep_retention(app.unit_of_work) == 0
    assert [count(app, table) for table in (WorkItem, Job, EventSubscription, Failure, StepRecord)] == [0] * 5
    with app.unit_of_work.reading() as work:
        row = work.session.get_one(ProcessInstance, instance_id)
        assert (row.variables, row.business_key, row.started_by, row.status) == ({}, None, None, "completed")
        assert work.session.scalars(select(ActivityInstance.actor_id).distinct()).all() == [None]
    assert visits(app, instance_id) == before
    assert [row.claimed_at for row in before if row.type == "userTask"] == [MONDAY + timedelta(hours=1)]
    assert acting.broken(app) == []


def test_what_runs_and_what_another_version_keeps_for_ever_stays(app: App, anna: Actor, clock: FixedClock) -> None:
    go_live(app, ONE_TASK, TIMER)
    over, running = ended(app, anna, clock), begin(app, "one")
    waiting = begin(app, "timer")
    keep(app, over, 1)
    with app.unit_of_work() as work:
        engine.cancel(work, waiting, reason="Over.")
    clock.advance(timedelta(days=400))
    assert engine.sweep_retention(app.unit_of_work) == 1
    assert acting.instance(app, running).row.status == "active"
    assert acting.instance(app, waiting).row.ended_at == MONDAY + timedelta(hours=2)
    with app.unit_of_work.reading() as work:
        assert get_instance(work, waiting).row.erased_at is None
        assert get_instance(work, over).row.erased_at is not None
    acting.complete(app, "Read")
    assert acting.broken(app) == []


def test_failures_and_jobs_of_ended_instances_go_too(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    for _ in range(4):
        clock.advance(timedelta(hours=2))
        engine.sweep_jobs(app.unit_of_work, {})
    assert len(acting.failures(app)) == 1
    with app.unit_of_work() as work:
        engine.cancel(work, instance_id, reason="Over.")
    keep(app, instance_id, 1)
    clock.advance(timedelta(days=2))
    assert engine.sweep_retention(app.unit_of_work) == 1
    assert (count(app, Failure), count(app, Job)) == (0, 0)
    assert acting.broken(app) == []


def test_a_chunk_is_one_transaction_of_a_handful_of_statements(
    app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(5)]
    for _ in ids:
        acting.complete(app, "Read")
    search.sweep_waiting(app.unit_of_work, SEARCHED)
    keep(app, ids[0], 1)
    clock.advance(timedelta(days=2))
    monkeypatch.setattr(retention, "CHUNK", 2)
    monkeypatch.setattr(retention, "CHUNKS", 2)
    seen: list[str] = []
    event.listen(app.database, "before_cursor_execute", lambda *args: seen.append(args[2].split()[0]))
    event.listen(app.database, "commit", lambda _connection: seen.append("COMMIT"))
    assert engine.sweep_retention(app.unit_of_work) == 4
    written = [len(re.findall("DELETE|UPDATE", part)) for part in " ".join(seen).split("COMMIT")]
    of_the_search = 2 if app.database.dialect.name == "sqlite" else 1
    assert [count for count in written if count] == [13 + of_the_search] * 2
    assert engine.sweep_retention(app.unit_of_work) == 1


def test_only_who_deploys_says_how_long_and_only_whole_days_count(app: App, anna: Actor) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    for days in (0, -1, 40_000):
        with pytest.raises(InvalidInputError, match="cannot be kept"):
            keep(app, instance_id, days)
    with pytest.raises(ForbiddenError), app.unit_of_work(anna) as work:
        engine.set_retention(work, version_of(app, instance_id), 3)
    with pytest.raises(NotFoundError), app.unit_of_work() as work:
        engine.set_retention(work, 99, 3)
    keep(app, instance_id, 3)
    keep(app, instance_id, None)
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(ProcessVersion.keep_for_days)) is None
