"""What does not move is found by rows alone, and each finding says what to do."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bpm import identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import teamwork
from bpm.engine.models import EventSubscription, Job, WorkItem
from bpm.engine.queries import Stalled, list_stalled
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import LANES, ONE_TASK, SERVICE, TIMER, WAITER, begin, flow, go_live, model

CONDITIONAL = model(
    "conditional",
    '<startEvent id="start"/><intermediateCatchEvent id="Enough"><conditionalEventDefinition><condition>n &gt; 3'
    '</condition></conditionalEventDefinition></intermediateCatchEvent><userTask id="Act"/><endEvent id="end"/>'
    + flow("start", "Enough")
    + flow("Enough", "Act")
    + flow("Act", "end"),
)


def standstills(app: App) -> list[Stalled]:
    with app.unit_of_work.reading() as work:
        return list_stalled(work)


def kinds(app: App) -> list[tuple[str, int]]:
    return [(found.kind, found.instance_id) for found in standstills(app)]


@pytest.mark.both_databases
def test_an_instance_of_which_nothing_waits_is_stuck(app: App, anna: Actor) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    assert kinds(app) == []
    with app.unit_of_work() as work:
        work.session.execute(delete(WorkItem).where(WorkItem.instance_id == instance_id))
    (found,) = standstills(app)
    assert (found.kind, found.instance_id, found.key) == ("stuck", instance_id, "one")
    assert "cancel it" in found.remedy


@pytest.mark.both_databases
def test_an_instance_that_waits_for_an_event_alone_is_quiet_after_some_days(app: App, clock: FixedClock) -> None:
    go_live(app, WAITER, CONDITIONAL, TIMER, ONE_TASK)
    waiter, conditional = begin(app, "waiter", {"order": "A"}), begin(app, "conditional", {"n": 1})
    begin(app, "timer")
    begin(app, "one")
    clock.advance(timedelta(days=13))
    assert kinds(app) == []
    clock.advance(timedelta(days=2))
    assert kinds(app) == [("quiet", waiter), ("quiet", conditional)]
    assert "'n > 3'" in standstills(app)[1].what
    assert acting.broken(app) == []
    with app.unit_of_work() as work:
        engine.set_variables(work, conditional, {"n": 2}, reason="Two now.")
    assert kinds(app) == [("quiet", waiter)]


@pytest.mark.both_databases
def test_a_job_that_is_due_although_workers_live_is_overdue(app: App, clock: FixedClock) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    clock.advance(timedelta(hours=1))
    assert kinds(app) == []
    engine.beat(app.unit_of_work, name="one")
    assert kinds(app) == [("overdue", instance_id)]
    assert "'ask'" in standstills(app)[0].what


@pytest.mark.both_databases
def test_work_for_a_group_without_members_is_found_once_per_group_with_its_number(app: App, ben: Actor) -> None:
    go_live(app, LANES)
    first = begin(app, "lanes")
    begin(app, "lanes")
    (found,) = standstills(app)
    assert (found.kind, found.instance_id, found.count) == ("unstaffed", first, 2)
    assert "Customer Service" in found.what
    acting.complete(app, "A")
    assert [each.count for each in standstills(app)] == [1]


@pytest.mark.both_databases
def test_work_for_a_group_whose_only_member_is_away_is_named_with_who_and_until_when(
    app: App, clock: FixedClock, anna: Actor
) -> None:
    go_live(app, LANES)
    first = begin(app, "lanes")
    with app.unit_of_work() as work:
        only = identity.create_user(
            work, "tia", display_name="Tia", password="long enough now", roles=["staff"], groups=["customer_service"]
        )
        tia = identity.actor_of(only)
    assert kinds(app) == []
    with app.unit_of_work(tia) as work:
        teamwork.plan_absence(work, anna.user_id or 0, clock.now(), clock.now() + timedelta(days=3))
    [found] = standstills(app)
    assert (found.kind, found.instance_id, found.name) == ("unstaffed", first, "Lanes")
    assert "whose people are all away: Tia; the first one until 05 Mar 2026" in found.what
    clock.advance(timedelta(days=4))
    teamwork.sweep_absences(app.unit_of_work)
    assert kinds(app) == []


def test_an_instance_that_was_suspended_and_forgotten_is_found(app: App, clock: FixedClock) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    with app.unit_of_work() as work:
        engine.suspend(work, instance_id, reason="Look into it.")
    assert kinds(app) == []
    clock.advance(timedelta(days=15))
    assert kinds(app) == [("suspended", instance_id)]


def test_the_checker_names_what_moves_though_its_instance_is_suspended_and_what_is_held_for_nothing(app: App) -> None:
    go_live(app, SERVICE, TIMER)
    service, timer = begin(app, "service"), begin(app, "timer")
    for instance_id in (service, timer):
        with app.unit_of_work() as work:
            engine.suspend(work, instance_id, reason="Look into it.")
    assert acting.broken(app) == []
    with app.unit_of_work() as work:
        work.session.execute(update(Job).values(status="ready"))
        work.session.execute(update(EventSubscription).values(status="open"))
    assert [sentence.partition(", but its ")[2] for sentence in acting.broken(app)] == [
        "job 1 is not held.",
        "timer 1 is not held.",
    ]
    for instance_id in (service, timer):
        with app.unit_of_work() as work:
            engine.resume(work, instance_id, reason="Done.")
    with app.unit_of_work() as work:
        work.session.execute(update(Job).values(status="held"))
    assert any("is held, but the instance is not suspended" in sentence for sentence in acting.broken(app))
