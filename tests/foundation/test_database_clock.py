"""A process whose own clock is wrong goes by the database's; too far off, it takes no work and says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bpm import worker
from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine.jobs.jobs import LEASE_FOR, lease
from bpm.engine.models import EventSubscription, Job, WorkerHeartbeat
from bpm.engine.queries import monitoring
from bpm.foundation.clock import FixedClock, SystemClock
from bpm.foundation.database_clock import MEASURE_EVERY, DatabaseClock
from bpm.foundation.settings import Settings
from tests.engine.models import SERVICE, TIMER, begin, go_live

pytestmark = pytest.mark.both_databases

ABOUT = timedelta(seconds=20)
"""How far a busy machine may carry two looks at a clock apart."""


class Shifted:
    """A clock that somebody set wrong."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.fixture
def right(settings: Settings) -> Iterator[App]:
    """The product as it runs, by the database's clock."""
    app = build(settings)
    yield app
    app.close()


def _off(app: App, by: timedelta) -> App:
    clock = DatabaseClock(app.database, own=Shifted(by))
    return replace(app, clock=clock, unit_of_work=app.unit_of_work.at(clock))


@pytest.mark.parametrize("by", [timedelta(days=2), timedelta(days=-2), timedelta(minutes=3), timedelta(0)])
def test_it_tells_the_databases_time_and_how_far_its_own_is_off(app: App, by: timedelta) -> None:
    clock = DatabaseClock(app.database, own=Shifted(by))
    assert abs(clock.now() - SystemClock().now()) < ABOUT
    assert clock.skew is not None
    assert abs(clock.skew - by) < ABOUT


def test_a_clock_that_is_set_while_the_process_runs_does_not_carry_it_along(app: App) -> None:
    own = Shifted(timedelta(0))
    clock = DatabaseClock(app.database, own=own)
    before = clock.now()
    own.by = timedelta(days=2)
    assert abs(clock.now() - before) < ABOUT
    assert clock.skew is not None
    assert abs(clock.skew - own.by) < ABOUT


def test_time_goes_on_by_the_monotonic_clock_and_is_measured_anew_after_a_while(app: App) -> None:
    own, ticks = FixedClock(SystemClock().now()), [0.0]
    clock = DatabaseClock(app.database, own=own, ticking=lambda: ticks[0])
    began = clock.now()
    own.advance(timedelta(seconds=100))
    ticks[0] += 100
    assert clock.now() - began == timedelta(seconds=100)
    own.advance(timedelta(seconds=MEASURE_EVERY))
    ticks[0] += MEASURE_EVERY
    assert clock.now() - began < ABOUT * 2


def test_a_database_that_does_not_answer_leaves_the_last_measurement(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = DatabaseClock(app.database, own=Shifted(timedelta(hours=1)))
    clock.now()

    def gone(*_: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(clock, "_asked", gone)
    assert clock.measure() is not None
    assert abs(clock.now() - SystemClock().now()) < ABOUT


@pytest.mark.parametrize("by", [timedelta(days=2), timedelta(days=-2)])
def test_a_worker_with_a_wrong_clock_fires_no_timer_and_takes_no_lease(right: App, by: timedelta) -> None:
    go_live(right, TIMER, SERVICE)
    begin(right, "timer")
    begin(right, "service")
    with right.unit_of_work() as work:
        (job_id,) = work.session.scalars(select(Job.id))
        assert lease(work, job_id, "ready", owner="who works on it") is not None
        (due,) = work.session.scalars(select(EventSubscription.due_at))
    wrong = _off(right, by)
    assert engine.sweep_timers(wrong.unit_of_work) == 0
    assert engine.sweep_jobs(wrong.unit_of_work, {"ask": lambda _work, _call: {}}, owner="another") == 0
    assert worker.sweep_once(wrong) == 0
    with right.unit_of_work() as work:
        job = work.session.execute(select(Job.lease_owner, Job.lease_until)).one()
        assert job.lease_owner == "who works on it"
        assert job.lease_until < right.clock.now() + LEASE_FOR
        assert work.session.scalars(select(EventSubscription.due_at)).all() == [due]


def test_beyond_the_bound_it_takes_no_work_and_its_heartbeat_says_by_how_much(right: App) -> None:
    go_live(right, SERVICE)
    begin(right, "service")
    wrong = _off(right, timedelta(hours=3))
    assert worker.sweep_once(wrong) == 0
    assert not worker._clock_holds(wrong)
    assert "10800 s ahead of the database's; 30 s are allowed" in wrong.clock_problem()
    worker._look(wrong, 1)
    with right.unit_of_work.reading() as work:
        assert work.session.scalar(select(Job.attempts)) == 0
        (row,) = monitoring.list_workers(work)
    assert row.skew_ms is not None
    assert abs(row.skew_ms - 3 * 3_600_000) < ABOUT / timedelta(milliseconds=1)
    assert abs(row.seen_at - SystemClock().now()) < ABOUT


def test_within_the_bound_it_works_on_by_the_databases_time(right: App) -> None:
    go_live(right, SERVICE)
    begin(right, "service")
    slightly = _off(right, timedelta(seconds=10))
    assert slightly.clock_problem() == ""
    worker.sweep_once(slightly)
    with right.unit_of_work.reading() as work:
        assert work.session.scalar(select(Job.attempts)) == 1


def test_a_lease_that_no_worker_could_have_made_holds_nothing(right: App) -> None:
    go_live(right, SERVICE)
    begin(right, "service")
    with right.unit_of_work() as work:
        (job_id,) = work.session.scalars(select(Job.id))
        lease(work, job_id, "ready", owner="from the future")
        work.session.execute(update(Job).values(lease_until=right.clock.now() + timedelta(days=2)))
    assert engine.sweep_jobs(right.unit_of_work, {"ask": lambda _work, _call: {}}, owner="another") == 1
    with right.unit_of_work.reading() as work:
        assert work.session.scalar(select(Job.status)) == "done"


def test_a_worker_that_ends_says_goodbye_and_one_that_begins_again_is_there(right: App) -> None:
    right.beat(every=0)
    right.beat(every=0, leaving=True)
    with right.unit_of_work.reading() as work:
        assert work.session.scalar(select(WorkerHeartbeat.left_at)) is not None
    with right.unit_of_work() as work:
        work.session.execute(update(WorkerHeartbeat).values(seen_at=right.clock.now() - timedelta(minutes=1)))
    right.beat()
    with right.unit_of_work.reading() as work:
        assert work.session.scalar(select(WorkerHeartbeat.left_at)) is None
