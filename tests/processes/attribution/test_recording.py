"""An item is tied to the activity that was open when it was said; what nothing speaks for stays between."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.feedback import ClassificationResult, RawItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from bpm.processes import queries
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

ADA = "ada@example.org"


def complete_next(app: App, actor: Actor) -> None:
    with app.unit_of_work(actor) as work:
        (row,) = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows
        engine.complete(work, row.id, {})


@pytest.mark.both_databases
def test_a_later_item_is_charged_to_the_activity_that_was_open_when_it_was_said(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor
) -> None:
    go_live(CARE, "care")
    trigger()
    say(author_email=ADA)
    clock.advance(timedelta(hours=2))
    while_read = clock.now()
    clock.advance(timedelta(hours=2))
    complete_next(app, advocate)
    clock.advance(timedelta(hours=2))

    late = say("Where are you?", author_email=ADA)
    earlier = say("Said before, heard later.", author_email=ADA, said_at=while_read)

    with app.unit_of_work.reading() as work:
        assert [link.element for link in queries.item_links(work, late)] == ["mend"]
        assert [link.element for link in queries.item_links(work, earlier)] == ["read"]


def test_what_is_said_after_the_end_is_charged_to_the_last_work_and_ever_less_surely_until_it_stays_between(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor
) -> None:
    go_live(CARE, "care")
    trigger()
    say(author_email=ADA)
    clock.advance(timedelta(hours=1))
    complete_next(app, advocate)
    clock.advance(timedelta(hours=1))
    complete_next(app, advocate)
    clock.advance(timedelta(days=3))
    soon = say("The repair did not hold.", "other", author_email=ADA)
    elsewhere = say("What does the blue one cost?", "other", author_email=ADA, topic="contract")
    clock.advance(timedelta(days=26))
    late = say("It still rattles.", "other", author_email=ADA)
    clock.advance(timedelta(days=3))
    too_late = say("I sold it.", "other", author_email=ADA)

    with app.unit_of_work.reading() as work:
        (near,) = queries.item_links(work, soon)
        (far,) = queries.item_links(work, late)
        assert [queries.item_links(work, each) for each in (elsewhere, too_late)] == [[], []]
    assert (near.kind, near.element, far.kind, far.element) == ("said_after", "mend", "said_after", "mend")
    assert near.evidence == "Said by the same customer about the same subject, 3 days after this case had ended."
    assert 0.6 > near.confidence > far.confidence > 0.3


def test_what_opened_a_case_stands_on_its_beginning(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say
) -> None:
    go_live(CARE, "care")
    trigger()
    item = say()
    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, item)
    assert (link.kind, link.element) == ("opened_by", "heard")


def test_another_customers_item_is_not_drawn_into_the_case(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger()
    say(author_email=ADA)
    clock.advance(timedelta(hours=1))

    stranger = say("How late are you open?", "question", author_email="bob@example.org")

    with app.unit_of_work.reading() as work:
        assert queries.item_links(work, stranger) == []


def test_the_same_customer_on_another_channel_is_followed_with_less_certainty(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger()
    say(author_email=ADA)
    clock.advance(timedelta(hours=1))

    post = say("Still waiting, folks.", "other", channel="social", source="mastodon", author_email=ADA)

    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, post)
    assert link.element == "read"
    assert link.confidence < 1
    assert "while this case was running" in link.evidence


def test_a_person_says_where_an_item_belongs_and_takes_it_back(
    app: App, go_live: GoLive, say: Say, advocate: Actor
) -> None:
    version_id = go_live(CARE, "care")
    item_id = say("The repair made it worse.")

    with app.unit_of_work(advocate) as work:
        link = processes.attribute(work, item_id, version_id=version_id, element="mend")
    with app.unit_of_work.reading() as work:
        (row,) = queries.item_links(work, item_id)
    assert (row.element_name, row.method, row.author) == ("Mend what broke", "human", "maya")

    with app.unit_of_work(advocate) as work:
        processes.detach(work, link.id)
    with app.unit_of_work.reading() as work:
        assert queries.item_links(work, item_id) == []
    with app.unit_of_work(advocate) as work, pytest.raises(NotFoundError):
        processes.detach(work, link.id)


def test_a_hand_overrules_what_was_recorded_about_the_same_process(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    item_id = say()

    with app.unit_of_work(advocate) as work:
        processes.attribute(work, item_id, version_id=version_id, element="mend")

    with app.unit_of_work.reading() as work:
        assert [(link.element, link.method) for link in queries.item_links(work, item_id)] == [("mend", "human")]


def test_an_element_the_version_does_not_have_is_refused(app: App, go_live: GoLive, say: Say, advocate: Actor) -> None:
    version_id = go_live(CARE, "care")
    item_id = say()

    with app.unit_of_work(advocate) as work, pytest.raises(InvalidInputError, match="no element"):
        processes.attribute(work, item_id, version_id=version_id, element="elsewhere")


def test_the_words_behind_a_case_are_listed_oldest_first(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger()
    first = say("First.", author_email=ADA)
    clock.advance(timedelta(hours=1))
    second = say("Second.", author_email=ADA)

    with app.unit_of_work.reading() as work:
        instance_id = queries.item_links(work, first)[0].instance_id
        assert instance_id is not None
        assert [item.item_id for item in queries.items_of_instance(work, instance_id)] == [first, second]


def test_holding_a_batch_of_items_against_triggers_does_not_cost_a_query_each(
    app: App, go_live: GoLive, trigger: Callable[..., int], statements: Callable[[], list[str]]
) -> None:
    go_live(CARE, "care")
    trigger()
    with app.unit_of_work() as work:
        ids = [
            feedback.receive(work, RawItem("email", "mail", f"Hello {n}", natural_key=str(n))).item_id
            for n in range(20)
        ]
    claim = ClassificationResult("m1", {"praise": 0.9}, "praise", 0.8, 0, None, 0.9, abstained=False)

    seen = statements()
    with app.unit_of_work() as work:
        feedback.record_classifications(work, dict.fromkeys(ids, claim))

    assert len(seen) <= 25
