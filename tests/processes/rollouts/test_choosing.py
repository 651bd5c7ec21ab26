"""Two versions live at once: whichever way a case starts, it is given an arm with it, and keeps it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.engine.status import VersionStatus
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError, RefusedError
from bpm.processes import rollouts
from bpm.processes.rollouts import Arm, Rollout, RolloutCase, RolloutStatus, RolloutWish, Stage, arm_of, turn_of
from bpm.statistics.lots import Drawn, split_p
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE, HEAD
from tests.processes.rollouts.conftest import LONGER, Begin, draft, start_case

STARTS = (
    HEAD
    + """<message id="m" name="ordered"/><signal id="s" name="morning"/>
<process id="care" name="Care" isExecutable="true">
  <startEvent id="heard"/><startEvent id="told"><messageEventDefinition messageRef="m"/></startEvent>
  <startEvent id="called"><signalEventDefinition signalRef="s"/></startEvent>
  <startEvent id="daily"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition></startEvent>
  <sequenceFlow id="f1" sourceRef="heard" targetRef="read"/><sequenceFlow id="f2" sourceRef="told" targetRef="read"/>
  <sequenceFlow id="f3" sourceRef="called" targetRef="read"/><sequenceFlow id="f4" sourceRef="daily" targetRef="read"/>
  <userTask id="read" name="Read" camunda:candidateGroups="service"/>
  <sequenceFlow id="f5" sourceRef="read" targetRef="over"/><endEvent id="over"/>
</process></definitions>"""
).encode()
CALLS = (
    HEAD
    + """<process id="calls" name="Calls" isExecutable="true"><startEvent id="begun"/>
  <sequenceFlow id="f1" sourceRef="begun" targetRef="ask"/><callActivity id="ask" calledElement="care"/>
  <sequenceFlow id="f2" sourceRef="ask" targetRef="over"/><endEvent id="over"/></process></definitions>"""
).encode()


def arms_of(app: App, rollout_id: int) -> dict[int, Arm]:
    with app.unit_of_work.reading() as work:
        return {each.instance_id: each.arm for each in rollouts.arms(work, rollout_id)}


def versions_of(app: App) -> dict[int, int]:
    with app.unit_of_work.reading() as work:
        rows = work.session.execute(select(ProcessInstance.id, ProcessInstance.version_id))
        return {row.id: row.version_id for row in rows}


def test_the_lot_is_fair_remembers_and_a_growing_share_takes_nobody_back() -> None:
    units = [f"key order-{number}" for number in range(1000)]
    for share in (0.05, 0.2, 0.5):
        hits = sum(arm_of(unit, "fixed", share) is Arm.CANDIDATE for unit in units)
        assert split_p(Drawn(hits, 1000, share)) > 0.01
    had = {unit for unit in units if arm_of(unit, "fixed", 0.05) is Arm.CANDIDATE}
    assert had < {unit for unit in units if arm_of(unit, "fixed", 0.2) is Arm.CANDIDATE}
    assert had != {unit for unit in units if arm_of(unit, "another", 0.05) is Arm.CANDIDATE}
    assert all(
        arm_of(unit, "fixed", 1.0) is Arm.CANDIDATE and arm_of(unit, "fixed", 0) is Arm.CONTROL for unit in units
    )


def test_turns_give_each_arm_one_of_two_days_in_an_order_drawn_anew() -> None:
    pairs = [(turn_of(2 * pair, "fixed"), turn_of(2 * pair + 1, "fixed")) for pair in range(200)]
    assert all(set(pair) == set(Arm) for pair in pairs)
    first = sum(pair[0] is Arm.CANDIDATE for pair in pairs)
    assert split_p(Drawn(first, 200, 0.5)) > 0.01
    assert [turn_of(day, "fixed", "North") for day in range(40)] != [
        turn_of(day, "fixed", "South") for day in range(40)
    ]


@pytest.mark.both_databases
def test_a_share_of_cases_runs_the_candidate_and_each_has_its_arm_on_record(
    app: App, control: int, candidate: int, roll_out: Begin
) -> None:
    before = start_case(app, "before")
    rollout_id = roll_out(steps=(0.5,))
    cases = {start_case(app, f"order-{number}"): f"order-{number}" for number in range(40)}
    arms, ran = arms_of(app, rollout_id), versions_of(app)
    assert arms.keys() == cases.keys()
    assert {ran[case] for case, arm in arms.items() if arm is Arm.CANDIDATE} == {candidate}
    assert {ran[case] for case, arm in arms.items() if arm is Arm.CONTROL} == {control}
    assert ran[before] == control
    with app.unit_of_work.reading() as work:
        salt = work.session.get_one(Rollout, rollout_id).salt
        assert all(arms[case] is arm_of(f"key {key}", salt, 0.5) for case, key in cases.items())
        assert rollouts.count_arms(work, rollout_id)[1].started == sum(a is Arm.CANDIDATE for a in arms.values())
        assert sum(sum(day) for day in rollouts.count_by_day(work, rollout_id).values()) == 40
    again = start_case(app, "order-7")
    assert arms_of(app, rollout_id)[again] is arms[next(c for c, key in cases.items() if key == "order-7")]


def test_every_way_in_is_given_an_arm(app: App, go_live: GoLive, clock: FixedClock) -> None:
    go_live(STARTS, "care")
    newer = draft(app, STARTS.replace(b'name="Read"', b'name="Read well"'), "care")
    with app.unit_of_work() as work:
        rollout_id = rollouts.start(work, "care", newer, share=1.0)
    begun = {start_case(app)}
    with app.unit_of_work() as work:
        begun.update(engine.correlate(work, "ordered", key="order-1", payload={"a": 1}))
        begun.update(engine.broadcast(work, "morning"))
    clock.advance(timedelta(hours=1))
    engine.sweep_timers(app.unit_of_work)
    arms = arms_of(app, rollout_id)
    assert len(arms) == 4
    assert begun < arms.keys()
    assert set(arms.values()) == {Arm.CANDIDATE}
    assert {versions_of(app)[case] for case in arms} == {newer}


def test_a_process_that_is_called_runs_the_live_version(app: App, go_live: GoLive, roll_out: Begin) -> None:
    go_live(CALLS, "calls")
    rollout_id = roll_out(steps=(1.0,))
    with app.unit_of_work() as work:
        parent = engine.start(work, "calls", {}).id
    assert parent not in arms_of(app, rollout_id)
    with app.unit_of_work.reading() as work:
        rows = engine_queries.list_work_items(work, engine_queries.WorkItemFilter(scope="all")).rows
        assert [row.name for row in rows if row.instance_id == parent] == ["Read complaint"]


def test_a_customer_keeps_the_arm_whatever_brings_them(app: App, roll_out: Begin, say: Say, trigger: Begin) -> None:
    trigger("care", while_running="start")
    rollout_id = roll_out(unit="customer", variable="customer_no", steps=(0.5,))
    for number in range(4):
        for _time in range(2):
            say(author_email=f"same{number}@example.org", text=f"My parcel {_time} never came.")
    with app.unit_of_work.reading() as work:
        cases = rollouts.arms(work, rollout_id)
    assert len(cases) == 8
    by_customer: dict[int | None, set[tuple[Arm, str]]] = {}
    for case in cases:
        by_customer.setdefault(case.customer_id, set()).add((case.arm, case.unit))
    assert len(by_customer) == 4
    assert None not in by_customer
    assert all(len(seen) == 1 for seen in by_customer.values())
    first, second = start_case(app, "a", customer_no="K7"), start_case(app, "b", customer_no="K7")
    arms = arms_of(app, rollout_id)
    assert arms[first] is arms[second]


def test_groups_get_it_one_after_the_other(app: App, clock: FixedClock, roll_out: Begin) -> None:
    later = clock.now() + timedelta(days=7)
    rollout_id = roll_out(
        way="staged", unit="group", variable="region", stages=(Stage("North", clock.now()), Stage("South", later))
    )
    begun = {region: start_case(app, region=region) for region in ("North", "South", "West")}
    nowhere = start_case(app)
    clock.advance(timedelta(days=8))
    south = start_case(app, region="South")
    arms = arms_of(app, rollout_id)
    assert arms[begun["North"]] is arms[south] is Arm.CANDIDATE
    assert arms[begun["South"]] is arms[begun["West"]] is Arm.CONTROL
    assert nowhere not in arms
    with app.unit_of_work.reading() as work:
        assert {case.group for case in rollouts.arms(work, rollout_id)} == {"North", "South", "West"}


def test_versions_take_turns_by_day_and_everybody_has_it_from_a_date(
    app: App, clock: FixedClock, roll_out: Begin
) -> None:
    rollout_id = roll_out(way="switchback", unit="day")
    arms: dict[int, set[Arm]] = {}
    for _turn in range(12):
        case = start_case(app)
        arms.setdefault(clock.now().toordinal(), set()).add(arms_of(app, rollout_id)[case])
        clock.advance(timedelta(hours=8))
    assert len(arms) == 5
    with app.unit_of_work.reading() as work:
        salt = work.session.get_one(Rollout, rollout_id).salt
    assert all(each == {turn_of(day, salt)} for day, each in arms.items())
    with app.unit_of_work() as work:
        rollouts.stop(work, rollout_id, "the other way now")
    second = roll_out(way="everybody", from_at=clock.now() + timedelta(days=1))
    old = start_case(app)
    clock.advance(timedelta(days=1))
    new = start_case(app)
    assert arms_of(app, second) == {old: Arm.CONTROL, new: Arm.CANDIDATE}


def test_a_against_a_counts_two_arms_of_one_version(app: App, control: int, roll_out: Begin) -> None:
    rollout_id = roll_out(control)
    for number in range(20):
        start_case(app, f"order-{number}")
    assert set(arms_of(app, rollout_id).values()) == set(Arm)
    assert set(versions_of(app).values()) == {control}
    with app.unit_of_work() as work, pytest.raises(InvalidInputError):
        rollouts.decide(work, rollout_id, "live", "it looked better")
    with app.unit_of_work() as work:
        assert rollouts.decide(work, rollout_id, "withdraw", "only chance told them apart")


def test_no_case_without_its_arm_and_no_arm_without_its_case(
    app: App, control: int, candidate: int, roll_out: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks off a start after the arm is written takes both; what breaks the arm takes the case."""
    rollout_id = roll_out(steps=(1.0,))
    with pytest.raises(RuntimeError), app.unit_of_work() as work:
        engine.start(work, "care", {})
        raise RuntimeError("the power went")
    assert versions_of(app) == {}
    assert arms_of(app, rollout_id) == {}
    with app.database.begin() as connection:
        connection.execute(update(Rollout).values(salt="x", steps=[0.5]))
        connection.exec_driver_sql("ALTER TABLE rollout_case RENAME TO gone")
    with pytest.raises(Exception, match="rollout_case"):
        start_case(app)
    with app.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO rollout_case")
    assert versions_of(app) == {}


def test_without_a_rollout_a_start_costs_nothing_more(app: App, control: int, candidate: int) -> None:
    from sqlalchemy import event

    start_case(app)
    said: list[str] = []
    event.listen(app.database, "before_cursor_execute", lambda *args: said.append(args[2]))
    start_case(app)
    assert said
    assert not [statement for statement in said if "rollout" in statement]
    with app.unit_of_work() as work, pytest.raises(RefusedError, match="draft"):
        engine.start(work, "care", {}, version_id=candidate)


def test_a_version_on_trial_is_started_by_nobody_who_names_it_and_holds_its_place(
    app: App, control: int, candidate: int, roll_out: Begin
) -> None:
    rollout_id = roll_out()
    with app.unit_of_work() as work, pytest.raises(RefusedError, match="on trial"):
        engine.start(work, "care", {}, version_id=candidate)
    third = draft(app, CARE.replace(b"Mend what broke", b"Mend it"), "care")
    for forbidden in (
        lambda work: engine.go_live(work, third),
        lambda work: engine.go_live(work, candidate),
        lambda work: engine.retire(work, "care"),
        lambda work: rollouts.start(work, "care", third),
    ):
        with pytest.raises(ConflictError, match=f"Rollout {rollout_id}"), app.unit_of_work() as work:
            forbidden(work)
    with app.unit_of_work.reading() as work:
        assert engine_queries.get_version(work, candidate).status is VersionStatus.TRIAL
        assert engine_queries.get_definition(work, "care").live_version_id == control
        assert engine.check_invariants(work) == []


def test_a_candidate_that_is_not_ready_or_starts_otherwise_is_refused_with_the_reason(
    app: App, go_live: GoLive, control: int
) -> None:
    unsigned = draft(app, LONGER, "care", signed=False)
    by_message = draft(app, STARTS, "care")
    for version_id, why in ((unsigned, "has not signed|newer draft"), (by_message, "also starts by message")):
        with app.unit_of_work() as work:
            assert why.split("|")[-1] in " ".join(rollouts.why_unfit(work, "care", version_id))
            with pytest.raises(RefusedError):
                rollouts.start(work, "care", version_id)
    with app.unit_of_work() as work:
        wrong = RolloutWish(steps=(0.5, 0.2))
        with pytest.raises(InvalidInputError) as caught:
            rollouts.start_as_wished(work, "care", by_message, wrong)
        assert caught.value.fields.keys() == {"steps"}


def test_the_stop_rule_ends_it_at_so_many_cases_or_at_a_date(app: App, clock: FixedClock, roll_out: Begin) -> None:
    first = roll_out(steps=(1.0,), stop_after=3, stop_at=datetime(2026, 3, 20, tzinfo=UTC))
    for _case in range(3):
        start_case(app)
    assert rollouts.sweep_rollouts(app.unit_of_work) == 1
    late = start_case(app)
    assert late not in arms_of(app, first)
    with app.unit_of_work() as work:
        assert work.session.get_one(Rollout, first).status is RolloutStatus.OVER
        rollouts.decide(work, first, "withdraw", "not shown")
    second = roll_out(stop_at=clock.now() + timedelta(days=1))
    clock.advance(timedelta(days=1))
    assert start_case(app) not in arms_of(app, second)
    assert rollouts.sweep_rollouts(app.unit_of_work) == 1
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(RolloutCase.id).where(RolloutCase.rollout_id == second)) is None
        assert "date" in rollouts.list_acts(work, second)[0].reason
