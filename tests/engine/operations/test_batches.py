"""Bulk acts: durable, shared by workers, paused and resumed, and never twice."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import StepRecord
from bpm.engine.operations.actions import ACTS, Act
from bpm.engine.operations.batches import begin_batch, pause_batch, resume_batch, stop_batch, sweep_batches
from bpm.engine.operations.dry_run import dry_run
from bpm.engine.queries import Selection, get_batch, list_batch_items, list_failure_groups, targets_of
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.work import SYSTEM, Actor, Work
from tests.engine import acting
from tests.engine.models import ONE_TASK, SERVICE, begin, go_live


def start_batch(
    app: App, act: str, targets: Any, parameters: Mapping[str, Any] | None = None, *, actor: Actor = SYSTEM
) -> int:
    with app.unit_of_work(actor) as work:
        return begin_batch(work, act, targets, parameters or {}, reason="Too many of them.").id


def sweep(app: App) -> int:
    done = sweep_batches(app.unit_of_work)
    while sweep_batches(app.unit_of_work):
        done += 1
    return done


def outcome(app: App, batch_id: int) -> tuple[str, int, int, int]:
    with app.unit_of_work.reading() as work:
        batch = get_batch(work, batch_id)
    return batch.status, batch.done, batch.refused, batch.waiting


def refusals(app: App, batch_id: int) -> list[str]:
    with app.unit_of_work.reading() as work:
        return [row.message or "" for row in list_batch_items(work, batch_id, status="refused")]


@pytest.mark.both_databases
def test_many_instances_are_cancelled_in_one_go_by_the_person_who_said_so(app: App, olga: Actor) -> None:
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(30)]
    batch_id = start_batch(app, "cancel", ids, actor=olga)
    assert sweep_batches(app.unit_of_work) == 25
    assert outcome(app, batch_id) == ("running", 25, 0, 5)
    assert sweep_batches(app.unit_of_work) == 5
    assert outcome(app, batch_id) == ("done", 30, 0, 0)
    assert {acting.instance(app, each).row.status for each in ids} == {"cancelled"}
    with app.unit_of_work.reading() as work:
        query = select(StepRecord.actor_id, StepRecord.reason).where(StepRecord.command == "cancel").distinct()
        assert [tuple(row) for row in work.session.execute(query)] == [(olga.user_id, "Too many of them.")]
    assert acting.broken(app) == []


def test_a_refused_one_says_why_and_the_others_go_on(app: App) -> None:
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(3)]
    acting.complete(app, "Read")
    batch_id = start_batch(app, "cancel", [*ids, 999])
    sweep(app)
    assert outcome(app, batch_id) == ("done", 2, 2, 0)
    messages = refusals(app, batch_id)
    assert any("is completed" in message for message in messages)
    assert any("no instance 999" in message for message in messages)


def test_an_act_that_breaks_is_taken_back_and_named(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(2)]

    def half(work: Work, instance_id: int, _parameters: Mapping[str, Any], reason: str) -> None:
        engine.cancel(work, instance_id, reason=reason)
        if instance_id == ids[0]:
            raise RuntimeError("the line broke")

    monkeypatch.setattr("bpm.engine.operations.batches.ACTS", {**ACTS, "cancel": Act("instance", half)})
    batch_id = start_batch(app, "cancel", ids)
    sweep(app)
    assert outcome(app, batch_id) == ("done", 1, 1, 0)
    assert refusals(app, batch_id) == ["RuntimeError: the line broke"]
    assert acting.instance(app, ids[0]).row.status == "active"
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_worker_that_dies_over_an_item_leaves_it_waiting(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(3)]
    seen: list[int] = []

    def dies(work: Work, instance_id: int, _parameters: Mapping[str, Any], reason: str) -> None:
        engine.cancel(work, instance_id, reason=reason)
        seen.append(instance_id)
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("bpm.engine.operations.batches.ACTS", {**ACTS, "cancel": Act("instance", dies)})
    batch_id = start_batch(app, "cancel", ids)
    with pytest.raises(KeyboardInterrupt):
        sweep_batches(app.unit_of_work)
    assert outcome(app, batch_id) == ("running", 1, 0, 2)
    sweep(app)
    assert outcome(app, batch_id) == ("done", 3, 0, 0)
    assert seen == [ids[0], ids[1], ids[1], ids[2]]
    assert acting.broken(app) == []


def test_a_paused_batch_begins_nothing_until_it_is_resumed(app: App) -> None:
    go_live(app, ONE_TASK)
    batch_id = start_batch(app, "cancel", [begin(app, "one") for _ in range(2)])
    with app.unit_of_work() as work:
        pause_batch(work, batch_id)
    assert sweep_batches(app.unit_of_work) == 0
    assert outcome(app, batch_id) == ("paused", 0, 0, 2)
    with app.unit_of_work() as work:
        resume_batch(work, batch_id)
    sweep(app)
    assert outcome(app, batch_id) == ("done", 2, 0, 0)
    with pytest.raises(ConflictError, match="is done"), app.unit_of_work() as work:
        pause_batch(work, batch_id)


def test_a_pause_in_the_middle_ends_the_round_after_the_piece_in_hand(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(3)]

    def pauses(work: Work, instance_id: int, _parameters: Mapping[str, Any], reason: str) -> None:
        pause_batch(work, 1)

    monkeypatch.setattr("bpm.engine.operations.batches.ACTS", {**ACTS, "cancel": Act("instance", pauses)})
    batch_id = start_batch(app, "cancel", ids)
    assert sweep_batches(app.unit_of_work) == 1
    assert outcome(app, batch_id) == ("paused", 1, 0, 2)


def test_a_stopped_batch_leaves_the_rest_undone(app: App) -> None:
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(30)]
    batch_id = start_batch(app, "cancel", ids)
    sweep_batches(app.unit_of_work)
    with app.unit_of_work() as work:
        stop_batch(work, batch_id)
    assert sweep_batches(app.unit_of_work) == 0
    assert outcome(app, batch_id) == ("stopped", 25, 0, 5)
    assert acting.instance(app, ids[-1]).row.status == "active"


@pytest.mark.both_databases
def test_all_failures_of_a_kind_are_chosen_by_query_when_the_batch_begins(app: App) -> None:
    go_live(app, SERVICE)
    for _ in range(3):
        begin(app, "service", {"order": 1})
    engine.sweep_jobs(app.unit_of_work, {})
    with app.unit_of_work.reading() as work:
        (group,) = list_failure_groups(work)
    assert (group.count, group.cause, group.element) == (3, "unknown_topic", "Ask")
    selection = Selection(group.version_id, cause=group.cause, element=group.element)
    batch_id = start_batch(app, "retry", targets_of(selection, "failure"), {"variables": {"order": 2}})
    begin(app, "service", {"order": 1})
    sweep(app)
    assert outcome(app, batch_id) == ("done", 3, 0, 0)
    heard: list[Any] = []

    def ask(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
        heard.append(call.payload)
        return {}

    engine.sweep_jobs(app.unit_of_work, {"ask": ask})
    assert sorted(each["order"] for each in heard) == [1, 2, 2, 2]
    assert acting.broken(app) == []


@pytest.mark.both_databases
def test_a_dry_run_says_who_would_be_refused_and_changes_nothing(app: App) -> None:
    go_live(app, ONE_TASK)
    first, second = begin(app, "one"), begin(app, "one")
    acting.complete(app, "Read")
    with app.unit_of_work() as work:
        forecasts = dry_run(work, "cancel", [first, second], {})
        assert work.events == []
    assert [forecast.label for forecast in forecasts] == [f"Instance {first}", f"Instance {second}"]
    assert "is completed" in (forecasts[0].obstacle or "")
    assert forecasts[1].obstacle is None
    assert acting.instance(app, second).row.status == "active"
    assert acting.broken(app) == []


def test_a_batch_needs_a_reason_targets_and_a_known_act(app: App) -> None:
    go_live(app, ONE_TASK)
    instance_id = begin(app, "one")
    for act, targets, parameters, reason, said in (
        ("cancel", [instance_id], {}, " ", "needs a reason"),
        ("cancel", [], {}, "why", "nobody"),
        ("explode", [instance_id], {}, "why", "no act"),
        ("set_variables", [instance_id], {}, "why", "needs values"),
        ("set_variables", [instance_id], {"variables": {"_x": 1}}, "why", "not taken"),
    ):
        with pytest.raises(InvalidInputError, match=said), app.unit_of_work() as work:
            begin_batch(work, act, targets, parameters, reason=reason)
    with pytest.raises(NotFoundError), app.unit_of_work() as work:
        stop_batch(work, 7)


@pytest.mark.both_databases
def test_two_workers_share_a_batch_and_no_item_is_done_by_both(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one worker holds an item, another takes the next one (PostgreSQL) or waits its turn (SQLite)."""
    go_live(app, ONE_TASK)
    ids = [begin(app, "one") for _ in range(4)]
    done: list[int] = []

    def nested(work: Work, instance_id: int, _parameters: Mapping[str, Any], reason: str) -> None:
        done.append(instance_id)
        if len(done) == 1 and app.database.dialect.name == "postgresql":
            sweep_batches(app.unit_of_work)

    monkeypatch.setattr("bpm.engine.operations.batches.ACTS", {**ACTS, "cancel": Act("instance", nested)})
    batch_id = start_batch(app, "cancel", ids)
    sweep(app)
    assert sorted(done) == ids
    assert outcome(app, batch_id) == ("done", 4, 0, 0)
