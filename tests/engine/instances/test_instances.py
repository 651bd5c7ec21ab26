"""An instance is started, advanced and ended; what happened stands in rows."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.instances import instances, loading
from bpm.engine.instances.on_record import Cause
from bpm.engine.models import ProcessInstance
from bpm.engine.queries import get_work_item, instance_commands
from bpm.engine.queries import open_elements as open_at
from bpm.engine.spiff.step import SetVariables
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import CALLER, LANES, NO_WAY, ONE_TASK, PARALLEL, TWO_TASKS, begin, go_live

pytestmark = pytest.mark.both_databases


def test_an_instance_runs_from_its_start_to_its_end(app: App, clock: FixedClock) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two", {"order": 7})
    assert acting.open_elements(app) == ["A"]
    acting.complete(app, "A", {"fine": True})
    clock.advance(timedelta(hours=1))
    acting.complete(app, "B")
    ended = acting.instance(app, instance_id)
    assert ended.row.status == "completed"
    assert ended.row.ended_at == MONDAY + timedelta(hours=1)
    assert ended.variables == {"order": 7, "fine": True}
    assert [(visit.element, visit.status) for visit in acting.history(app, instance_id)] == [
        ("start", "completed"),
        ("A", "completed"),
        ("B", "completed"),
        ("end", "completed"),
    ]
    assert acting.broken(app) == []


def test_an_ended_instance_keeps_no_state_and_takes_no_command(app: App) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    acting.complete(app, "Read")
    with app.unit_of_work.reading() as work:
        assert loading.get_entity(work, instance_id).state is None
    with pytest.raises(ConflictError, match="completed"), app.unit_of_work() as work:
        engine.set_variables(work, instance_id, {"a": 1}, reason="too late")


def test_both_branches_must_be_done_before_the_join_lets_go(app: App) -> None:
    go_live(app, PARALLEL)
    instance_id = begin(app, "both")
    assert acting.open_elements(app) == ["A", "B"]
    acting.complete(app, "B", {"b": 1})
    assert acting.open_elements(app) == ["A"]
    acting.complete(app, "A", {"a": 1})
    assert acting.instance(app, instance_id).row.status == "completed"
    assert acting.instance(app, instance_id).variables == {"a": 1, "b": 1}
    assert acting.broken(app) == []


def test_a_step_worked_out_on_an_old_revision_leaves_nothing_behind(app: App) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    with pytest.raises(ConflictError, match="moved on"), app.unit_of_work() as work:
        loaded = loading.lock(work, instance_id)
        faster = update(ProcessInstance).where(ProcessInstance.id == instance_id)
        work.session.execute(faster.values(revision=ProcessInstance.revision + 1))
        instances.advance(work, loaded, SetVariables({"late": True}), cause=Cause("set_variables"))
    assert acting.instance(app, instance_id).variables == {}
    assert acting.broken(app) == []


def test_cancelling_ends_everything_that_is_open_and_keeps_the_reason(app: App, olga: Actor) -> None:
    go_live(app, PARALLEL)
    instance_id = begin(app, "both")
    with app.unit_of_work(olga) as work:
        engine.cancel(work, instance_id, reason="The customer withdrew.")
    assert acting.instance(app, instance_id).row.status == "cancelled"
    assert acting.items(app) == ()
    with app.unit_of_work.reading() as work:
        last = instance_commands(work, instance_id)[-1]
    assert (last.command, last.actor, last.reason) == ("cancel", "Olga", "The customer withdrew.")
    assert acting.broken(app) == []


def test_a_repair_without_a_reason_is_refused(app: App) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    with pytest.raises(InvalidInputError, match="reason"), app.unit_of_work() as work:
        engine.cancel(work, instance_id, reason="  ")
    with app.unit_of_work() as work:
        engine.set_variables(work, instance_id, {"a": 2}, reason="typed wrong")
    assert acting.instance(app, instance_id).variables == {"a": 2}


def test_a_gateway_without_a_way_out_is_a_failure_that_can_be_mended(app: App) -> None:
    go_live(app, NO_WAY)
    instance_id = begin(app, "noway", {"x": 1})
    acting.complete(app, "A")
    (failure,) = acting.failures(app)
    assert (failure.element, failure.cause) == ("g", "no_flow")
    assert acting.broken(app) == []
    with app.unit_of_work() as work:
        engine.set_variables(work, instance_id, {"x": 2}, reason="It was two.")
        engine.retry(work, failure.id, reason="x is right now.")
    assert acting.open_elements(app) == ["B"]
    assert acting.failures(app) == []
    assert acting.broken(app) == []


def test_what_was_open_at_an_instant_can_be_asked_later(app: App, clock: FixedClock) -> None:
    go_live(app, TWO_TASKS)
    instance_id = begin(app, "two")
    clock.advance(timedelta(hours=1))
    acting.complete(app, "A")
    with app.unit_of_work.reading() as work:
        before = open_at(work, instance_id, MONDAY + timedelta(minutes=30))
        after = open_at(work, instance_id, MONDAY + timedelta(hours=1))
    assert [element.element for element in before] == ["A"]
    assert [element.element for element in after] == ["B"]


def test_lanes_are_the_groups_that_work_is_offered_to(app: App) -> None:
    go_live(app, LANES)
    begin(app, "lanes")
    assert acting.items(app)[0].group_key == "customer_service"
    acting.complete(app, "A")
    assert acting.items(app)[0].group_key == "it"


def test_a_called_process_is_found_when_the_caller_starts(app: App) -> None:
    go_live(app, CALLER, ONE_TASK)
    instance_id = begin(app, "caller")
    assert acting.open_elements(app) == ["Read"]
    acting.complete(app, "Read")
    assert acting.instance(app, instance_id).row.status == "completed"
    assert acting.broken(app) == []


def test_a_work_item_of_a_called_process_has_the_form_and_the_drawing_of_the_called_version(app: App) -> None:
    form = {"properties": {"seen": {"type": "boolean"}}, "required": ["seen"]}
    go_live(app, CALLER, ONE_TASK, forms={"Read": form})
    begin(app, "caller")
    with pytest.raises(InvalidInputError) as refused:
        acting.complete(app, "Read")
    assert set(refused.value.fields) == {"seen"}
    with app.unit_of_work.reading() as work:
        detail = get_work_item(work, acting.items(app)[0].id)
    assert detail.drawn_version_id != detail.row.version_id
    assert detail.schema == form
    acting.complete(app, "Read", {"seen": True})
    assert acting.broken(app) == []


def test_a_missing_called_process_is_a_failure_until_it_is_deployed(app: App) -> None:
    go_live(app, CALLER)
    instance_id = begin(app, "caller")
    (failure,) = acting.failures(app)
    assert "one" in failure.message
    go_live(app, ONE_TASK)
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="It is there now.")
    assert acting.open_elements(app) == ["Read"]
    acting.complete(app, "Read")
    assert acting.instance(app, instance_id).row.status == "completed"
    assert acting.broken(app) == []


def test_a_process_that_is_not_live_cannot_be_started(app: App) -> None:
    with pytest.raises(NotFoundError, match="ghost"), app.unit_of_work() as work:
        engine.start(work, "ghost", {})
