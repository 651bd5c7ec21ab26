"""A conversation as one stream over channels, and the refresher that quotes it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Actor
from tests.effort import statements_of
from tests.feedback.conftest import SAID, reading, said
from tests.work_done import calls_of

Receive = Callable[..., int]


@pytest.fixture
def hop(app: App, receive: Receive, advocate: Actor) -> tuple[int, int]:
    """A call, then a mail of the same customer, answered and decided on; gives both items."""
    call = receive("The line is dead and nobody picks up", channel="call", source="calls", author_email="a@example.org")
    mail = receive("Now I write: the line is dead", author_email="a@example.org", said_at=SAID + timedelta(hours=5))
    with app.unit_of_work() as work:
        feedback.record_classification(work, mail, reading(topic="returns"))
    with app.unit_of_work(advocate) as work:
        feedback.mark_sent(work, feedback.reply(work, mail, "I am on it.").id)
        feedback.distribute(work, call, group_key="service", note="Please call back")
        feedback.decide(work, call, "do", reason="We owe her a call.")
    return call, mail


@pytest.mark.both_databases
def test_the_stream_tells_everything_in_order_with_its_channel(app: App, hop: tuple[int, int]) -> None:
    with app.unit_of_work.reading() as work:
        streams = [queries.conversation_of(work, item) for item in hop]
    assert streams[0] == streams[1]
    entries = streams[0].entries
    assert [(entry.kind, entry.channel) for entry in entries[:2]] == [("item", "call"), ("item", "email")]
    assert {entry.kind for entry in entries[2:]} == {"reply", "distribution", "decision"}
    assert [entry.who for entry in entries if entry.kind == "reply"] == ["Maya"]
    assert (streams[0].active, streams[0].episodes) == (True, 1)


@pytest.mark.both_databases
def test_every_line_of_the_refresher_quotes_something_that_is_there(app: App, hop: tuple[int, int]) -> None:
    with app.unit_of_work.reading() as work:
        stream = queries.conversation_of(work, hop[0])
        found = queries.refresher(work, stream.conversation_id)
    sources = {entry.text for entry in stream.entries}
    lines = (*found.exchange, *found.open, *found.topics, *found.people)
    assert {line.text for line in lines} <= sources
    assert {line.item_id for line in lines} <= set(hop)
    assert [line.label for line in found.exchange] == ["customer, email", "we, email", "customer, call"]
    assert [line.text for line in found.open] == ["Now I write: the line is dead"]
    assert [line.label for line in found.topics] == ["returns"]
    assert [line.label for line in found.people] == ["Maya"]


def test_the_refresher_of_a_very_long_conversation_costs_little_and_the_stream_is_bounded(
    app: App, receive: Receive
) -> None:
    with app.unit_of_work() as work:
        got = feedback.receive_all(
            work,
            [
                said(
                    f"word {n}",
                    author_email="a@example.org",
                    said_at=SAID - timedelta(minutes=5000 - n),
                    natural_key=f"{n}",
                )
                for n in range(5000)
            ],
        )
    with app.unit_of_work.reading() as work:
        stream = queries.conversation_of(work, got[0].item_id)
    assert len(stream.entries) == 200
    assert stream.older == 4800
    assert stream.entries[-1].text == "word 4999"

    def refresh() -> None:
        with app.unit_of_work.reading() as work:
            queries.refresher(work, stream.conversation_id)

    assert len(statements_of(app, refresh)) <= 10
    assert calls_of(refresh) < 20_000


def test_a_conversation_that_is_not_there_says_so(app: App) -> None:
    with app.unit_of_work.reading() as work:
        for ask in (queries.conversation_of, queries.refresher):
            with pytest.raises(NotFoundError):
                ask(work, 99)
