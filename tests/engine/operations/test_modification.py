"""Repair: skip, move, suspend and resume, each with a reason, on record, and with nothing lost."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import ActivityInstance, Job, StepRecord
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor, Work
from tests.engine import acting
from tests.engine.models import (
    MESSAGE_START,
    ONE_TASK,
    SERVICE,
    SIGNAL_WAITER,
    TIMER,
    TWO_TASKS,
    WAITER,
    begin,
    flow,
    go_live,
    model,
)

ALARMED = model(
    "alarmed",
    '<startEvent id="start"/><userTask id="Watch"/><boundaryEvent id="Heard" attachedToRef="Watch" '
    'cancelActivity="false"><messageEventDefinition messageRef="ring" e:correlationKey="house"/></boundaryEvent>'
    '<userTask id="Answer"/><endEvent id="end"/><endEvent id="end2"/>'
    + flow("start", "Watch")
    + flow("Watch", "end")
    + flow("Heard", "Answer")
    + flow("Answer", "end2"),
    roots='<message id="ring" name="ring"/>',
)


def uid_of(app: App, instance_id: int, element: str) -> str:
    query = select(ActivityInstance.uid).where(
        ActivityInstance.instance_id == instance_id,
        ActivityInstance.element == element,
        ActivityInstance.status == "open",
    )
    with app.unit_of_work.reading() as work:
        return work.session.scalars(query).one()


def last_record(app: App, instance_id: int) -> Any:
    columns = (StepRecord.command, StepRecord.reason, StepRecord.actor_id, StepRecord.detail)
    query = select(*columns).where(StepRecord.instance_id == instance_id).order_by(StepRecord.revision.desc())
    with app.unit_of_work.reading() as work:
        return work.session.execute(query.limit(1)).one()


def suspend(app: App, instance_id: int, actor: Actor | None = None) -> None:
    with app.unit_of_work(*([actor] if actor else [])) as work:
        engine.suspend(work, instance_id, reason="Look into it.")


def resume(app: App, instance_id: int) -> None:
    with app.unit_of_work() as work:
        engine.resume(work, instance_id, reason="Looked.")


def answers(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
    return {"answer": 42}


def sweep(app: App) -> int:
    return engine.sweep_timers(app.unit_of_work) + engine.sweep_jobs(app.unit_of_work, {"ask": answers})


@pytest.mark.both_databases
def test_a_failed_job_is_skipped_with_the_operators_own_answer(app: App, olga: Actor) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service", {"answer": 1})
    engine.sweep_jobs(app.unit_of_work, {})
    (failure,) = acting.failures(app)
    with app.unit_of_work(olga) as work:
        engine.skip(work, failure.id, {"answer": 7, "by": "phone"}, reason="Asked by phone.")
    assert acting.open_elements(app) == ["Read"]
    assert acting.instance(app, instance_id).variables == {"answer": 7, "by": "phone"}
    record = last_record(app, instance_id)
    assert (record.command, record.reason, record.actor_id) == ("skip", "Asked by phone.", olga.user_id)
    assert record.detail == {"element": "Ask", "before": {"answer": 1}, "after": {"answer": 7, "by": "phone"}}
    assert acting.failures(app, status="resolved")[0].reason == "Asked by phone."
    assert sweep(app) == 0
    assert acting.broken(app) == []


def test_a_waiting_message_is_skipped(app: App) -> None:
    go_live(app, WAITER)
    instance_id = begin(app, "waiter", {"order": "A-1"})
    with app.unit_of_work() as work:
        engine.skip_visit(work, instance_id, uid_of(app, instance_id, "Paid"), reason="Paid in cash.")
    assert acting.open_elements(app) == ["Ship"]
    assert acting.broken(app) == []


def test_a_token_is_moved_and_the_record_says_from_where_to_where(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    with app.unit_of_work() as work:
        engine.move(work, instance_id, uid_of(app, instance_id, "A"), "B", {"x": 1}, reason="A is done already.")
    assert acting.open_elements(app) == ["B"]
    assert last_record(app, instance_id).detail == {"from": "A", "to": "B", "before": {}, "after": {"x": 1}}
    assert [row.status for row in acting.history(app, instance_id) if row.element == "A"] == ["cancelled"]
    assert acting.broken(app) == []


def test_what_cannot_be_moved_is_refused_and_nothing_is_changed(app: App) -> None:
    go_live(app, TIMER)
    instance_id = begin(app, "timer")
    uid = uid_of(app, instance_id, "Wait")
    with pytest.raises(InvalidInputError, match="attached to"), app.unit_of_work() as work:
        engine.move(work, instance_id, uid, "Late", reason="why not")
    with pytest.raises(ConflictError, match="not open"), app.unit_of_work() as work:
        engine.move(work, instance_id, "0" * 32, "Wait", reason="why not")
    assert acting.open_elements(app) == ["Wait"]
    assert acting.broken(app) == []


def test_changed_variables_are_on_record_before_and_after(app: App) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one", {"x": 1, "y": 2})
    with app.unit_of_work() as work:
        engine.set_variables(work, instance_id, {"x": 5, "z": 6}, reason="It was five.")
    assert last_record(app, instance_id).detail == {"before": {"x": 1}, "after": {"x": 5, "z": 6}}


def test_every_repair_needs_a_reason_and_an_operator(app: App, anna: Actor) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    uid = uid_of(app, instance_id, "Read")
    acts: list[Any] = [
        lambda work, reason: engine.skip_visit(work, instance_id, uid, reason=reason),
        lambda work, reason: engine.move(work, instance_id, uid, "Read", reason=reason),
        lambda work, reason: engine.suspend(work, instance_id, reason=reason),
        lambda work, reason: engine.cancel(work, instance_id, reason=reason),
        lambda work, reason: engine.set_variables(work, instance_id, {"x": 1}, reason=reason),
    ]
    for act in acts:
        with pytest.raises(InvalidInputError, match="reason"), app.unit_of_work() as work:
            act(work, "  ")
        with pytest.raises(ForbiddenError), app.unit_of_work(anna) as work:
            act(work, "because")
    assert acting.open_elements(app) == ["Read"]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_nothing_of_a_suspended_instance_moves_until_it_is_resumed(app: App, clock: FixedClock, olga: Actor) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    suspend(app, instance_id, olga)
    assert acting.instance(app, instance_id).row.status == "suspended"
    assert sweep(app) == 0
    assert acting.broken(app) == []
    clock.advance(timedelta(days=1))
    resume(app, instance_id)
    assert acting.instance(app, instance_id).row.status == "active"
    assert sweep(app) == 1
    assert acting.open_elements(app) == ["Read"]
    assert acting.broken(app) == []


def test_a_work_item_of_a_suspended_instance_refuses_completion_and_says_why(app: App) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    suspend(app, instance_id)
    with pytest.raises(engine.SuspendedError, match="suspended"):
        acting.complete(app, "Read")
    resume(app, instance_id)
    acting.complete(app, "Read")
    assert acting.instance(app, instance_id).row.status == "completed"
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_timers_that_fell_due_fire_when_the_instance_is_resumed(app: App, clock: FixedClock) -> None:
    go_live(app, TIMER)
    instance_id = begin(app, "timer")
    suspend(app, instance_id)
    clock.advance(timedelta(hours=2))
    assert sweep(app) == 0
    resume(app, instance_id)
    assert sweep(app) == 1
    assert acting.open_elements(app) == ["Remind"]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_message_for_a_suspended_instance_is_kept_and_given_when_it_is_resumed(app: App) -> None:
    go_live(app, WAITER)
    instance_id = begin(app, "waiter", {"order": "A-1"})
    suspend(app, instance_id)
    with app.unit_of_work() as work:
        assert engine.correlate(work, "paid", key="A-1", payload={"sum": 5}) == [instance_id]
    assert sweep(app) == 0
    assert acting.open_elements(app) == []
    assert acting.broken(app) == []
    resume(app, instance_id)
    assert sweep(app) == 1
    assert acting.open_elements(app) == ["Ship"]
    assert acting.instance(app, instance_id).variables["sum"] == 5
    assert acting.broken(app) == []


def test_every_message_for_an_event_that_stays_is_given_in_turn(app: App) -> None:
    go_live(app, ALARMED)
    instance_id = begin(app, "alarmed", {"house": "7"})
    suspend(app, instance_id)
    for _ in range(2):
        with app.unit_of_work() as work:
            assert engine.correlate(work, "ring", key="7") == [instance_id]
    resume(app, instance_id)
    sweep(app)
    assert acting.open_elements(app) == ["Answer", "Answer", "Watch"]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_second_message_that_its_receiver_needs_no_more_goes_to_whoever_else_takes_it(app: App) -> None:
    go_live(app, WAITER, MESSAGE_START.replace(b'name="order placed"', b'name="paid"'))
    instance_id = begin(app, "waiter", {"order": "A-1"})
    suspend(app, instance_id)
    for _ in range(2):
        with app.unit_of_work() as work:
            engine.correlate(work, "paid", key="A-1")
    resume(app, instance_id)
    sweep(app)
    sweep(app)
    assert acting.open_elements(app) == ["Pack", "Ship"]
    assert acting.broken(app) == []


def test_a_signal_reaches_a_suspended_instance_when_it_is_resumed(app: App) -> None:
    go_live(app, SIGNAL_WAITER)
    instance_id = begin(app, "listener")
    suspend(app, instance_id)
    with app.unit_of_work() as work:
        engine.broadcast(work, "alarm")
    resume(app, instance_id)
    sweep(app)
    assert acting.open_elements(app) == ["Act"]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_job_in_hand_when_its_instance_is_suspended_is_done_anew_later(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    calls = []

    def suspended_meanwhile(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        calls.append(call.attempt)
        if len(calls) == 1:
            engine.suspend(work, call.instance_id, reason="Stop.")
            work.session.commit()
        return {}

    def sweep_once() -> int:
        return engine.sweep_jobs(app.unit_of_work, {"ask": suspended_meanwhile})

    with app.unit_of_work.reading() as work:
        retries = work.session.scalar(select(Job.retries))
    sweep_once()
    assert acting.instance(app, instance_id).row.status == "suspended"
    assert sweep_once() == 0
    resume(app, instance_id)
    assert sweep_once() == 1
    assert calls == [1, 2]
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(Job.retries)) == (retries or 0) + 1
    assert acting.open_elements(app) == ["Read"]
    assert acting.broken(app) == []


def test_an_operator_repairs_a_suspended_instance_and_what_that_begins_is_held(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    suspend(app, instance_id)
    with app.unit_of_work() as work:
        engine.set_variables(work, instance_id, {"x": 1}, reason="Wrong before.")
        engine.skip_visit(work, instance_id, uid_of(app, instance_id, "Ask"), reason="No need.")
    with app.unit_of_work() as work:
        engine.move(work, instance_id, uid_of(app, instance_id, "Read"), "Ask", reason="There is need.")
    assert acting.instance(app, instance_id).row.status == "suspended"
    assert sweep(app) == 0
    assert acting.broken(app) == []
    resume(app, instance_id)
    assert sweep(app) == 1
    assert acting.open_elements(app) == ["Read"]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_suspended_instance_can_be_cancelled_and_leaves_nothing_held(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    suspend(app, instance_id)
    with app.unit_of_work() as work:
        engine.cancel(work, instance_id, reason="No more.")
    assert acting.instance(app, instance_id).row.status == "cancelled"
    assert sweep(app) == 0
    assert acting.broken(app) == []


def test_a_failed_instance_is_failed_again_when_it_is_resumed(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")

    def refuses(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        raise engine.BpmnError("NO", "not today")

    engine.sweep_jobs(app.unit_of_work, {"ask": refuses})
    assert acting.instance(app, instance_id).row.status == "failed"
    suspend(app, instance_id)
    (failure,) = acting.failures(app)
    with pytest.raises(engine.SuspendedError), app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="again")
    resume(app, instance_id)
    assert acting.instance(app, instance_id).row.status == "failed"
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="again")
    assert sweep(app) == 1
    assert acting.broken(app) == []


def test_suspending_twice_and_resuming_what_goes_on_are_conflicts(app: App) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    with pytest.raises(ConflictError, match="not suspended"):
        resume(app, instance_id)
    suspend(app, instance_id)
    with pytest.raises(ConflictError, match="suspended already"):
        suspend(app, instance_id)
