"""Verdicts on a history whose truth is known: the real change improved, the null one did not, late words are late."""

import random
from datetime import timedelta

from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import verdicts
from bpm.processes.verdicts import PlanDetail
from tests.processes.verdicts.conftest import Draw, Register
from tests.processes.verdicts.made_history import shares, write


def see(app: App, plan_id: int) -> PlanDetail:
    with app.unit_of_work.reading() as work:
        found = verdicts.get_plan(work, plan_id)
        for look in found.looks:
            assert look.inputs is not None  # read before the session goes
        work.session.expunge_all()
        return found


def run(app: App, clock: FixedClock, *, days: int) -> None:
    """Time goes by, and the worker looks."""
    clock.advance(timedelta(days=days))
    verdicts.sweep_verdicts(app.unit_of_work)


def test_a_real_change_is_improved_at_the_look_that_was_planned_and_nothing_is_seen_before(
    app: App, clock: FixedClock, manager: Actor, versions: tuple[int, int], registered: Register, drawn: Draw
) -> None:
    plan_id = registered(looks=2, guards=(verdicts.Guard("waiting", 1.0),), controls=("work",))
    old, new = versions
    draw, start = random.Random(4), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=100))
    first = write(app, "care", shares(draw, 320, start, 60, 0.35, version_id=old))
    second = write(app, "care", shares(draw, 320, start, 60, 0.2, version_id=new, first_customer=400))
    drawn(first, second)

    clock.set(start + timedelta(days=20))
    verdicts.sweep_verdicts(app.unit_of_work)
    early = see(app, plan_id)
    assert early.row.plan.state == "running"
    assert early.looks == ()
    assert [each.crossed_at for each in early.guards] == [None]
    with app.unit_of_work.reading(manager) as work:
        told = verdicts.standing(work, early.row.plan, None)
    assert told.stage == "no data"
    assert "were watched for 30 days" in told.words

    run(app, clock, days=75)
    found = see(app, plan_id)
    assert found.genuine
    assert [look.number for look in found.looks] == [2]
    look = found.looks[0]
    assert look.verdict == "improved", (look.sentence, look.threats)
    assert look.sentence.startswith("Improved: Cases with negative words by -")
    assert look.high is not None
    assert look.high < 0
    assert (look.n_old, look.n_new) == (320, 320)
    assert len(look.inputs_hash) == 64
    assert found.row.plan.state == "read"
    with app.unit_of_work.reading(manager) as work:
        assert verdicts.standing(work, found.row.plan, look).stage == "needs people"
        assert [each.element for each in verdicts.badges(work, "care")] == ["read"]


def test_a_change_that_does_nothing_is_not_called_one_however_often_one_looks(
    app: App, clock: FixedClock, versions: tuple[int, int], registered: Register, drawn: Draw
) -> None:
    """Late complaints: read before they came, the newer cases of a growing arm would look better than they are."""
    plan_id = registered(looks=3, per_arm=200)
    old, new = versions
    draw, start = random.Random(9), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=200))
    # The new version's cases began later on the whole: without the window they had less time to be complained about.
    first = write(app, "care", shares(draw, 200, start, 50, 0.3, delay=12, version_id=old))
    second = write(
        app,
        "care",
        shares(draw, 200, start + timedelta(days=15), 50, 0.3, delay=12, version_id=new, first_customer=400),
    )
    drawn(first, second)
    clock.set(start)
    for _day in range(0, 125, 5):
        run(app, clock, days=5)
    found = see(app, plan_id)
    assert found.looks
    assert {look.verdict for look in found.looks} <= {"not shown", "no difference"}, [x.sentence for x in found.looks]
    assert [look.number for look in found.looks] == sorted({look.number for look in found.looks})
    assert any("late outcomes" in each for each in found.looks[0].threats)


def test_many_cases_of_few_customers_are_few_voices(
    app: App, clock: FixedClock, versions: tuple[int, int], registered: Register, drawn: Draw
) -> None:
    plan_id = registered(per_arm=200)
    old, new = versions
    draw, start = random.Random(3), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=200))
    first = write(app, "care", shares(draw, 200, start, 50, 0.32, each=25, leaning=0.5, version_id=old))
    second = write(
        app, "care", shares(draw, 200, start, 50, 0.2, each=25, leaning=0.5, version_id=new, first_customer=400)
    )
    drawn(first, second)
    verdicts.sweep_verdicts(app.unit_of_work)
    look = see(app, plan_id).looks[0]
    assert look.facts["customers"] == 16
    assert look.verdict == "not shown", look.sentence
    assert look.low is not None
    assert look.high is not None
    assert look.high - look.low > 0.2


def test_a_split_that_does_not_fit_a_changed_classifier_and_a_control_that_moves_withhold_the_result(
    app: App, clock: FixedClock, versions: tuple[int, int], registered: Register, drawn: Draw
) -> None:
    plan_id = registered(per_arm=100, controls=("waiting",))
    old, new = versions
    draw, start = random.Random(5), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=150))
    first = write(app, "care", shares(draw, 260, start, 50, 0.4, version_id=old))
    second = write(
        app, "care", shares(draw, 120, start, 50, 0.1, version_id=new, first_customer=400, model="m2", waited=9.0)
    )
    drawn(first, second)
    verdicts.sweep_verdicts(app.unit_of_work)
    look = see(app, plan_id).looks[0]
    assert (look.verdict, look.stage) == ("not shown", "unhealthy")
    assert look.threats[0].startswith("sample ratio: ")
    assert any(each.startswith("classifier changed: ") for each in look.threats)
    assert any(each.startswith("negative control: “Waiting time”") for each in look.threats)
