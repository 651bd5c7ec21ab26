"""What operators read of the workers and the timers."""

from datetime import timedelta

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.queries import list_timers_due, list_workers
from bpm.foundation.clock import FixedClock
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import NO_WAY, TIMER, begin, go_live

pytestmark = pytest.mark.both_databases


def test_a_worker_is_heard_of_at_most_every_ten_seconds(app: App, clock: FixedClock) -> None:
    for _ in range(3):
        assert engine.beat(app.unit_of_work, name="one") == 0
        clock.advance(timedelta(seconds=4))
    engine.beat(app.unit_of_work, name="one")
    with app.unit_of_work.reading() as work:
        (worker,) = list_workers(work)
    assert worker.started_at == MONDAY
    assert worker.seen_at == MONDAY + timedelta(seconds=12)


def test_the_next_timers_come_soonest_first(app: App, clock: FixedClock) -> None:
    go_live(app, TIMER)
    first = begin(app, "timer")
    clock.advance(timedelta(minutes=10))
    second = begin(app, "timer")
    with app.unit_of_work.reading() as work:
        assert [timer.instance_id for timer in list_timers_due(work)] == [first, second]
        soon = list_timers_due(work, until=MONDAY + timedelta(hours=1))
    assert [timer.instance_id for timer in soon] == [first]


def test_failures_can_be_narrowed_to_one_instance(app: App) -> None:
    go_live(app, NO_WAY)
    one, two = begin(app, "noway", {"x": 1}), begin(app, "noway", {"x": 1})
    acting.complete(app, "A")
    acting.complete(app, "A")
    assert [failure.instance_id for failure in acting.failures(app)] == [two, one]
    assert [failure.instance_id for failure in acting.failures(app, instance_id=one)] == [one]
    assert acting.failures(app, cause="budget") == []
