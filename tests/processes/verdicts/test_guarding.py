"""A guard stops the rollout and tells the owners; a plan stays as it was registered, and a second person signs."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.notices.models import PersonNotice
from bpm.processes import rollouts, verdicts
from bpm.processes.measures.catalogue import MEASURES as CATALOGUE
from bpm.processes.verdicts import MEASURES, Guard, VerdictPlan
from tests.processes.conftest import make_person
from tests.processes.verdicts.conftest import Draw, Register
from tests.processes.verdicts.made_history import shares, write


def test_measures_have_the_names_that_they_have_everywhere() -> None:
    assert set(MEASURES) <= set(CATALOGUE)


def test_a_guard_that_is_crossed_pauses_the_rollout_and_tells_whoever_asked(
    app: App, clock: FixedClock, manager: Actor, versions: tuple[int, int], registered: Register, drawn: Draw
) -> None:
    plan_id = registered(guards=(Guard("waiting", 1.0), Guard("complaints_per_100", 0.05)))
    old, new = versions
    draw, start = random.Random(1), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=15))
    slow = [
        replace(each, waited=draw.uniform(8, 16))
        for each in shares(draw, 100, start, 14, 0.3, version_id=new, first_customer=400)
    ]
    quick = [replace(each, waited=draw.uniform(2, 6)) for each in shares(draw, 100, start, 14, 0.3, version_id=old)]
    drawn(write(app, "care", quick), write(app, "care", slow))
    verdicts.sweep_verdicts(app.unit_of_work)
    with app.unit_of_work.reading(manager) as work:
        kept = {each.measure: each for each in verdicts.get_plan(work, plan_id).guards}
        assert kept["waiting"].crossed_at is not None
        assert kept["waiting"].at_least is not None
        assert kept["waiting"].at_least > 1
        assert kept["complaints_per_100"].crossed_at is None
        assert verdicts.get_plan(work, plan_id).looks == ()
        row = rollouts.list_rollouts(work, "care")[0].rollout
        assert row.status == "paused"
        assert "Waiting time" in row.reason
        told = work.session.scalars(select(PersonNotice.subject).where(PersonNotice.kind == "verdict")).all()
        assert ["Paused: guard: “Waiting time” is worse by at least" in each for each in told] == [True]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"measure": "likes"}, "measure"),
        ({"smallest": 2.0}, "smallest"),
        ({"looks": 11}, "looks"),
        ({"design": "series", "looks": 2, "rollout_id": None}, "looks"),
        ({"design": "randomised", "rollout_id": None}, "design"),
        ({"rule": {"improved": "keep_new"}}, "rule"),
        ({"rollout_id": 99}, "rollout"),
        ({"guards": tuple(Guard(name, 0.0) for name in list(MEASURES)[:6])}, "guards"),
        ({"controls": ("negative_share",)}, "controls"),
    ],
)
def test_what_is_no_plan_is_refused_by_field(registered: Register, changed: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        registered(**changed)
    assert field in refused.value.fields


def test_a_plan_is_laid_down_before_and_only_its_last_day_moves(
    app: App, clock: FixedClock, manager: Actor, registered: Register
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        registered(starts_at=clock.now() - timedelta(days=1))
    assert "starts_at" in refused.value.fields
    plan_id = registered()
    with app.unit_of_work(manager) as work:
        row = verdicts.get_plan_row(work, plan_id)
        later = row.ends_on + timedelta(days=30)
        with pytest.raises(InvalidInputError):
            verdicts.amend(work, plan_id, ends_on=row.ends_on - timedelta(days=1), reason="Sooner.")
        verdicts.amend(work, plan_id, ends_on=later, reason="Few cases begin in summer.")
        found = verdicts.get_plan(work, plan_id)
        assert (found.last_day, found.genuine) == (later, True)
        assert [each.reason for each, _by in found.amendments] == ["Few cases begin in summer."]
        row.smallest = 0.01
        assert not verdicts.get_plan(work, plan_id).genuine


def test_against_the_rule_two_people_decide_and_the_rollout_hears_of_the_rule(
    app: App, clock: FixedClock, manager: Actor, versions: tuple[int, int], registered: Register, drawn: Draw,
    rollout: int,
) -> None:  # fmt: skip
    plan_id = registered(per_arm=60)
    old, new = versions
    draw, start = random.Random(6), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=100))
    first = write(app, "care", shares(draw, 150, start, 50, 0.5, version_id=old))
    drawn(first, write(app, "care", shares(draw, 150, start, 50, 0.1, version_id=new, first_customer=400)))
    with app.unit_of_work(manager) as work:
        assert verdicts.advice(work, rollout) == rollouts.Advice("", "Not looked at yet.")
        with pytest.raises(ConflictError):
            verdicts.decide(work, plan_id, "keep_new", "Why not.")
    verdicts.sweep_verdicts(app.unit_of_work)
    with app.unit_of_work(manager) as work:
        said = verdicts.advice(work, rollout)
        assert said is not None
        assert said.decision == "live"
        assert verdicts.decide(work, plan_id, "back_to_old", "Too dear.") is False
        with pytest.raises(ForbiddenError):
            verdicts.sign_second(work, plan_id)
    with app.unit_of_work(make_person(app, "otto", "manager")) as work:
        verdicts.sign_second(work, plan_id)
        assert work.session.get_one(VerdictPlan, plan_id).state == "decided"
