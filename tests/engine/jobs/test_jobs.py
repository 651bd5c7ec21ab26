"""Jobs: done once, tried again when they fail, and a Failure when they keep failing."""

import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.expressions.scripts import ScriptResult
from bpm.engine.jobs import candidates, jobs, lease_renewal, runner
from bpm.engine.models import Job
from bpm.engine.queries import queue_state
from bpm.engine.rules import retry_policy
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.settings import Settings
from bpm.foundation.work import Work
from tests.engine import acting
from tests.engine.models import CAUGHT, SCRIPT, SERVICE, begin, flow, go_live, model


class Topic:
    """A service task that counts its calls and may be told to fail."""

    def __init__(self, *, fails: int = 0, result: Mapping[str, Any] | None = None) -> None:
        self.calls: list[engine.JobCall] = []
        self.fails = fails
        self.result = {"answer": 42} if result is None else result

    def __call__(self, work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        self.calls.append(call)
        if len(self.calls) <= self.fails:
            raise RuntimeError("the line is busy")
        return self.result


def sweep(app: App, topic: Any = None) -> int:
    return engine.sweep_jobs(app.unit_of_work, {} if topic is None else {"ask": topic})


@pytest.mark.both_databases
def test_a_service_task_hands_its_variables_back(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service", {"order": 7})
    topic = Topic()
    assert sweep(app, topic) == 1
    assert topic.calls[0].payload == {"order": 7}
    assert topic.calls[0].element == "Ask"
    assert acting.instance(app, instance_id).variables == {"order": 7, "answer": 42}
    assert acting.open_elements(app) == ["Read"]
    assert sweep(app, topic) == 0
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_script_runs_in_the_worker(app: App) -> None:
    go_live(app, SCRIPT)
    instance_id = begin(app, "script", {"a": 1})
    assert acting.open_elements(app) == []
    assert sweep(app) == 1
    assert acting.instance(app, instance_id).variables == {"a": 1, "total": 2}
    assert acting.open_elements(app) == ["Read"]


def test_a_script_that_fails_names_its_reason_to_the_operators(app: App, clock: FixedClock) -> None:
    go_live(app, SCRIPT)
    begin(app, "script", {})
    for _ in range(3):
        sweep(app)
        clock.advance(timedelta(hours=2))
    (failure,) = acting.failures(app)
    assert (failure.cause, failure.element) == ("script", "Add")
    assert "a" in failure.message
    assert acting.broken(app) == []


def test_a_failing_job_waits_longer_each_time_and_is_then_a_failure(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    topic = Topic(fails=99)
    assert sweep(app, topic) == 1
    assert sweep(app, topic) == 0
    clock.advance(timedelta(seconds=7))
    assert sweep(app, topic) == 1
    clock.advance(timedelta(seconds=7))
    assert sweep(app, topic) == 0
    clock.advance(timedelta(seconds=7))
    assert sweep(app, topic) == 1
    clock.advance(timedelta(days=1))
    assert sweep(app, topic) == 0
    (failure,) = acting.failures(app)
    assert (failure.cause, failure.message) == ("job", "RuntimeError: the line is busy")
    assert [call.attempt for call in topic.calls] == [1, 2, 3]
    assert len({call.idempotency_key for call in topic.calls}) == 1
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_an_operator_tries_a_failed_job_again(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    topic = Topic(fails=3)
    for _ in range(3):
        sweep(app, topic)
        clock.advance(timedelta(hours=1))
    (failure,) = acting.failures(app)
    with pytest.raises(InvalidInputError, match="reason"), app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="")
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="The line is free again.")
    assert sweep(app, topic) == 1
    assert acting.open_elements(app) == ["Read"]
    assert acting.failures(app) == []
    assert acting.failures(app, status="resolved")[0].reason == "The line is free again."
    with pytest.raises(ConflictError, match="resolved already"), app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="again")


def test_a_topic_that_nobody_does_fails_by_name_at_once_and_can_be_done_by_hand(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    sweep(app)
    (failure,) = acting.failures(app)
    assert failure.cause == "unknown_topic"
    assert "'ask'" in failure.message
    assert acting.broken(app) == []
    with app.unit_of_work() as work:
        engine.complete_failed_job(work, failure.id, {"answer": "by phone"}, reason="Asked by phone.")
    assert acting.instance(app, instance_id).variables == {"answer": "by phone"}
    assert acting.open_elements(app) == ["Read"]
    assert acting.broken(app) == []


def test_a_declared_error_takes_the_way_that_the_model_draws(app: App) -> None:
    go_live(app, CAUGHT)
    begin(app, "caught")

    def refuse(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        raise engine.BpmnError("NO", "not today")

    assert sweep(app, refuse) == 1
    assert acting.open_elements(app) == ["Mend"]
    assert acting.failures(app) == []
    assert acting.broken(app) == []


def test_an_error_that_no_one_catches_is_a_failure(app: App) -> None:
    go_live(app, SERVICE)
    begin(app, "service")

    def refuse(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        raise engine.BpmnError("NO", "not today")

    sweep(app, refuse)
    (failure,) = acting.failures(app)
    assert failure.cause == "uncaught_error"
    assert "not today" in failure.message
    assert acting.broken(app) == []
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="Today it is.")
    assert sweep(app, Topic()) == 1
    assert acting.open_elements(app) == ["Read"]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_what_a_failing_service_task_wrote_is_not_kept(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")

    def writes_then_fails(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        engine.set_variables(work, call.instance_id, {"half": "done"}, reason="in between")
        raise RuntimeError("and then the power went")

    sweep(app, writes_then_fails)
    assert acting.instance(app, instance_id).variables == {}
    assert acting.broken(app) == []


def test_a_poisoned_job_keeps_no_other_from_being_done(app: App) -> None:
    go_live(app, SERVICE)
    poisoned, healthy = begin(app, "service", {"poison": True}), begin(app, "service", {"poison": False})

    def picky(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        if call.payload["poison"]:
            raise RuntimeError("poison")
        return {}

    assert sweep(app, picky) == 2
    assert [row.instance_id for row in acting.items(app)] == [healthy]
    assert poisoned != healthy


@pytest.mark.parametrize("broken", [SystemExit(3), MemoryError("too much"), RecursionError("too deep")])
def test_an_error_of_any_class_is_a_failure_in_the_end(app: App, clock: FixedClock, broken: BaseException) -> None:
    go_live(app, SERVICE)
    begin(app, "service")

    def breaks(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        raise broken

    for _ in range(3):
        sweep(app, breaks)
        clock.advance(timedelta(hours=2))
    (failure,) = acting.failures(app)
    assert failure.cause == "job"
    assert failure.message.startswith(type(broken).__name__)
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_trouble_of_the_database_does_not_count_as_an_attempt(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    topic = Topic()

    def troubled(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        if topic(work, call) and len(topic.calls) <= 5:
            raise OperationalError("SELECT 1", {}, Exception("the server went away"))
        return {}

    for _ in range(6):
        assert sweep(app, troubled) == 1
        clock.advance(timedelta(hours=2))
    assert acting.failures(app) == []
    assert acting.open_elements(app) == ["Read"]


@pytest.mark.both_databases
def test_a_worker_takes_back_at_once_what_it_lost_sight_of(app: App) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    with app.unit_of_work() as work:
        ((job_id, status, _topic),) = candidates.candidates(work)
        jobs.lease(work, job_id, status, owner="me")
    tasks = {"ask": Topic()}
    assert engine.sweep_jobs(app.unit_of_work, tasks, owner="another") == 0
    assert engine.sweep_jobs(app.unit_of_work, tasks, owner="me") == 1
    assert acting.open_elements(app) == ["Read"]


@pytest.mark.both_databases
def test_a_long_job_keeps_its_lease_while_it_runs(app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease_renewal, "RENEW_EVERY", timedelta(milliseconds=5))
    go_live(app, SERVICE)
    begin(app, "service")

    def lease_until() -> Any:
        with app.unit_of_work.reading() as work:
            return work.session.scalar(select(Job.lease_until))

    def slow(call: engine.JobCall) -> Mapping[str, Any]:
        clock.advance(jobs.LEASE_FOR - timedelta(seconds=1))
        deadline = time.monotonic() + 10
        while lease_until() < clock.now() + jobs.LEASE_FOR and time.monotonic() < deadline:
            time.sleep(0.005)
        clock.advance(jobs.LEASE_FOR - timedelta(seconds=1))
        return {"answer": len(engine_candidates())}

    def engine_candidates() -> list[Any]:
        with app.unit_of_work.reading() as work:
            return list(candidates.candidates(work, owner="another"))

    assert sweep(app, engine.Outside(slow)) == 1
    assert acting.open_elements(app) == ["Read"]
    assert acting.instance(app, 1).variables == {"answer": 0}
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_job_whose_lease_was_lost_while_it_ran_changes_nothing(
    app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_renewal, "RENEW_EVERY", timedelta(milliseconds=5))
    go_live(app, SERVICE)
    begin(app, "service")
    topic = Topic()

    def loses(call: engine.JobCall) -> Mapping[str, Any]:
        with app.unit_of_work() as work:
            work.session.execute(update(Job).values(lease_owner="another", attempts=Job.attempts + 1))
        (beating,) = [thread for thread in threading.enumerate() if thread.name == "earshot-lease"]
        beating.join(10)
        assert not beating.is_alive()
        return {"answer": "too late"}

    sweep(app, engine.Outside(loses))
    assert acting.instance(app, 1).variables == {}
    clock.advance(jobs.LEASE_FOR + timedelta(seconds=1))
    sweep(app, topic)
    assert acting.instance(app, 1).variables == {"answer": 42}
    assert acting.broken(app) == []


def test_one_poisoned_job_and_a_hundred_good_ones_are_done_without_waiting_for_it(app: App) -> None:
    go_live(app, SERVICE)
    poisoned, *healthy = (begin(app, "service", {"n": number}) for number in range(101))

    def picky(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        if call.payload["n"] == 0:
            raise RuntimeError("poison")
        return {}

    assert [sweep(app, picky) for _ in range(7)] == [20, 20, 20, 20, 20, 1, 0]
    with app.unit_of_work.reading() as work:
        waiting = work.session.scalars(select(Job.instance_id).where(Job.status == "ready")).all()
        assert work.session.scalar(select(func.count()).where(Job.status == "done")) == len(healthy)
    assert waiting == [poisoned]


@pytest.mark.both_databases
def test_a_long_line_of_one_topic_keeps_no_other_topic_waiting(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    go_live(app, SERVICE, SERVICE.replace(b'"ask"', b'"tell"').replace(b'"service"', b'"other"'))
    for _ in range(2 * engine.JOBS_AT_ONCE):
        begin(app, "service")
    begin(app, "other")
    monkeypatch.setattr(runner, "SLOW", 0.0)
    done: list[str] = []

    def does(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        done.append(call.topic)
        return {}

    engine.sweep_jobs(app.unit_of_work, {"ask": does, "tell": does})
    assert done == ["ask", "tell"]
    engine.sweep_jobs(app.unit_of_work, {"ask": does, "tell": does})
    assert done == ["ask", "tell", "ask"]


@pytest.mark.both_databases
def test_a_job_whose_worker_was_lost_is_taken_over_after_its_lease(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    with app.unit_of_work() as work:
        ((job_id, status, _topic),) = candidates.candidates(work)
        lost = jobs.lease(work, job_id, status, owner="lost")
    assert lost is not None
    assert sweep(app, Topic()) == 0
    clock.advance(jobs.LEASE_FOR + timedelta(seconds=1))
    assert sweep(app, Topic()) == 1
    with pytest.raises(ConflictError, match="taken over"), app.unit_of_work() as work:
        runner._hand_back(work, lost, {"answer": "too late"})
    assert acting.open_elements(app) == ["Read"]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_only_one_of_two_workers_gets_a_job(app: App) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    with app.unit_of_work() as work:
        ((job_id, status, _topic),) = candidates.candidates(work)
        first = jobs.lease(work, job_id, status, owner="one")
        second = jobs.lease(work, job_id, status, owner="two")
    assert first is not None
    assert second is None


@pytest.mark.both_databases
def test_a_job_that_kills_its_workers_becomes_a_failure(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    for _ in range(3):
        with app.unit_of_work() as work:
            ((job_id, status, _topic),) = candidates.candidates(work)
            assert jobs.lease(work, job_id, status, owner="doomed") is not None
        clock.advance(jobs.LEASE_FOR + timedelta(seconds=1))
    assert sweep(app, Topic()) == 0
    (failure,) = acting.failures(app)
    assert failure.cause == "lease_lost"
    assert acting.broken(app) == []


def test_a_job_of_a_cancelled_instance_is_not_done(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    with app.unit_of_work() as work:
        engine.cancel(work, instance_id, reason="over")
    topic = Topic()
    assert sweep(app, topic) == 0
    assert topic.calls == []
    assert acting.broken(app) == []


def test_a_decision_that_nobody_makes_fails_by_name(app: App) -> None:
    ruled = model(
        "ruled",
        '<startEvent id="start"/><businessRuleTask id="Rate" camunda:decisionRef="risk"/><endEvent id="end"/>'
        + flow("start", "Rate")
        + flow("Rate", "end"),
    )
    go_live(app, ruled)
    begin(app, "ruled")
    sweep(app)
    (failure,) = acting.failures(app)
    assert failure.cause == "unknown_topic"
    assert "risk" in failure.message


@pytest.mark.both_databases
def test_the_age_of_the_queue_is_the_wait_of_its_oldest_job(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    start = clock.now()
    begin(app, "service")
    clock.advance(timedelta(minutes=3))
    begin(app, "service")
    with app.unit_of_work.reading() as work:
        state = queue_state(work)
    assert (state.due, state.oldest_at) == (2, start)


def test_a_service_task_that_brings_no_plain_values_is_tried_again_and_named(app: App) -> None:
    go_live(app, SERVICE)
    begin(app, "service")
    sweep(app, Topic(result={"when": object()}))
    with app.unit_of_work.reading() as work:
        assert "plain JSON" in (work.session.scalar(select(Job.last_error)) or "")


def test_waiting_times_grow_and_are_spread(clock: FixedClock) -> None:
    def waits(job_id: int, attempt: int) -> timedelta:
        return retry_policy.wait_before(attempt, None, job_id=job_id, now=clock.now())

    seconds = [waits(1, attempt).total_seconds() for attempt in range(1, 30)]
    assert 4 <= seconds[0] <= 6
    assert seconds[0] < seconds[1] < seconds[2]
    assert max(seconds) <= retry_policy.LONGEST_WAIT.total_seconds() * 1.2
    assert len({waits(job_id, 1) for job_id in range(50)}) > 40


def test_tries_and_waits_come_from_the_model_then_from_the_topic_then_from_the_house(clock: FixedClock) -> None:
    written = "payment=R5/PT1M,PT10M; *=R2"
    assert retry_policy.policy_of("payment", written, retries=None, retry_in=None) == retry_policy.RetryPolicy(
        5, "PT1M,PT10M"
    )
    assert retry_policy.policy_of("payment", written, retries=7, retry_in="PT3H") == retry_policy.RetryPolicy(7, "PT3H")
    assert retry_policy.policy_of("other", written, retries=None, retry_in=None) == retry_policy.RetryPolicy(2, None)
    assert retry_policy.policy_of("other", "", retries=None, retry_in=None) == retry_policy.RetryPolicy(3, None)
    minutes = [
        retry_policy.wait_before(attempt, "PT1M,PT10M", job_id=3, now=clock.now()) // timedelta(minutes=1)
        for attempt in (1, 2, 3, 4)
    ]
    assert minutes == [1, 10, 10, 10]


@pytest.mark.parametrize("wrong", ["payment", "payment=5", "payment=R0", "payment=R5/1 minute", "=R5"])
def test_a_setting_of_retries_that_cannot_be_read_is_refused_at_the_start(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(job_retries=wrong)


def test_a_model_that_says_how_often_and_when_to_try_again_is_followed(app: App, clock: FixedClock) -> None:
    cycle = b"<extensionElements><camunda:failedJobRetryTimeCycle>R2/PT30M</camunda:failedJobRetryTimeCycle>"
    go_live(
        app,
        SERVICE.replace(
            b'camunda:topic="ask"/>', b'camunda:topic="ask">' + cycle + b"</extensionElements></serviceTask>"
        ),
    )
    begin(app, "service")
    topic = Topic(fails=9)
    assert sweep(app, topic) == 1
    clock.advance(timedelta(minutes=29))
    assert sweep(app, topic) == 0
    clock.advance(timedelta(minutes=5))
    assert sweep(app, topic) == 1
    assert acting.failures(app)[0].cause == "job"


@pytest.mark.both_databases
def test_a_job_taken_from_the_worker_under_its_hands_changes_nothing(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")

    def loses_its_lease(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        work.session.execute(update(Job).where(Job.id == call.job_id).values(attempts=Job.attempts + 1))
        return {"answer": 1}

    sweep(app, loses_its_lease)
    assert acting.instance(app, instance_id).variables == {}
    assert acting.failures(app) == []


COUNTERS = model(
    "counters",
    '<startEvent id="start"/><parallelGateway id="split"/>'
    '<scriptTask id="One" scriptFormat="python"><script>n = n + 1</script></scriptTask>'
    '<scriptTask id="Two" scriptFormat="python"><script>n = n + 10</script></scriptTask>'
    '<parallelGateway id="join"/><userTask id="Read"/><endEvent id="end"/>'
    + flow("start", "split")
    + flow("split", "One")
    + flow("split", "Two")
    + flow("One", "join")
    + flow("Two", "join")
    + flow("join", "Read")
    + flow("Read", "end"),
)


def test_scripts_side_by_side_do_not_lose_each_others_writes(app: App) -> None:
    go_live(app, COUNTERS)
    instance_id = begin(app, "counters", {"n": 0})
    assert sweep(app) == 2
    assert acting.instance(app, instance_id).variables == {"n": 11}
    assert acting.open_elements(app) == ["Read"]


def test_a_script_runs_anew_when_its_instance_moved_on_under_it(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    go_live(app, SCRIPT)
    instance_id = begin(app, "script", {"a": 1})
    seen = []
    run_script = runner.run_script

    def slow(source: str, variables: dict[str, Any]) -> ScriptResult:
        seen.append(variables["a"])
        if len(seen) == 1:
            with app.unit_of_work() as work:
                engine.set_variables(work, instance_id, {"a": 5}, reason="It is five.")
        return run_script(source, variables)

    monkeypatch.setattr(runner, "run_script", slow)
    assert sweep(app) == 1
    assert seen == [1, 5]
    assert acting.instance(app, instance_id).variables == {"a": 5, "total": 6}
    assert acting.broken(app) == []
