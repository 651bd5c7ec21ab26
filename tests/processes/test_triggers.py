"""A trigger starts or steers a process when a customer speaks: once per item, and never at the item's cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bpm import feedback, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.events import InstanceStarted
from bpm.engine.models import ProcessInstance
from bpm.feedback import ClassificationResult, RawItem
from bpm.feedback.events import FeedbackClassified
from bpm.feedback.models import Classification
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import Conditions, TriggerDraft, queries
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE, NEEDS_A_NUMBER, WAITS


def count_instances(app: App) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(ProcessInstance)) or 0


def outcomes(app: App, trigger_id: int) -> list[tuple[str, str]]:
    with app.unit_of_work.reading() as work:
        return [(row.outcome, row.reason) for row in queries.list_firings(work, trigger_id)]


def test_a_complaint_starts_the_process_with_the_customers_own_words(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    trigger()

    item_id = say("The lamp arrived broken.")

    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, item_id)
        assert link.instance_id is not None
        variables = engine_queries.get_instance(work, link.instance_id).variables
    assert variables["text"] == "The lamp arrived broken."
    assert variables["item_id"] == item_id
    assert variables["customer_name"] == "Ada"
    assert (link.element, link.method, link.confidence) == ("heard", "recorded", 1.0)


def test_what_the_conditions_do_not_meet_starts_nothing(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    trigger()

    say("Lovely lamp!", "praise")
    say("Hm.", abstained=True)

    assert count_instances(app) == 0


@pytest.mark.both_databases
def test_the_same_event_delivered_twice_starts_one_instance(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    trigger(while_running="start")
    item_id = say()

    with app.unit_of_work() as work:
        work.publish(FeedbackClassified(item_id))
        work.publish(FeedbackClassified(item_id))

    assert count_instances(app) == 1


def test_an_item_edited_at_its_source_does_not_start_a_second_case(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    trigger(while_running="start")
    say("The lamp is broken.", natural_key="review-1", channel="review", source="shop")

    edited = say("The lamp is broken and sharp.", natural_key="review-1", channel="review", source="shop")

    assert count_instances(app) == 1
    with app.unit_of_work.reading() as work:
        assert [link.element for link in queries.item_links(work, edited)] == ["heard"]


def test_an_item_classified_before_the_trigger_was_on_starts_nothing(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    say()
    trigger()

    assert count_instances(app) == 0


def test_a_switched_off_trigger_is_silent(app: App, go_live: GoLive, trigger: Callable[..., int], say: Say) -> None:
    go_live(CARE, "care")
    trigger_id = trigger()
    with app.unit_of_work() as work:
        processes.switch_off(work, trigger_id)

    say()

    assert count_instances(app) == 0


def test_a_persons_correction_can_fire_what_the_machine_was_unsure_of(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor
) -> None:
    go_live(CARE, "care")
    trigger()
    item_id = say("Great, another week without heating.", "praise", abstained=True)

    with app.unit_of_work(advocate) as work:
        feedback.correct(work, item_id, primary="complaint")

    assert count_instances(app) == 1


@pytest.mark.both_databases
def test_one_trigger_that_fails_costs_neither_the_item_nor_the_other_triggers(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    go_live(WAITS, "waits")
    broken = trigger("waits", name="broken")
    trigger("care")
    with app.unit_of_work() as work:
        engine.retire(work, "waits")

    item_id = say()

    ((outcome, reason),) = outcomes(app, broken)
    assert outcome == "failed"
    assert "waits" in reason
    with app.unit_of_work.reading() as work:
        assert [link.definition_key for link in queries.item_links(work, item_id)] == ["care"]
        assert work.session.scalar(select(Classification.primary).where(Classification.item_id == item_id))


def test_an_instance_that_fails_in_its_first_step_is_still_there_to_be_repaired(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(NEEDS_A_NUMBER, "breaks")
    trigger_id = trigger("breaks")

    say()

    assert [outcome for outcome, _ in outcomes(app, trigger_id)] == ["started"]
    with app.unit_of_work.reading() as work:
        assert engine_queries.list_failures(work)


def test_a_second_complaint_of_the_conversation_joins_the_running_case(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger_id = trigger()
    say(author_email="ada@example.org")
    clock.advance(timedelta(hours=3))

    later = say("Still nothing!", author_email="ada@example.org")

    assert count_instances(app) == 1
    assert [outcome for outcome, _ in outcomes(app, trigger_id)] == ["joined", "started"]
    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, later)
    assert link.element == "read"
    assert link.confidence < 1


def test_a_trigger_that_asks_for_it_starts_another_case_beside_the_running_one(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger(while_running="start")
    say(author_email="ada@example.org")
    clock.advance(timedelta(hours=3))
    say(author_email="ada@example.org")

    assert count_instances(app) == 2


@pytest.mark.both_databases
def test_a_message_reaches_the_case_of_the_same_conversation_and_only_that(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(WAITS, "waits")
    trigger("waits")
    again = trigger(
        "waits", action="correlate", message="wrote_again", key_field="conversation_id", conditions=Conditions()
    )
    mine, other = say(author_email="ada@example.org"), say(author_email="bob@example.org")
    clock.advance(timedelta(hours=1))

    answer = say("Here is the number.", "other", author_email="ada@example.org")

    assert [outcome for outcome, _ in outcomes(app, again)] == ["correlated"]
    with app.unit_of_work.reading() as work:
        (case,), (others,) = queries.item_links(work, mine), queries.item_links(work, other)
        (link,) = queries.item_links(work, answer)
        assert case.instance_id is not None
        assert others.instance_id is not None
        still = [row.element for row in engine_queries.open_elements(work, others.instance_id, clock.now())]
        now = [row.element for row in engine_queries.open_elements(work, case.instance_id, clock.now())]
    assert (link.instance_id, link.element) == (case.instance_id, "wait")
    assert "answer" in now
    assert "wait" in still


def test_an_item_that_starts_a_case_is_not_its_own_next_message(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(WAITS, "waits")
    trigger("waits")
    again = trigger(
        "waits", action="correlate", message="wrote_again", key_field="conversation_id", conditions=Conditions()
    )

    say()

    assert outcomes(app, again) == []


def test_a_process_without_a_live_version_cannot_be_switched_on(app: App, trigger: Callable[..., int]) -> None:
    with pytest.raises(InvalidInputError, match="no process"):
        trigger("nowhere")


def test_a_trigger_says_what_it_needs_field_by_field(app: App, go_live: GoLive) -> None:
    go_live(CARE, "care")
    with app.unit_of_work() as work, pytest.raises(InvalidInputError) as refused:
        processes.save_trigger(
            work, TriggerDraft(definition_key="care", action="correlate", while_running="dance", key_field="reach")
        )

    assert set(refused.value.fields) == {"message", "while_running", "key_field"}


def test_trying_out_shows_the_items_and_writes_nothing(app: App, go_live: GoLive, say: Say, clock: FixedClock) -> None:
    go_live(CARE, "care")
    for _ in range(3):
        clock.advance(timedelta(minutes=1))
        say()
    newest = say("And another.", urgency=3)
    say("Thanks!", "praise")
    clock.advance(timedelta(days=40))
    say("Fresh.")

    with app.unit_of_work.reading() as work:
        month = processes.try_out(work, Conditions(kinds=("complaint",)), since=clock.now() - timedelta(days=60))
        urgent = processes.try_out(work, Conditions(min_urgency=3), since=clock.now() - timedelta(days=60))
        recent = processes.try_out(work, Conditions(), since=clock.now() - timedelta(days=30))

    assert (month.count, month.conversations, month.complete) == (5, 5, True)
    assert [item.item_id for item in urgent.matches] == [newest]
    assert recent.count == 1
    assert count_instances(app) == 0


@pytest.mark.both_databases
def test_trying_out_goes_through_many_items_in_batches(
    app: App, go_live: GoLive, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpm.processes.triggers.preview.BATCH", 4)
    with app.unit_of_work() as work:
        raws = [RawItem("email", "mail", f"Complaint {n}", natural_key=str(n), said_at=clock.now()) for n in range(10)]
        ids = [feedback.receive(work, raw).item_id for raw in raws]
        claim = ClassificationResult("m1", {"complaint": 0.9}, "complaint", -0.5, 1, None, 0.9, abstained=False)
        feedback.record_classifications(work, dict.fromkeys(ids, claim))

    with app.unit_of_work.reading() as work:
        tried = processes.try_out(work, Conditions(kinds=("complaint",)), since=clock.now() - timedelta(days=1))

    assert (tried.count, tried.looked_at) == (10, 10)
    assert len({item.item_id for item in tried.matches}) == 10


def test_a_race_lost_once_on_a_case_is_run_again_and_a_lasting_one_is_on_record(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live(CARE, "care")
    trigger_id = trigger(while_running="start")
    start, losses = engine.start, [1]

    def lose(*args: Any, **named: Any) -> ProcessInstance:
        started = start(*args, **named)
        if losses and losses.pop():
            raise ConflictError("Somebody else changed this first.")
        return started

    monkeypatch.setattr(engine, "start", lose)
    say()
    assert outcomes(app, trigger_id) == [("started", "")]
    assert count_instances(app) == 1

    losses.extend([1, 1])
    say()
    assert outcomes(app, trigger_id)[0][0] == "failed"
    assert count_instances(app) == 1


def test_a_firing_that_fails_half_way_leaves_no_event_behind(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_live(CARE, "care")
    trigger()
    heard: list[InstanceStarted] = []
    app.bus.subscribe(InstanceStarted, lambda _work, event: heard.append(event))
    monkeypatch.setattr("bpm.processes.attribution.record_opened", lambda *_args, **_named: 1 / 0)

    say()

    assert heard == []
    assert count_instances(app) == 0


def test_two_items_of_one_customer_in_the_same_batch_open_one_case(
    app: App, go_live: GoLive, trigger: Callable[..., int], clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger_id = trigger()
    claim = ClassificationResult("m1", {"complaint": 0.9}, "complaint", -0.5, 1, None, 0.9, abstained=False)
    said_at = clock.now() - timedelta(hours=1)
    with app.unit_of_work() as work:
        raws = [
            RawItem("email", "mail", text, natural_key=text, said_at=said_at, author_email="ada@example.org")
            for text in ("One.", "Two.")
        ]
        ids = [feedback.receive(work, raw).item_id for raw in raws]
        feedback.record_classifications(work, dict.fromkeys(ids, claim))

    assert count_instances(app) == 1
    assert sorted(outcome for outcome, _ in outcomes(app, trigger_id)) == ["joined", "started"]
    with app.unit_of_work.reading() as work:
        assert [len(queries.item_links(work, item_id)) for item_id in ids] == [1, 1]
