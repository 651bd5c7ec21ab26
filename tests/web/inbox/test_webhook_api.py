"""POST /api/webhooks/<key>: signed, 202 with the item, clear JSON errors."""

import pytest
from werkzeug.test import TestResponse

from bpm import feedback
from bpm.app import App
from bpm.feedback import NewWebhook, queries
from bpm.feedback.channels import webhook
from tests.web.conftest import Browser

BODY = b'{"id": "e1", "text": "Checkout is broken", "author_email": "kim@example.org"}'


@pytest.fixture
def hook(app: App) -> NewWebhook:
    with app.unit_of_work() as work:
        return feedback.save_webhook(work, "Help desk", channel="chat")


def _post(app: App, browser: Browser, hook: NewWebhook, body: bytes = BODY, secret: str = "") -> TestResponse:
    timestamp = str(int(app.clock.now().timestamp()))
    headers = {
        "X-Earshot-Timestamp": timestamp,
        "X-Earshot-Signature": webhook.sign(secret or hook.secret, timestamp, body),
        "Content-Type": "application/json",
    }
    return browser.client.post(f"/api/webhooks/{hook.key}", data=body, headers=headers)


def test_a_signed_call_is_accepted_and_its_repetition_is_the_same_item(
    app: App, visitor: Browser, hook: NewWebhook
) -> None:
    first, second = _post(app, visitor, hook), _post(app, visitor, hook)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.get_json()["items"][0]["outcome"] == "new"
    assert second.get_json()["items"][0]["outcome"] == "skipped"
    assert first.get_json()["item_id"] == second.get_json()["item_id"]


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"secret": "wrong"}, 403, "signature"),
        ({"body": b"{"}, 400, "no JSON"),
        ({"body": b'{"id": "1"}'}, 400, "no words"),
        ({"hook": NewWebhook(0, "unknown", "s")}, 404, "no such webhook"),
    ],
)
def test_what_does_not_fit_is_told_as_json(
    app: App, visitor: Browser, hook: NewWebhook, change: dict[str, object], status: int, says: str
) -> None:
    answer = _post(app, visitor, **({"hook": hook} | change))  # type: ignore[arg-type]  # arguments of one dict
    assert answer.status_code == status
    assert says in answer.get_json()["message"]
    assert answer.get_json()["remedy"]


def test_a_call_without_signature_is_refused(visitor: Browser, hook: NewWebhook) -> None:
    assert visitor.client.post(f"/api/webhooks/{hook.key}", data=BODY).status_code == 403


def test_words_that_were_cut_are_told_in_the_answer(app: App, visitor: Browser, hook: NewWebhook) -> None:
    answer = _post(app, visitor, hook, b'{"id": "long", "text": "%b"}' % (b"word " * 400_000))
    assert answer.status_code == 202
    assert "first 200,000 of 1,999,999 bytes" in answer.get_json()["items"][0]["cut"]


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:00-05:00", "2030-01-01"])
def test_an_instant_that_cannot_be_costs_the_date_and_not_the_words(
    app: App, visitor: Browser, hook: NewWebhook, written: str
) -> None:
    answer = _post(app, visitor, hook, f'{{"text": "x", "said_at": "{written}"}}'.encode())
    assert answer.status_code == 202
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, queries.ItemFilter()).rows
    assert (row.text, row.said_at) == ("x", None)


def test_a_call_that_brings_nobodys_voice_is_taken_and_what_was_left_out_is_named(
    app: App, visitor: Browser, hook: NewWebhook
) -> None:
    ours = b'{"id": "a1", "text": "We look into it.", "role": "agent"}'
    alone = _post(app, visitor, hook, ours)
    assert (alone.status_code, alone.get_json()["item_id"], alone.get_json()["items"]) == (202, None, [])
    assert alone.get_json()["left_out"] == [{"place": "items[0]", "reason": "the company's own words"}]
    both = _post(app, visitor, hook, b'[%b, {"id": "c1", "text": "It is broken", "rating": "awful"}]' % ours)
    assert len(both.get_json()["items"]) == len(both.get_json()["left_out"]) == 1
    assert "awful" in both.get_json()["items"][0]["warnings"][0]
    with app.unit_of_work.reading() as work:
        [run] = queries.list_runs(work)
        told = [(row.kind, row.reason, row.can_be_taken) for row in queries.list_row_errors(work, run.id)]
    assert told[:2] == [("ignored", "the company's own words", True)] * 2
    assert told[2][0] == "cut"
    assert (run.new, run.left_out) == (1, 2)
