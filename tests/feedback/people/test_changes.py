"""Customers put together, told apart and corrected: undone in whatever order, the state comes back exactly."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback.models import (
    ContactPoint,
    Conversation,
    ConversationPerson,
    Customer,
    CustomerChange,
    Episode,
    FeedbackItem,
)
from bpm.feedback.people.changes import undo_change
from bpm.feedback.people.correcting import add_address, correct_customer, end_address
from bpm.feedback.people.telling_apart import merge_customers, split_customer
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError
from bpm.foundation.work import Actor
from tests.feedback.conftest import SAID, said

pytestmark = pytest.mark.both_databases
Receive = Callable[..., int]


def state(app: App) -> dict[str, list[tuple[Any, ...]]]:
    """Everything about people that anybody can see; conversations and episodes that hold no words are nowhere seen."""
    with app.unit_of_work.reading() as work:
        run = work.session.execute
        items = select(FeedbackItem.id, FeedbackItem.customer_id, FeedbackItem.conversation_id, FeedbackItem.episode_id)
        talks = select(Conversation.id, Conversation.started_at, Conversation.last_at).where(
            Conversation.id.in_(select(FeedbackItem.conversation_id))
        )
        episodes = select(
            Episode.id, Episode.opened_at, Episode.last_at, Episode.first_answer_at, Episode.closed_at
        ).where(Episode.id.in_(select(FeedbackItem.episode_id)))
        points = select(ContactPoint.id, ContactPoint.customer_id, ContactPoint.scope, ContactPoint.ended_at)
        people = select(
            ConversationPerson.conversation_id, ConversationPerson.customer_id, ConversationPerson.role,
            ConversationPerson.first_at, ConversationPerson.last_at,
        )  # fmt: skip
        customers = select(
            Customer.id, Customer.name, Customer.voice, Customer.preferred_channel, Customer.merged_into_id
        ).where(Customer.retired_at.is_(None))
        asked = {"items": items, "talks": talks, "episodes": episodes, "points": points, "people": people}
        return {name: sorted(map(tuple, run(query)), key=repr) for name, query in {**asked, "c": customers}.items()}


@pytest.fixture
def mixed(app: App, advocate: Actor) -> list[int]:
    """Four customers, each with two addresses, words on both in one conversation, and an answer; their ids."""
    with app.unit_of_work() as work:
        for n in range(4):
            mail, handle = f"p{n}@home.org", f"p{n}_here"
            both = said("The kettle is broken", author_email=mail, author_handle=handle, natural_key=f"{n}a")
            feedback.receive(work, both)
            later = said(
                "The kettle, still", author_handle=handle, natural_key=f"{n}b", said_at=SAID + timedelta(hours=3)
            )
            feedback.receive(work, later)
    with app.unit_of_work(advocate) as work:
        for item_id in work.session.scalars(
            select(FeedbackItem.id).where(FeedbackItem.natural_key.endswith("b"))
        ).all():
            feedback.mark_sent(work, feedback.reply(work, item_id, "We look into it.").id)
        return list(work.session.scalars(select(Customer.id).order_by(Customer.id)))


def _points(app: App, customer_id: int, kind: str) -> list[int]:
    with app.unit_of_work.reading() as work:
        return list(
            work.session.scalars(
                select(ContactPoint.id).where(ContactPoint.customer_id == customer_id, ContactPoint.kind == kind)
            )
        )


def test_merge_merge_split_and_unmerge_bring_the_exact_state_back(app: App, advocate: Actor, mixed: list[int]) -> None:
    one, two, three, _ = mixed
    before = state(app)
    with app.unit_of_work(advocate) as work:
        first = merge_customers(work, one, into=two, reason="The same person")
    with app.unit_of_work(advocate) as work:
        second = merge_customers(work, two, into=three)
    assert {row[1] for row in state(app)["items"]} == {three, mixed[3]}
    with app.unit_of_work(advocate) as work:
        third = split_customer(work, three, _points(app, three, "handle")[:1], name="Somebody else")
    for change in (first, third, second):
        with app.unit_of_work(advocate) as work:
            undo_change(work, change)
    assert state(app) == before


def test_a_split_takes_words_conversation_episode_and_clock_along(app: App, advocate: Actor, mixed: list[int]) -> None:
    one = mixed[0]
    with app.unit_of_work(advocate) as work:
        change = split_customer(work, one, _points(app, one, "handle"), name="Jon")
        fresh = work.session.get_one(CustomerChange, change).other_id
    with app.unit_of_work.reading() as work:
        stays, goes = work.session.scalars(select(FeedbackItem).where(FeedbackItem.natural_key.in_(("0a", "0b"))))
        assert (stays.customer_id, goes.customer_id) == (one, fresh)
        assert stays.conversation_id != goes.conversation_id
        clocks = [work.session.get_one(Episode, each.episode_id).first_answer_at for each in (stays, goes)]
    assert clocks[0] is None
    assert clocks[1] is not None


def test_what_comes_while_they_are_one_goes_home_when_that_is_undone(
    app: App, receive: Receive, advocate: Actor, mixed: list[int]
) -> None:
    one, two = mixed[:2]
    with app.unit_of_work(advocate) as work:
        change = merge_customers(work, one, into=two)
    new = receive("And now?", natural_key="new", author_email="p0@home.org")
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(FeedbackItem, new).customer_id == two
    with app.unit_of_work(advocate) as work:
        undo_change(work, change)
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(FeedbackItem, new).customer_id == one


def test_an_address_that_ended_may_be_somebody_elses_and_cannot_come_back_then(
    app: App, receive: Receive, advocate: Actor, mixed: list[int]
) -> None:
    [point] = _points(app, mixed[0], "email")
    with app.unit_of_work(advocate) as work:
        change = end_address(work, point, reason="She has left the company")
    new = receive("Hello, I am new", natural_key="new", author_email="p0@home.org", author_name="Kim")
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(FeedbackItem, new).customer_id not in mixed
    with pytest.raises(ConflictError, match="by now"), app.unit_of_work(advocate) as work:
        undo_change(work, change)


def test_corrections_stand_on_each_other_and_are_undone_in_any_order(
    app: App, advocate: Actor, mixed: list[int]
) -> None:
    before = state(app)
    with app.unit_of_work(advocate) as work:
        done = [
            correct_customer(work, mixed[0], "name", "Mia"),
            correct_customer(work, mixed[0], "name", "Mia Berg"),
            correct_customer(work, mixed[0], "voice", "partner"),
            correct_customer(work, mixed[0], "preferred_channel", "call"),
        ]
        assert correct_customer(work, mixed[0], "name", "Mia Berg") is None
    with app.unit_of_work(advocate) as work:
        undo_change(work, done[0] or 0)
        assert work.session.get_one(Customer, mixed[0]).name == "Mia Berg"
    for change in done[1:]:
        with app.unit_of_work(advocate) as work:
            undo_change(work, change or 0)
    assert state(app) == before


def test_an_address_that_a_colleague_adds_recognises_and_a_known_or_odd_one_is_refused(
    app: App, receive: Receive, advocate: Actor, mixed: list[int]
) -> None:
    with app.unit_of_work(advocate) as work:
        add_address(work, mixed[0], "Mia <mia@work.org>")
    new = receive("Me", natural_key="new", author_email="mia@work.org")
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(FeedbackItem, new).customer_id == mixed[0]
    for written, error in (
        ("p1@home.org", ConflictError),
        ("nothing", InvalidInputError),
        ("a@none.com", InvalidInputError),
    ):
        with pytest.raises(error), app.unit_of_work(advocate) as work:
            add_address(work, mixed[0], written)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_any_changes_undone_in_any_order_leave_nothing_behind(
    app: App, advocate: Actor, mixed: list[int], seed: int
) -> None:
    draw, before, standing = Random(seed), state(app), []
    for _ in range(7):
        act = draw.choice(("merge", "merge", "split", "correct", "undo"))
        with app.unit_of_work.reading() as work:
            alive = list(work.session.scalars(select(Customer.id).where(Customer.retired_at.is_(None))))
        one, two = draw.sample(alive, 2)
        try:
            with app.unit_of_work(advocate) as work:
                if act == "merge":
                    standing.append(merge_customers(work, one, into=two))
                elif act == "split":
                    points = _points(app, one, "handle") + _points(app, one, "email")
                    standing.append(split_customer(work, one, points[: draw.randint(1, 2)], name="Kim"))
                elif act == "correct":
                    standing.append(correct_customer(work, one, "name", f"Name {draw.random()}") or 0)
                elif standing:
                    undo_change(work, standing.pop(draw.randrange(len(standing))))
        except EarshotError:
            continue
    draw.shuffle(standing)
    for change in standing:
        with app.unit_of_work(advocate) as work:
            undo_change(work, change)
    assert state(app) == before
