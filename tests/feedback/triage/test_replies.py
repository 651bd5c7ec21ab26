"""What people do with items: a person speaks, everything is decided with a reason, nothing falls into a hole unseen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bpm import feedback, identity
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.models import Episode, FeedbackItem, Reply
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.work import SYSTEM, Actor
from tests.feedback.conftest import SAID

pytestmark = pytest.mark.both_databases

Receive = Callable[..., int]


def test_a_reply_names_its_author_and_answers_once_it_was_said(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor
) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        row = feedback.reply(work, item, "I am looking into it.")
        assert (row.author_user_id, row.status) == (advocate.user_id, "kept")
        reply_id = row.id
    with app.unit_of_work.reading() as work:
        assert queries.get_item(work, item).row.answered_at is None
    clock.advance(timedelta(minutes=5))
    with app.unit_of_work(advocate) as work:
        feedback.mark_sent(work, reply_id)
    with app.unit_of_work.reading() as work:
        assert queries.get_item(work, item).row.answered_at == app.clock.now()


def test_nobody_but_a_person_can_reply(app: App, receive: Receive) -> None:
    item = receive()
    with pytest.raises(ForbiddenError, match="named person"), app.unit_of_work(SYSTEM) as work:
        feedback.reply(work, item, "Dear customer")


def test_a_person_without_the_right_to_answer_cannot_reply(app: App, receive: Receive) -> None:
    item = receive()
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, "sam", display_name="", password="long enough now", roles=["designer"], groups=[]
        )
        designer = identity.actor_of(user)
    with pytest.raises(ForbiddenError), app.unit_of_work(designer) as work:
        feedback.reply(work, item, "Hi")


@pytest.mark.parametrize("missing", ["author_user_id", "approved_at"])
def test_the_database_itself_refuses_a_reply_without_author_or_approval(
    app: App, receive: Receive, advocate: Actor, missing: str
) -> None:
    item = receive()
    values = {
        "item_id": item,
        "conversation_id": 1,
        "author_user_id": advocate.user_id,
        "approved_at": app.clock.now(),
        "text": "Dear customer",
        "channel": "email",
        "status": "kept",
    }
    with app.database.begin() as connection:
        connection.execute(insert(Reply).values(**values))
    with pytest.raises(IntegrityError), app.database.begin() as connection:
        connection.execute(insert(Reply).values(**(values | {missing: None})))


def test_an_empty_reply_is_refused(app: App, receive: Receive, advocate: Actor) -> None:
    item = receive()
    with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
        feedback.reply(work, item, "  \n ")


def test_the_first_answer_stops_the_episodes_clock_and_the_second_leaves_it(
    app: App, clock: FixedClock, receive: Receive, advocate: Actor
) -> None:
    item = receive()
    first = clock.now()
    for text in ("One moment.", "Here it is."):
        with app.unit_of_work(advocate) as work:
            feedback.mark_sent(work, feedback.reply(work, item, text).id)
        clock.advance(timedelta(hours=1))
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Episode.first_answer_at)).one() == first
        assert queries.first_human_answer_times(work, [item, 999]) == {item: first}


def test_a_decision_needs_a_reason_and_a_known_word(app: App, receive: Receive, advocate: Actor) -> None:
    item = receive()
    for decision, reason in (("do", " "), ("later", "because")):
        with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
            feedback.decide(work, item, decision, reason=reason)


def test_an_episode_closes_when_its_last_item_is_decided_and_wakes_with_the_next_word(
    app: App, receive: Receive, advocate: Actor
) -> None:
    one = receive(author_email="a@example.org")
    two = receive("and this", author_email="a@example.org")
    closed = []
    for item in (one, two):
        with app.unit_of_work(advocate) as work:
            feedback.decide(work, item, "no", reason="Not ours.")
        with app.unit_of_work.reading() as work:
            closed.append(work.session.scalars(select(Episode.closed_at)).one() is not None)
    receive("still", author_email="a@example.org", said_at=SAID + timedelta(days=1))
    with app.unit_of_work.reading() as work:
        closed.append(work.session.scalars(select(Episode.closed_at)).one() is not None)
    assert closed == [False, True, False]


def test_a_decision_stays_with_the_item_under_the_name_of_who_took_it(
    app: App, receive: Receive, advocate: Actor
) -> None:
    item = receive()
    with app.unit_of_work(advocate) as work:
        feedback.decide(work, item, "no_reply_wanted", reason="A joke among friends.")
    with app.unit_of_work.reading() as work:
        assert queries.get_item(work, item).decisions[0].by == "Maya"


def test_distributing_to_an_unknown_group_names_the_groups_there_are(
    app: App, receive: Receive, advocate: Actor
) -> None:
    item = receive()
    with pytest.raises(InvalidInputError, match="service"), app.unit_of_work(advocate) as work:
        feedback.distribute(work, item, group_key="nobody", note="")


def test_acting_on_an_item_that_is_not_there_says_so(app: App, advocate: Actor) -> None:
    with pytest.raises(NotFoundError), app.unit_of_work(advocate) as work:
        feedback.decide(work, 77, "do", reason="x")


def test_an_edited_item_is_heard_anew(app: App, receive: Receive, advocate: Actor) -> None:
    item = receive("fine", natural_key="r")
    with app.unit_of_work(advocate) as work:
        feedback.decide(work, item, "no_reply_wanted", reason="Praise.")
    edited = receive("no, awful", natural_key="r")
    with app.unit_of_work.reading() as work:
        assert work.session.get(FeedbackItem, edited).decision is None  # type: ignore[union-attr]  # it is there, or the test fails
