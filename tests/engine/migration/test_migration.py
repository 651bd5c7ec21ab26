"""Instances change over to another version: rows follow, nothing that people have in hand is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.migration.plans import MigrationPlan
from bpm.engine.models import ActivityInstance, EventSubscription, Job, ProcessInstance, ProcessVersion, StepRecord
from bpm.engine.queries import get_work_item
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, RefusedError
from bpm.foundation.work import Actor
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import (
    CALLER,
    LANES,
    NO_WAY,
    ONE_TASK,
    SCRIPT,
    SERVICE,
    TIMER,
    TWO_TASKS,
    WAITER,
    begin,
    flow,
    go_live,
)
from tests.engine.refund_forms import FOR_SERVICE, FORM

pytestmark = pytest.mark.both_databases

THREE_TASKS = TWO_TASKS.replace(flow("A", "B").encode(), (flow("A", "X") + flow("X", "B")).encode()).replace(
    b'<userTask id="B"', b'<userTask id="X" name="Between"/><userTask id="B"'
)
RENAMED = TWO_TASKS.replace(b'id="A" name="First"', b'id="Once" name="First of all"').replace(b'"A"', b'"Once"')
WITHOUT_B = TWO_TASKS.replace(
    (flow("A", "B") + flow("B", "end")).encode(), flow("A", "end").encode()
).replace(b'<userTask id="B" name="Second"/>', b"")  # fmt: skip


def versions(app: App) -> list[int]:
    with app.unit_of_work.reading() as work:
        return list(work.session.scalars(select(ProcessVersion.id).order_by(ProcessVersion.id)))


def plan(app: App, mapping: dict[str, str] | None = None) -> MigrationPlan:
    """From the last version but one to the last."""
    old, new = versions(app)[-2:]
    with app.unit_of_work.reading() as work:
        proposed = engine.propose_plan(work, old, new)
    return MigrationPlan(old, new, {**proposed.mapping, **(mapping or {})})


def migrate(app: App, instance_id: int, chosen: MigrationPlan | None = None, *, actor: Actor | None = None) -> None:
    with app.unit_of_work(actor) if actor else app.unit_of_work() as work:
        engine.migrate(work, instance_id, chosen or plan(app), reason="It is better.")


def rows(app: App, table: Any, instance_id: int, **wanted: Any) -> list[Any]:
    with app.unit_of_work.reading() as work:
        query = select(table).where(
            table.instance_id == instance_id, *(getattr(table, k) == v for k, v in wanted.items())
        )
        found = list(work.session.scalars(query))
        work.session.expunge_all()
        return found


def test_the_instance_goes_on_by_the_new_version_and_ends(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    go_live(app, THREE_TASKS)
    migrate(app, instance_id)
    for element in ("A", "X", "B"):
        acting.complete(app, element)
    assert acting.instance(app, instance_id).row.status == "completed"
    assert acting.instance(app, instance_id).row.number == 2
    assert acting.broken(app) == []


def test_open_rows_move_to_the_new_version_and_closed_ones_keep_theirs(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    acting.complete(app, "A")
    go_live(app, THREE_TASKS)
    old, new = versions(app)
    migrate(app, instance_id)
    charged = {row.element: row.version_id for row in rows(app, ActivityInstance, instance_id)}
    assert charged == {"start": old, "A": old, "B": new}
    assert acting.broken(app) == []


def test_claim_draft_due_and_id_of_an_open_work_item_stay(app: App, anna: Actor) -> None:
    due = FOR_SERVICE.replace(b"camunda:candidateGroups", b'camunda:dueDate="P2D" camunda:candidateGroups')
    go_live(app, due, forms={"Answer": {**FORM, "properties": {**FORM["properties"], "old": {"type": "string"}}}})
    instance_id = begin(app, "served")
    (before,) = acting.items(app)
    with app.unit_of_work(anna) as work:
        engine.claim(work, before.id)
        engine.save_draft(work, before.id, {"answer": "half", "old": "gone soon"})
    go_live(app, due, forms={"Answer": FORM})
    migrate(app, instance_id)
    (after,) = acting.items(app)
    assert (after.id, after.assignee_id, after.due_at) == (before.id, anna.user_id, MONDAY + timedelta(days=2))
    with app.unit_of_work(anna) as work:
        assert get_work_item(work, before.id).draft == {"answer": "half", "old": "gone soon"}
        engine.save_draft(work, before.id, {"answer": "more"})
    with app.unit_of_work(anna) as work:
        assert get_work_item(work, before.id).draft == {"answer": "more", "old": "gone soon"}
        with pytest.raises(InvalidInputError, match="no such field"):
            engine.complete(work, before.id, {"answer": "more", "old": "gone soon"})
    with app.unit_of_work(anna) as work:
        engine.complete(work, before.id, {"answer": "more"})
    assert acting.broken(app) == []


def test_a_renamed_element_is_followed_by_visit_and_work_item(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    go_live(app, RENAMED)
    migrate(app, instance_id, plan(app, {"A": "Once"}))
    (item,) = acting.items(app)
    assert (item.element, item.name) == ("Once", "First of all")
    acting.complete(app, "Once")
    assert [row.element for row in acting.history(app, instance_id)] == ["start", "Once", "B"]


def test_timers_keep_their_instant(app: App, clock: FixedClock) -> None:
    go_live(app, TIMER)
    instance_id = begin(app, "timer")
    go_live(app, TIMER.replace(b"PT1H", b"PT9H"))
    clock.advance(timedelta(minutes=30))
    migrate(app, instance_id)
    (timer,) = rows(app, EventSubscription, instance_id, status="open")
    assert (timer.due_at, timer.version_id) == (MONDAY + timedelta(hours=1), versions(app)[-1])


def test_a_subscription_keeps_its_key_and_the_message_still_reaches_it(app: App) -> None:
    go_live(app, WAITER)
    instance_id = begin(app, "waiter", {"order": 17})
    go_live(app, WAITER.replace(b'"Ship"', b'"Send"').replace(b"Paid_Ship", b"Paid_Send"))
    migrate(app, instance_id)
    with app.unit_of_work() as work:
        assert engine.correlate(work, "paid", key="17") == [instance_id]
    assert acting.open_elements(app) == ["Send"]


def test_a_waiting_job_takes_the_new_topic_and_a_leased_one_is_refused(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    go_live(app, SERVICE.replace(b'topic="ask"', b'topic="inquire"'))
    with app.unit_of_work() as work:
        work.session.execute(Job.__table__.update().values(status="leased"))  # type: ignore[attr-defined]  # a mapped class has a Table
    with pytest.raises(ConflictError, match="being worked on"):
        migrate(app, instance_id)
    with app.unit_of_work() as work:
        work.session.execute(Job.__table__.update().values(status="ready"))  # type: ignore[attr-defined]  # a mapped class has a Table
    migrate(app, instance_id)
    engine.sweep_jobs(app.unit_of_work, {"inquire": lambda _work, _call: {}})
    assert acting.open_elements(app) == ["Read"]


def test_a_script_that_failed_is_mended_by_the_new_version_and_retried(app: App, clock: FixedClock) -> None:
    go_live(app, SCRIPT.replace(b"total = a + 1", b"total = a + nothing"))
    instance_id = begin(app, "script", {"a": 1})
    for _ in range(4):
        clock.advance(timedelta(hours=2))
        engine.sweep_jobs(app.unit_of_work, {})
    (failure,) = acting.failures(app)
    go_live(app, SCRIPT)
    migrate(app, instance_id)
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="Mended.")
    engine.sweep_jobs(app.unit_of_work, {})
    assert acting.instance(app, instance_id).variables["total"] == 2
    assert acting.broken(app) == []


def test_a_failed_instance_changes_over_and_is_retried_on_the_new_flows(app: App) -> None:
    go_live(app, NO_WAY)
    instance_id = begin(app, "noway", {"x": 1})
    acting.complete(app, "A")
    (failure,) = acting.failures(app)
    go_live(app, NO_WAY.replace(b"x &gt; 1", b"x &gt; 0"))
    migrate(app, instance_id)
    assert acting.failures(app)[0].element == "g"
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="Mended.")
    assert acting.open_elements(app) == ["B"]


def test_a_suspended_instance_changes_over_and_stays_suspended(app: App) -> None:
    go_live(app, TIMER)
    instance_id = begin(app, "timer")
    more = flow("Soon", "Remind")
    go_live(app, TIMER.replace(b'<userTask id="Remind"/>', (
        '<boundaryEvent id="Soon" attachedToRef="Wait" cancelActivity="false"><timerEventDefinition><timeDuration>'
        f'PT5M</timeDuration></timerEventDefinition></boundaryEvent><userTask id="Remind"/>{more}'
    ).encode()))  # fmt: skip
    with app.unit_of_work() as work:
        engine.suspend(work, instance_id, reason="Wait a moment.")
    migrate(app, instance_id)
    assert acting.instance(app, instance_id).row.status == "suspended"
    assert {row.status for row in rows(app, EventSubscription, instance_id)} == {"held"}
    with app.unit_of_work() as work:
        engine.resume(work, instance_id, reason="Go on.")
    assert len(rows(app, EventSubscription, instance_id, status="open")) == 2
    assert acting.broken(app) == []


def test_a_called_process_stays_bound_as_it_was(app: App) -> None:
    go_live(app, ONE_TASK, CALLER)
    instance_id = begin(app, "caller")
    called = ONE_TASK.replace(b'name="Read it"', b'name="Read it twice"')
    go_live(app, called, CALLER.replace(b'id="Call"', b'id="Call" name="Call it"'))
    first, caller, _second, newest = versions(app)
    with app.unit_of_work() as work:
        proposed = engine.propose_plan(work, caller, newest)
        engine.migrate(work, instance_id, proposed, reason="It is better.")
    visits = {row.element: row.version_id for row in rows(app, ActivityInstance, instance_id, status="open")}
    assert visits == {"Call": newest, "Read": first}
    acting.complete(app, "Read")
    assert acting.instance(app, instance_id).row.status == "completed"


def test_a_token_on_a_removed_step_is_refused_by_name_and_nothing_changes(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    acting.complete(app, "A")
    go_live(app, WITHOUT_B)
    with pytest.raises(RefusedError) as refused:
        migrate(app, instance_id)
    assert [(f.element, f.reason) for f in refused.value.findings] == [
        ("B", "The new version has no counterpart of it.")
    ]
    with app.unit_of_work.reading() as work:
        assert engine.forecast(work, instance_id, plan(app)) == list(refused.value.findings)
    acting.complete(app, "B")
    assert acting.instance(app, instance_id).row.number == 1
    assert acting.broken(app) == []


def test_the_change_is_on_record_with_plan_and_reason(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    go_live(app, RENAMED)
    migrate(app, instance_id, plan(app, {"A": "Once"}))
    record = rows(app, StepRecord, instance_id, command="migrate")[0]
    assert (record.revision, record.reason) == (2, "It is better.")
    assert (record.detail["from"], record.detail["to"], record.detail["mapping"]) == (1, 2, {"A": "Once"})


def test_who_may_not_operate_may_not_change_over_and_a_reason_is_asked_for(app: App, anna: Actor, olga: Actor) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    go_live(app, THREE_TASKS)
    with pytest.raises(ForbiddenError):
        migrate(app, instance_id, actor=anna)
    with pytest.raises(InvalidInputError, match="reason"), app.unit_of_work(olga) as work:
        engine.migrate(work, instance_id, plan(app), reason=" ")
    migrate(app, instance_id, actor=olga)


def test_versions_of_two_processes_and_drafts_and_ended_instances_are_refused(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    go_live(app, LANES)
    with pytest.raises(InvalidInputError, match="Version"):
        plan(app)
    with app.unit_of_work() as work:
        from bpm.engine.definitions.prepare import prepare

        engine.deploy(work, prepare(THREE_TASKS, "two.bpmn"))
    first, _lanes, draft = versions(app)
    with pytest.raises(RefusedError, match="draft"):
        migrate(app, instance_id, MigrationPlan(first, draft, {}))
    with app.unit_of_work() as work:
        engine.cancel(work, instance_id, reason="Over.")
    with pytest.raises(ConflictError, match="cancelled"):
        migrate(app, instance_id, MigrationPlan(first, draft, {}))


def test_a_plan_is_read_back_from_its_json_and_checked(app: App) -> None:
    go_live(app, TWO_TASKS, THREE_TASKS)
    chosen = plan(app)
    assert engine.plan_from_json(chosen.as_json()) == chosen
    with app.unit_of_work.reading() as work:
        assert {fit.element: fit.then for fit in engine.check_plan(work, chosen)} == {
            e: e for e in ("start", "A", "B", "end")
        }
        with pytest.raises(InvalidInputError, match="no element 'Z'"):
            engine.check_plan(work, MigrationPlan(chosen.from_version_id, chosen.to_version_id, {"A": "Z"}))
    wrongs: tuple[Any, ...] = (
        [],
        {},
        {"from_version_id": True, "to_version_id": 2},
        {**chosen.as_json(), "mapping": {"A": 1}},
    )
    for wrong in wrongs:
        with pytest.raises(InvalidInputError):
            engine.plan_from_json(wrong)


def test_many_change_over_as_a_batch_and_a_refused_one_stops_nobody(app: App) -> None:
    go_live(app, TWO_TASKS)
    ids = [begin(app, "two") for _ in range(3)]
    acting.complete(app, "A")
    go_live(app, WITHOUT_B)
    parameters = {"plan": plan(app).as_json()}
    with app.unit_of_work() as work:
        told = {f.target_id: f.obstacle for f in engine.dry_run(work, "migrate", ids, parameters)}
    assert [told[each] for each in ids] == ["Second: The new version has no counterpart of it.", None, None]
    with app.unit_of_work() as work:
        engine.begin_batch(work, "migrate", ids, parameters, reason="It is better.")
    while engine.sweep_batches(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        query = select(ProcessInstance.id, ProcessInstance.version_id).order_by(ProcessInstance.id)
        old, new = versions(app)
        assert [row.version_id for row in work.session.execute(query)] == [old, new, new]
    assert acting.broken(app) == []
