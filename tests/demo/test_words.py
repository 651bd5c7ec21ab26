"""What is said in the demo is one company's, by people with names, and is answered each in its own way."""

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import select

from bpm import demo
from bpm.app import App
from bpm.demo.customers import NUMBER, customer
from bpm.demo.items import said_until
from bpm.feedback.models import FeedbackItem, IncidentTold, Reply

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_each_customer_has_a_name_of_their_own() -> None:
    assert len({customer(number).name for number in range(NUMBER)}) == NUMBER


def test_nobody_says_the_same_twice_and_the_story_is_the_same_each_time() -> None:
    said = said_until(NOW)
    assert len({item.text for item in said}) == len(said)
    assert said == said_until(NOW)
    assert {item.channel for item in said} == {"email", "chat", "call", "social", "review", "survey"}


def test_replies_are_written_for_their_item(app: App) -> None:
    demo.load(app, limit=40)
    updates = select(IncidentTold.reply_id).where(IncidentTold.reply_id.is_not(None))  # one text for all, meant so
    with app.unit_of_work.reading() as work:
        replies = list(
            work.session.execute(
                select(Reply.text, FeedbackItem.author_name)
                .join_from(Reply, FeedbackItem, Reply.item_id == FeedbackItem.id)
                .where(Reply.id.not_in(updates))
            )
        )
    assert replies
    assert max(Counter(text for text, _ in replies).values()) <= 3
    assert all("Ada Advocate" in text for text, _ in replies)
    assert all(name.split()[0] in text for text, name in replies if name)
