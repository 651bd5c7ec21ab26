"""Timers fire once when due, messages reach the one who waits, signals reach all."""

from datetime import timedelta
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.events import MessageThrown
from bpm.engine.instances import correlation
from bpm.engine.queries import list_instances, list_timers_due
from bpm.engine.timers import start_timers, timers
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Work
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import (
    CYCLE_START,
    ECHO,
    MESSAGE_START,
    SIGNAL_WAITER,
    THROWER,
    TIMER,
    WAITER,
    begin,
    flow,
    go_live,
    model,
)

pytestmark = pytest.mark.both_databases


def fire(app: App) -> int:
    return engine.sweep_timers(app.unit_of_work)


def test_a_timer_fires_when_it_is_due_and_not_before(app: App, clock: FixedClock) -> None:
    go_live(app, TIMER)
    begin(app, "timer")
    with app.unit_of_work.reading() as work:
        assert list_timers_due(work)[0].due_at == MONDAY + timedelta(hours=1)
    clock.advance(timedelta(minutes=59))
    assert fire(app) == 0
    clock.advance(timedelta(minutes=1))
    assert fire(app) == 1
    assert acting.open_elements(app) == ["Remind"]
    assert fire(app) == 0
    assert acting.broken(app) == []


def test_work_done_in_time_takes_its_timer_away(app: App, clock: FixedClock) -> None:
    go_live(app, TIMER)
    instance_id = begin(app, "timer")
    acting.complete(app, "Wait")
    clock.advance(timedelta(hours=2))
    assert fire(app) == 0
    assert acting.instance(app, instance_id).row.status == "completed"
    with app.unit_of_work.reading() as work:
        assert list_timers_due(work) == []
    assert acting.broken(app) == []


def test_a_storm_of_timers_fires_each_instance_once(app: App, clock: FixedClock, monkeypatch: Any) -> None:
    monkeypatch.setattr(timers, "BATCH", 4)
    go_live(app, TIMER)
    for _ in range(10):
        begin(app, "timer")
    clock.advance(timedelta(days=30))
    assert [fire(app) for _ in range(4)] == [4, 4, 2, 0]
    assert acting.open_elements(app) == ["Remind"] * 10
    assert acting.broken(app) == []


def test_one_broken_timer_keeps_no_other_waiting(app: App, clock: FixedClock, monkeypatch: Any) -> None:
    go_live(app, TIMER)
    first, second = begin(app, "timer"), begin(app, "timer")
    lock = timers.lock

    def broken_for_the_first(work: Work, instance_id: int) -> Any:
        if instance_id == first:
            raise RuntimeError("its state is damaged")
        return lock(work, instance_id)

    monkeypatch.setattr(timers, "lock", broken_for_the_first)
    clock.advance(timedelta(hours=1))
    assert fire(app) == 1
    assert [(item.instance_id, item.element) for item in acting.items(app)] == [(first, "Wait"), (second, "Remind")]
    assert acting.failures(app)[0].instance_id == first
    assert fire(app) == 0
    monkeypatch.undo()
    clock.advance(timers.LOOK_AGAIN)
    assert fire(app) == 1
    assert acting.open_elements(app) == ["Remind", "Remind"]


def test_a_cycle_starts_an_instance_each_time_until_it_is_used_up(app: App, clock: FixedClock) -> None:
    go_live(app, CYCLE_START)
    assert fire(app) == 0
    clock.advance(timedelta(hours=1))
    assert fire(app) == 1
    assert fire(app) == 0
    clock.advance(timedelta(hours=1))
    assert fire(app) == 1
    clock.advance(timedelta(hours=9))
    assert fire(app) == 0
    assert acting.open_elements(app) == ["Look", "Look"]


def test_a_start_that_cannot_begin_is_a_failure_that_is_tried_again_until_it_can(
    app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live(app, CYCLE_START)

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(start_timers, "begin", broken)
    clock.advance(timedelta(hours=1))
    assert fire(app) == 0
    clock.advance(timedelta(minutes=6))
    assert fire(app) == 0
    (failure,) = acting.failures(app)
    assert (failure.instance_id, failure.element, failure.cause, failure.count) == (None, "start", "start", 2)
    assert failure.message == "RuntimeError: no room"
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="There is room.")
    assert fire(app) == 0
    (failure,) = acting.failures(app)
    monkeypatch.undo()
    clock.advance(timedelta(minutes=6))
    assert fire(app) == 1
    assert acting.failures(app) == []
    assert acting.failures(app, status="resolved")[0].reason == "It started."
    with app.unit_of_work.reading() as work:
        (following,) = list_timers_due(work)
    assert following.due_at == MONDAY + timedelta(hours=2)
    assert acting.broken(app) == []


def test_a_start_that_cannot_begin_is_left_out_by_skipping_it(
    app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live(app, CYCLE_START)
    clock.advance(timedelta(hours=1))
    with monkeypatch.context() as patched:
        patched.setattr(start_timers, "begin", lambda *_args, **_more: 1 / 0)
        assert fire(app) == 0
    (failure,) = acting.failures(app)
    with app.unit_of_work() as work:
        engine.skip(work, failure.id, reason="Not today.")
    assert fire(app) == 0
    clock.advance(timedelta(hours=1))
    assert fire(app) == 1
    assert acting.open_elements(app) == ["Look"]


def test_a_retired_process_starts_nothing_any_more(app: App, clock: FixedClock) -> None:
    go_live(app, CYCLE_START, MESSAGE_START)
    with app.unit_of_work() as work:
        engine.retire(work, "cyclic")
        engine.retire(work, "ordered")
    clock.advance(timedelta(hours=5))
    assert fire(app) == 0
    with app.unit_of_work() as work:
        assert engine.correlate(work, "order placed") == []


def test_a_message_reaches_only_the_instance_that_waits_with_its_key(app: App) -> None:
    go_live(app, WAITER)
    one, two = begin(app, "waiter", {"order": "A1"}), begin(app, "waiter", {"order": "B2"})
    with app.unit_of_work() as work:
        assert engine.correlate(work, "paid", key="B2", payload={"amount": 10}) == [two]
    assert [item.instance_id for item in acting.items(app)] == [two]
    assert acting.instance(app, two).variables["amount"] == 10
    assert "amount" not in acting.instance(app, one).variables
    assert acting.broken(app) == []


def test_a_message_nobody_waits_for_is_taken_by_nobody(app: App) -> None:
    go_live(app, WAITER)
    begin(app, "waiter", {"order": "A1"})
    with app.unit_of_work() as work:
        assert engine.correlate(work, "paid", key="C3") == []
        assert engine.correlate(work, "paid") == []
        assert engine.correlate(work, "something else", key="A1") == []
    assert acting.items(app) == ()


def test_the_same_message_twice_is_taken_once(app: App) -> None:
    go_live(app, WAITER)
    instance_id = begin(app, "waiter", {"order": "A1"})
    with app.unit_of_work() as work:
        assert engine.correlate(work, "paid", key="A1") == [instance_id]
        assert engine.correlate(work, "paid", key="A1") == []
    assert len(acting.items(app)) == 1


def test_a_message_may_be_meant_for_one_instance(app: App) -> None:
    go_live(app, WAITER)
    first, second = begin(app, "waiter", {"order": "A1"}), begin(app, "waiter", {"order": "A1"})
    with app.unit_of_work() as work:
        assert engine.correlate(work, "paid", instance_id=second) == [second]
    assert [item.instance_id for item in acting.items(app)] == [second]
    assert first != second


def test_a_message_starts_the_live_process_that_waits_for_it(app: App) -> None:
    go_live(app, MESSAGE_START)
    with app.unit_of_work() as work:
        (instance_id,) = engine.correlate(work, "order placed", key="O-1", payload={"item": "tea"})
    started = acting.instance(app, instance_id)
    assert started.variables == {"item": "tea"}
    assert started.row.business_key == "O-1"
    assert acting.open_elements(app) == ["Pack"]


def test_what_one_process_throws_starts_the_other(app: App) -> None:
    go_live(app, MESSAGE_START, THROWER)
    begin(app, "thrower")
    acting.complete(app, "Decide")
    assert acting.open_elements(app) == ["Pack"]
    assert acting.broken(app) == []


def test_an_echo_between_processes_ends_each_transaction_and_goes_on_in_the_worker(app: App) -> None:
    go_live(app, ECHO)
    with app.unit_of_work() as work:
        engine.correlate(work, "order placed")
    with app.unit_of_work.reading() as work:
        started = len(list_instances(work, "echo").rows)
    assert started == correlation.HOPS_PER_TRANSACTION + 1
    assert engine.sweep_jobs(app.unit_of_work, {}) == 1
    assert acting.broken(app) == []


def test_everybody_outside_hears_of_a_thrown_message(app: App) -> None:
    go_live(app, THROWER)
    heard: list[MessageThrown] = []
    app.bus.subscribe(MessageThrown, lambda _work, event: heard.append(event))
    instance_id = begin(app, "thrower")
    acting.complete(app, "Decide")
    assert [(event.instance_id, event.event) for event in heard] == [(instance_id, "order placed")]


def test_a_signal_reaches_everybody_who_waits(app: App, monkeypatch: Any) -> None:
    monkeypatch.setattr(correlation, "RECEIVERS_PER_TRANSACTION", 2)
    go_live(app, SIGNAL_WAITER)
    waiting = [begin(app, "listener") for _ in range(5)]
    with app.unit_of_work() as work:
        assert engine.broadcast(work, "alarm", {"level": 3}) == waiting[:2]
    assert engine.sweep_jobs(app.unit_of_work, {}) == 3
    assert acting.open_elements(app) == ["Act"] * 5
    assert all(acting.instance(app, instance_id).variables == {"level": 3} for instance_id in waiting)
    assert acting.broken(app) == []


def test_a_signal_thrown_inside_reaches_the_other_instances_once(app: App) -> None:
    sender = model(
        "sender",
        '<startEvent id="start"/><intermediateThrowEvent id="Cry"><signalEventDefinition signalRef="alarm"/>'
        '</intermediateThrowEvent><endEvent id="end"/>' + flow("start", "Cry") + flow("Cry", "end"),
        roots='<signal id="alarm" name="alarm"/>',
    )
    go_live(app, SIGNAL_WAITER, sender)
    begin(app, "listener")
    begin(app, "sender")
    assert acting.open_elements(app) == ["Act"]
    assert acting.broken(app) == []
