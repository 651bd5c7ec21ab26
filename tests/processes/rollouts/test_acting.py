"""What people do with a rollout: ramp it with a second person, pause it, stop it at once, decide."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from bpm import audit, notices
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance, Signature
from bpm.engine.status import VersionStatus
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, RefusedError
from bpm.foundation.work import Actor
from bpm.processes import rollouts
from bpm.processes.rollouts import Advice, Arm, Rollout, RolloutCase, RolloutStatus
from tests.effort import statements_of
from tests.processes.conftest import make_person
from tests.processes.rollouts.conftest import Begin, start_case


@pytest.fixture
def ada(app: App) -> Actor:
    return make_person(app, "ada", "designer")


@pytest.fixture
def bea(app: App) -> Actor:
    return make_person(app, "bea", "manager")


@pytest.fixture
def _advised() -> Iterator[None]:
    yield
    rollouts.set_hooks(advice=lambda _work, _rollout_id: None)


def status_of(app: App, version_id: int) -> VersionStatus:
    with app.unit_of_work.reading() as work:
        return engine_queries.get_version(work, version_id).status


def state(app: App, rollout_id: int) -> tuple[str, int, str]:
    with app.unit_of_work.reading() as work:
        row = work.session.get_one(Rollout, rollout_id)
        return str(row.status), row.step, row.asked


def test_a_step_needs_a_second_person_and_the_time_to_cool_off(
    app: App, clock: FixedClock, roll_out: Begin, ada: Actor, bea: Actor
) -> None:
    rollout_id = roll_out(steps=(0.05, 0.2, 0.5), cool_off_hours=24)
    with pytest.raises(RefusedError, match="cooled off"), app.unit_of_work(ada) as work:
        rollouts.ask_step(work, rollout_id, "nothing broke")
    clock.advance(timedelta(hours=24))
    with app.unit_of_work(bea) as work:
        signed = work.session.scalars(select(Signature)).all()[-1]
        signed.user_id = bea.user_id
    with app.unit_of_work(ada) as work:
        rollouts.ask_step(work, rollout_id, "nothing broke")
    with app.unit_of_work.reading(bea) as work:
        (notice,) = notices.list_notices(work, unread=True).rows
        assert "second person is wanted for the next share of the rollout of care" in notice.subject
    with pytest.raises(ForbiddenError, match="yourself"), app.unit_of_work(ada) as work:
        rollouts.approve(work, rollout_id)
    with pytest.raises(ConflictError, match="waits"), app.unit_of_work(ada) as work:
        rollouts.ask_step(work, rollout_id, "again")
    with app.unit_of_work(bea) as work:
        assert rollouts.approve(work, rollout_id) == "step"
    assert state(app, rollout_id) == ("running", 1, "")
    with app.unit_of_work.reading(bea) as work:
        assert notices.list_notices(work, unread=True).rows == ()
    clock.advance(timedelta(hours=24))
    with app.unit_of_work(ada) as work:
        rollouts.ask_step(work, rollout_id, "and on")
    with app.unit_of_work(bea) as work:
        rollouts.refuse(work, rollout_id, "wait for the holiday to be over")
    assert state(app, rollout_id) == ("running", 1, "")
    with app.unit_of_work.reading() as work:
        acts = rollouts.list_acts(work, rollout_id)
        assert [act.verb for act in acts] == ["step_refused", "step_asked", "step_approved", "step_asked", "started"]
        assert [act.share for act in acts] == [0.2, 0.2, 0.2, 0.05, 0.05]
        assert [act.by for act in acts][:3] == ["Bea", "Ada", "Bea"]
        trail = audit.list_rows(work, audit.Filters()).rows
        assert {"rollout.started", "rollout.step_asked", "rollout.step_approved"} <= {row.verb for row in trail}


def test_who_may_neither_deploy_nor_sign_decides_nothing(app: App, roll_out: Begin, advocate: Actor) -> None:
    rollout_id = roll_out()
    for act in (
        lambda work: rollouts.pause(work, rollout_id, "no"),
        lambda work: rollouts.stop(work, rollout_id, "no"),
        lambda work: rollouts.decide(work, rollout_id, "live", "no"),
        lambda work: rollouts.ask_step(work, rollout_id, "no"),
    ):
        with pytest.raises(ForbiddenError), app.unit_of_work(advocate) as work:
            act(work)


def test_paused_cases_are_of_neither_arm_and_each_unit_finds_its_arm_again(
    app: App, roll_out: Begin, ada: Actor
) -> None:
    rollout_id = roll_out(steps=(0.5,))
    first = [start_case(app, f"order-{number}") for number in range(12)]
    with app.unit_of_work() as work:
        rollouts.pause(work, rollout_id, "A guard found more escalations.")
    between = start_case(app, "order-0")
    with app.unit_of_work(ada) as work:
        rollouts.resume(work, rollout_id, "It was the carrier.")
    second = [start_case(app, f"order-{number}") for number in range(12)]
    with app.unit_of_work.reading() as work:
        arms = {case.instance_id: case.arm for case in rollouts.arms(work, rollout_id)}
    assert between not in arms
    assert [arms[case] for case in first] == [arms[case] for case in second]


def test_the_emergency_stop_sends_new_cases_to_the_live_version_and_lets_the_others_finish(
    app: App, control: int, candidate: int, roll_out: Begin
) -> None:
    rollout_id = roll_out(steps=(1.0,))
    case = start_case(app)
    operator = make_person(app, "otto", "operator")
    with app.unit_of_work(operator) as work, pytest.raises(InvalidInputError):
        rollouts.stop(work, rollout_id, " ")
    with app.unit_of_work(operator) as work:
        rollouts.stop(work, rollout_id, "It lost an order.")
    late = start_case(app)
    assert status_of(app, candidate) is VersionStatus.RETIRED
    with app.unit_of_work() as work:
        ran = {row.id: row.version_id for row in work.session.scalars(select(ProcessInstance))}
        assert (ran[case], ran[late]) == (candidate, control)
        with pytest.raises(ConflictError):
            rollouts.resume(work, rollout_id, "let us see")
    with app.unit_of_work() as work:
        plan = engine.propose_plan(work, candidate, control)
        engine.migrate(work, case, plan, reason="The new version is withdrawn.")
    with app.unit_of_work.reading() as work:
        row = work.session.get_one(Rollout, rollout_id)
        assert [each.instance_id for each in rollouts.in_both_arms(work, row)] == [case]
        assert engine.check_invariants(work) == []
    again = roll_out()
    assert state(app, again)[0] == RolloutStatus.RUNNING


def test_the_candidate_goes_live_for_everybody_with_the_signatures_that_it_has(
    app: App, control: int, candidate: int, roll_out: Begin, ada: Actor
) -> None:
    rollout_id = roll_out(steps=(0.5,))
    with app.unit_of_work() as work:
        gone = work.session.scalars(select(Signature).where(Signature.version_id == candidate)).first()
        assert gone is not None
        department, gone.version_id = gone.department, control
        gone.department = "elsewhere"
    with pytest.raises(RefusedError), app.unit_of_work(ada) as work:
        rollouts.decide(work, rollout_id, "live", "It is better.")
    assert state(app, rollout_id)[0] == RolloutStatus.RUNNING
    with app.unit_of_work() as work:
        engine.sign(work, candidate, department, method="console")
    with app.unit_of_work(ada) as work:
        assert rollouts.decide(work, rollout_id, "live", "It is better.", rest="finish")
    assert (status_of(app, candidate), status_of(app, control)) == (VersionStatus.LIVE, VersionStatus.RETIRED)
    start_case(app)
    with app.unit_of_work.reading() as work:
        assert rollouts.arms(work, rollout_id) == []
        assert work.session.get_one(Rollout, rollout_id).status is RolloutStatus.WENT_LIVE


@pytest.mark.usefixtures("_advised")
def test_against_the_verdict_two_people_decide(
    app: App, candidate: int, roll_out: Begin, ada: Actor, bea: Actor
) -> None:
    rollout_id = roll_out()
    rollouts.set_hooks(advice=lambda _work, _rollout_id: Advice("withdraw", "Worse by 4 points."))
    with app.unit_of_work(ada) as work:
        assert not rollouts.decide(work, rollout_id, "live", "The numbers will come.")
    assert state(app, rollout_id) == ("running", 0, "live")
    with pytest.raises(ForbiddenError), app.unit_of_work(ada) as work:
        rollouts.approve(work, rollout_id)
    with app.unit_of_work(bea) as work:
        assert rollouts.approve(work, rollout_id) == "live"
    assert status_of(app, candidate) is VersionStatus.LIVE


def test_a_split_that_does_not_fit_is_said_and_keeps_the_share_where_it_is(
    app: App, roll_out: Begin, ada: Actor
) -> None:
    rollout_id = roll_out(steps=(0.5, 0.9))
    for number in range(30):
        start_case(app, f"order-{number}")
    with app.unit_of_work.reading() as work:
        assert not rollouts.sample_ratio(work, work.session.get_one(Rollout, rollout_id)).alarm
    with app.unit_of_work() as work:
        work.session.execute(update(RolloutCase).values(arm=Arm.CANDIDATE))
    with app.unit_of_work.reading() as work:
        found = rollouts.sample_ratio(work, work.session.get_one(Rollout, rollout_id))
    assert found.alarm
    assert "30 of 30 cases have the candidate, 15 were to be expected" in found.words
    with pytest.raises(RefusedError, match="does not fit"), app.unit_of_work(ada) as work:
        rollouts.ask_step(work, rollout_id, "more of it")


@pytest.mark.on_postgresql
def test_starts_at_once_agree_and_two_rollouts_at_once_are_one(app: App, control: int, candidate: int) -> None:
    def begin(_number: int) -> bool:
        try:
            with app.unit_of_work() as work:
                rollouts.start(work, "care", candidate, unit="customer", share=0.5)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(begin, range(4))) == [False, False, False, True]
        list(pool.map(lambda number: start_case(app, f"n{number}", whose=None, seq=number), range(12)))
        list(pool.map(lambda number: start_case(app, f"order-{number % 3}"), range(24)))
    with app.unit_of_work.reading() as work:
        (found,) = rollouts.list_rollouts(work, "care")
        cases = rollouts.arms(work, found.rollout.id)
        ran = {row.id: row.version_id for row in work.session.scalars(select(ProcessInstance))}
        assert len(cases) == len(ran) == 36
        versions = {Arm.CONTROL: control, Arm.CANDIDATE: candidate}
        assert all(ran[case.instance_id] == versions[case.arm] for case in cases)
        units: dict[str, set[Arm]] = {}
        for case in cases:
            units.setdefault(case.unit, set()).add(case.arm)
        assert len(units) == 15
        assert all(len(each) == 1 for each in units.values())
        assert rollouts.units_in_both(work, found.rollout) == 0


def test_as_many_statements_tell_of_many_rollouts_as_of_one(app: App, roll_out: Begin, control: int) -> None:
    """Each is told as it is told alone: one with cases moved to the other arm, one by team, one A/A."""
    for wish in ({"unit": "case"}, {"unit": "team", "variable": "shop"}, {"unit": "customer"}):
        begun = roll_out(control if wish["unit"] == "customer" else None, steps=(0.5,), **wish)
        for number in range(12):
            start_case(app, f"{begun}-{number}", shop=f"shop {number % 5}")
        with app.unit_of_work() as work:
            rollouts.stop(work, begun, "Enough for now.", rest=rollouts.Rest.FINISH)
    with app.unit_of_work() as work:
        first = work.session.scalars(select(RolloutCase.instance_id).where(RolloutCase.arm == Arm.CANDIDATE)).first()
        work.session.execute(update(ProcessInstance).where(ProcessInstance.id == first).values(version_id=control))
    with app.unit_of_work.reading() as work:
        rows = rollouts.list_rollouts(work, "care")
        alone = [rollouts.as_plain(work, row) for row in rows]
        assert [len(each["in_both_arms"]) for each in alone] == [0, 0, 1]
        assert rollouts.all_as_plain(work, rows) == alone
        assert rollouts.all_as_plain(work, []) == []
        counts = [len(statements_of(app, partial(rollouts.all_as_plain, work, some))) for some in (rows[2:], rows)]
    assert counts == [3, 3]
