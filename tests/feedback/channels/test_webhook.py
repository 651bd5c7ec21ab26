"""Webhooks: signed, fresh, and the same call twice is one item."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import NewWebhook
from bpm.feedback.channels import webhook
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from tests.feedback.channels.conftest import ROOT

BODY = (ROOT / "webhook/samples/item.json").read_bytes()


@pytest.fixture
def hook(app: App) -> NewWebhook:
    with app.unit_of_work() as work:
        return feedback.save_webhook(work, "Help desk", channel="chat")


def _post(app: App, hook: NewWebhook, body: bytes = BODY, *, secret: str = "", late: timedelta = timedelta()) -> str:
    timestamp = str(int((app.clock.now() - late).timestamp()))
    signature = webhook.sign(secret or hook.secret, timestamp, body)
    headers = {"x-earshot-timestamp": timestamp, "x-earshot-signature": signature}
    got = feedback.receive_webhook(app.unit_of_work, hook.key, body, headers=headers).received
    return got[0].outcome


def test_a_signed_call_is_taken_in_once(app: App, hook: NewWebhook, clock: FixedClock) -> None:
    assert _post(app, hook) == "new"
    clock.advance(timedelta(minutes=3))
    assert _post(app, hook) == "skipped"


def test_an_event_that_comes_out_of_order_does_not_undo_the_newer_one(app: App, hook: NewWebhook) -> None:
    newer = b'{"id": "e", "text": "two", "updated_at": "2026-03-01T10:00:00Z"}'
    older = b'{"id": "e", "text": "one", "updated_at": "2026-03-01T09:00:00Z"}'
    assert [_post(app, hook, newer), _post(app, hook, older)] == ["new", "skipped"]


@pytest.mark.parametrize("late", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_a_stale_or_future_call_is_refused(app: App, hook: NewWebhook, late: timedelta) -> None:
    with pytest.raises(ForbiddenError, match="clocks"):
        _post(app, hook, late=late)


def test_a_wrong_secret_and_a_changed_body_are_refused(app: App, hook: NewWebhook) -> None:
    with pytest.raises(ForbiddenError, match="signature"):
        _post(app, hook, secret="guessed")
    timestamp = str(int(app.clock.now().timestamp()))
    signature = webhook.sign(hook.secret, timestamp, BODY)
    with pytest.raises(ForbiddenError):
        headers = {"x-earshot-timestamp": timestamp, "x-earshot-signature": signature}
        feedback.receive_webhook(
            app.unit_of_work,
            hook.key,
            BODY + b" ",
            headers=headers,
        )


def test_tools_that_sign_in_their_own_way_or_not_at_all_prove_the_secret(app: App, hook: NewWebhook) -> None:
    seal = base64.b64encode(hmac.new(hook.secret.encode(), BODY, hashlib.sha256).digest()).decode()
    for headers in ({"typeform-signature": f"sha256={seal}"}, {"authorization": f"Bearer {hook.secret}"}):
        got = feedback.receive_webhook(app.unit_of_work, hook.key, BODY, headers=headers)
        assert len(got.received) == 1
        for name, value in headers.items():
            with pytest.raises(ForbiddenError, match="does not fit"):
                feedback.receive_webhook(app.unit_of_work, hook.key, BODY, headers={name: value[:-2]})
    both = {"authorization": f"Bearer {hook.secret}", "x-earshot-signature": "sha256=00"}
    for wrong in (both, {}):
        with pytest.raises(ForbiddenError):
            feedback.receive_webhook(app.unit_of_work, hook.key, BODY, headers=wrong)


def test_an_unknown_address_and_one_that_is_switched_off_are_refused(app: App, hook: NewWebhook) -> None:
    with pytest.raises(NotFoundError):
        _post(app, NewWebhook(0, "nobody", hook.secret))
    with app.unit_of_work() as work:
        feedback.switch_webhook(work, hook.id, active=False)
    with pytest.raises(ForbiddenError, match="switched off"):
        _post(app, hook)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b'[{"text": "fine"}, {"text": "x", "id": "' + b"9" * 500 + b'"}]', "items[1].natural_key"),
    ],
)
def test_a_body_that_does_not_fit_says_where(app: App, hook: NewWebhook, body: bytes, place: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _post(app, hook, body)
    assert caught.value.place == place
