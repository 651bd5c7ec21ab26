"""What a webhook source delivers is a run a day: listed, counted and undone like a file."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.channels import webhook
from bpm.feedback.queries import ItemFilter
from bpm.foundation.clock import FixedClock

pytestmark = pytest.mark.both_databases


@pytest.fixture
def deliver(app: App) -> Callable[..., None]:
    with app.unit_of_work() as work:
        hook = feedback.save_webhook(work, "Desk", channel="chat")

    def post(*texts: str) -> None:
        body = json.dumps([{"id": text, "text": text, "author_email": "a@example.org"} for text in texts]).encode()
        at = str(int(app.clock.now().timestamp()))
        signature = webhook.sign(hook.secret, at, body)
        headers = {"x-earshot-timestamp": at, "x-earshot-signature": signature}
        feedback.receive_webhook(app.unit_of_work, hook.key, body, headers=headers)

    return post


def runs(app: App) -> list[queries.RunRow]:
    with app.unit_of_work.reading() as work:
        return queries.list_runs(work)


def test_the_deliveries_of_a_day_are_one_run_and_those_of_the_next_another(
    app: App, deliver: Callable[..., None], clock: FixedClock
) -> None:
    deliver("one", "two")
    deliver("two", "three")
    clock.advance(timedelta(days=1))
    deliver("four")
    assert [(run.format, run.source, run.new) for run in runs(app)] == [("webhook", "Desk", 1), ("webhook", "Desk", 3)]


def test_undoing_a_day_of_deliveries_takes_back_what_came_and_the_next_begins_anew(
    app: App, deliver: Callable[..., None]
) -> None:
    deliver("one", "two")
    with app.unit_of_work() as work:
        assert feedback.undo_import(work, runs(app)[0].id).withdrawn == 2
    deliver("one")
    with app.unit_of_work.reading() as work:
        assert [row.text for row in queries.list_items(work, ItemFilter()).rows] == ["one"]
    assert [(run.status, run.new) for run in runs(app)] == [("done", 1), ("undone", 1)]
