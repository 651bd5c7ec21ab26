"""Merging and splitting conversations by hand: nothing is rewritten, so undoing restores the exact earlier state."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.models import Conversation, ConversationLink, FeedbackItem
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor

Receive = Callable[..., int]


def _state(app: App) -> tuple[list[tuple[object, ...]], ...]:
    """Where each item is, and each conversation's ends."""
    with app.unit_of_work.reading() as work:
        items = work.session.execute(
            select(FeedbackItem.id, FeedbackItem.conversation_id, FeedbackItem.episode_id).order_by(FeedbackItem.id)
        )
        talks = work.session.execute(
            select(
                Conversation.id, Conversation.started_at, Conversation.last_at, Conversation.merged_into_id
            ).order_by(Conversation.id)
        )
        return [tuple(row) for row in items], [tuple(row) for row in talks]


def _talk(app: App, item: int) -> int:
    with app.unit_of_work.reading() as work:
        return queries.conversation_of(work, item).conversation_id


@pytest.mark.both_databases
def test_undoing_a_merge_restores_the_exact_earlier_state(app: App, receive: Receive, advocate: Actor) -> None:
    one, two = receive("first", thread_key="t1"), receive("second", thread_key="t2")
    with app.unit_of_work(advocate) as work:
        feedback.mark_sent(work, feedback.reply(work, one, "An answer.").id)
    before = _state(app)
    gone, kept = _talk(app, one), _talk(app, two)
    with app.unit_of_work(advocate) as work:
        assert feedback.merge_conversations(work, gone, into=kept, reason="The same fault") == 1
    with app.unit_of_work.reading() as work:
        stream = queries.conversation_of(work, two)
        assert {entry.text for entry in stream.entries} == {"first", "second", "An answer."}
        assert list(queries.first_human_answer_times(work, [two])) == [two]
    with app.unit_of_work(advocate) as work:
        assert feedback.unmerge(work, gone) == 1
    assert _state(app) == before
    with app.unit_of_work.reading() as work:
        links = work.session.scalars(
            select(ConversationLink).where(ConversationLink.item_id == one).order_by(ConversationLink.id)
        ).all()
        assert [(link.method, link.valid_to is None) for link in links] == [
            ("first", False),
            ("merged by hand", False),
            ("merge undone", True),
        ]


def test_a_later_word_in_a_merged_thread_follows_the_merge(app: App, receive: Receive, advocate: Actor) -> None:
    one, two = receive("first", thread_key="t1"), receive("second", thread_key="t2")
    with app.unit_of_work(advocate) as work:
        feedback.merge_conversations(work, _talk(app, one), into=_talk(app, two))
    assert _talk(app, receive("third", thread_key="t1")) == _talk(app, two)


def test_a_split_takes_one_item_out_and_a_merge_puts_it_back(app: App, receive: Receive, advocate: Actor) -> None:
    items = [receive(text, author_email="a@example.org") for text in ("one", "two", "not hers")]
    home = _talk(app, items[0])
    with app.unit_of_work(advocate) as work:
        apart = feedback.split_off(work, items[2], reason="Shared address")
    assert (_talk(app, items[1]), _talk(app, items[2])) == (home, apart)
    with app.unit_of_work(advocate) as work:
        feedback.merge_conversations(work, apart, into=home)
    assert _talk(app, items[2]) == home


def test_what_cannot_be_merged_is_refused(app: App, receive: Receive, advocate: Actor) -> None:
    one, two, three = (_talk(app, receive(text)) for text in ("one", "two", "three"))
    with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
        feedback.merge_conversations(work, one, into=one)
    with pytest.raises(ForbiddenError), app.unit_of_work(Actor(5, "nobody")) as work:
        feedback.merge_conversations(work, one, into=two)
    with app.unit_of_work(advocate) as work:
        feedback.merge_conversations(work, one, into=two)
    for act in (
        lambda work: feedback.merge_conversations(work, one, into=three),
        lambda work: feedback.merge_conversations(work, three, into=one),
        lambda work: feedback.unmerge(work, three),
    ):
        with pytest.raises(ConflictError), app.unit_of_work(advocate) as work:
            act(work)
