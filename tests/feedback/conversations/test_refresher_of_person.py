"""Everything between a person and us in a few lines: promises first, each line from its source, bounded."""

from collections.abc import Callable
from datetime import timedelta

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.promises import make_promise
from bpm.foundation.work import Actor
from tests.effort import statements_of
from tests.feedback.conftest import SAID, said

Receive = Callable[..., int]


def test_a_promise_is_told_word_for_word_and_leads_to_its_reply(app: App, receive: Receive, advocate: Actor) -> None:
    item = receive("Where is my kettle?", author_email="a@home.org")
    other = receive(
        "And my invoice", author_email="a@home.org", channel="chat", source="chat", thread_key="other-thread"
    )
    with app.unit_of_work(advocate) as work:
        row = feedback.reply(work, item, "Thank you for asking. We will send it by Friday. Best wishes")
        feedback.mark_sent(work, row.id)
        reply_id = row.id
        make_promise(work, "We will send it by Friday.", app.clock.now() + timedelta(days=3), reply_id=reply_id)
    with app.unit_of_work.reading() as work:
        customer = queries.get_item(work, other).row.customer_id or 0
        found = queries.refresher_of_customer(work, customer)
    assert [(line.text, line.reply_id) for line in found.promises] == [("We will send it by Friday.", reply_id)]
    assert {line.label for line in found.exchange} == {"customer, email", "we, email", "customer, chat"}


def test_five_thousand_messages_cost_a_bounded_number_of_statements(app: App) -> None:
    with app.unit_of_work() as work:
        words = (f"The kettle leaks, drop {n}" for n in range(5000))
        many = [
            said(text, author_email="a@home.org", natural_key=f"{n}", said_at=SAID - timedelta(minutes=5000 - n))
            for n, text in enumerate(words)
        ]
        first = feedback.receive_all(work, many)[0].item_id

    def read() -> None:
        with app.unit_of_work.reading() as work:
            customer = queries.get_item(work, first).row.customer_id or 0
            queries.refresher_of_customer(work, customer)
            queries.get_customer_detail(work, customer)
            entries, older = queries.years_of(work, customer)
            assert len(entries) == 50
            assert older is not None

    assert len(statements_of(app, read)) <= 30
