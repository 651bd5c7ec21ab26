"""Leases lost while a job runs, messages twice and in every order: each takes effect once, none is lost silently."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.queries import instance_commands, list_instances, queue_state
from bpm.engine.status import InstanceStatus
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor, Work
from tests.engine import acting
from tests.engine.models import SERVICE, begin, flow, go_live, model
from tests.faults.conftest import Count
from tests.faults.world import broken

pytestmark = pytest.mark.both_databases

AWAITED = model(
    "awaited",
    '<startEvent id="start"/><userTask id="A"/><intermediateCatchEvent id="Paid"><messageEventDefinition '
    'messageRef="paid" e:correlationKey="order"/></intermediateCatchEvent><userTask id="B"/><endEvent id="end"/>'
    + flow("start", "A")
    + flow("A", "Paid")
    + flow("Paid", "B")
    + flow("B", "end"),
    roots='<message id="paid" name="paid"/>',
)


class Interrupted:
    """A unit of work where something happens once, before the first transaction while a job is leased."""

    def __init__(self, app: App, happens: Callable[[], None]) -> None:
        self.app, self.happens = app, happens

    def __call__(self, *actor: Actor) -> Any:
        with self.app.unit_of_work.reading() as work:
            leased = queue_state(work).leased
        if leased:
            happens, self.happens = self.happens, lambda: None
            happens()
        return self.app.unit_of_work(*actor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app.unit_of_work, name)


def test_a_lease_lost_while_the_job_runs_makes_the_late_result_void(app: App, clock: FixedClock, count: Count) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    ran: list[str] = []

    def second(_work: Work, _call: engine.JobCall) -> Mapping[str, Any]:
        ran.append("second")
        return {"by": "second"}

    def overtake() -> None:
        clock.advance(timedelta(minutes=6))
        assert engine.sweep_jobs(app.unit_of_work, {"ask": second}, owner="two") == 1

    # SQLite lets nobody write while a job's transaction is open: there the lease is lost just before it.
    in_the_middle = app.database.dialect.name == "postgresql"

    def first(_work: Work, _call: engine.JobCall) -> Mapping[str, Any]:
        ran.append("first")
        if in_the_middle:
            overtake()
        return {"by": "first"}

    late = Interrupted(app, (lambda: None) if in_the_middle else overtake)
    assert engine.sweep_jobs(late, {"ask": first}, owner="one") == 1
    assert sorted(ran) == ["first", "second"]
    assert acting.instance(app, instance_id).variables == {"by": "second"}
    with app.unit_of_work.reading() as work:
        assert [row.command for row in instance_commands(work, instance_id)] == ["start", "job"]
    assert acting.open_elements(app) == ["Read"]
    assert acting.failures(app) == []
    assert broken(app) == []
    count(ran=len(ran), took_effect=1)


DEEDS = ("start", "complete A", "message", "message again")


def do(app: App, deed: str) -> list[int]:
    """Do it if it can be done; gives the instances that took a message."""
    if deed == "start":
        begin(app, "awaited", {"order": "17"})
    elif deed == "complete A":
        if acting.open_elements(app) == ["A"]:
            acting.complete(app, "A")
    else:
        return send(app, "17")
    return []


def send(app: App, order: str) -> list[int]:
    """The instances that took the message about that order."""
    with app.unit_of_work() as work:
        return engine.correlate(work, "paid", key=order)


def test_messages_twice_early_late_and_for_others_are_taken_at_most_once_in_every_order(app: App, count: Count) -> None:
    go_live(app, AWAITED)
    orders = list(permutations(DEEDS))
    sent = taken = 0
    for order in orders:
        answers: dict[str, list[int]] = {}
        for deed in order:
            assert send(app, "18") == [], "a message about another order was taken"
            answers[deed] = do(app, deed)
        at = {deed: place for place, deed in enumerate(order)}
        waiting = at["start"] < at["complete A"]
        in_time = [deed for deed in DEEDS[2:] if waiting and at[deed] > at["complete A"]]
        first_in_time = sorted(in_time, key=at.__getitem__)[:1]
        # Every sender is told who took it: the first that came in time its instance, all others nobody.
        assert [deed for deed in DEEDS if answers[deed]] == first_in_time, order
        sent, taken = sent + len(order) + 2, taken + len(first_in_time)
        if waiting:
            assert acting.open_elements(app) == (["B"] if first_in_time else []), order
        with app.unit_of_work() as work:
            for row in list_instances(work, "awaited", statuses=[InstanceStatus.ACTIVE]).rows:
                engine.cancel(work, row.id, reason="The next order begins.")
    count(orders=len(orders), sent=sent, taken=taken, told_that_nobody_waits=sent - taken)
    assert broken(app) == []
