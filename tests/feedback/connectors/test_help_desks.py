"""Chatwoot and Zammad: what customers say comes once by calls and polls, and is answered in its conversation."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import connectors
from bpm.feedback.channels import webhook
from bpm.feedback.connectors import NotNowError, Outgoing, RefusedError, SentFile
from bpm.feedback.connectors.answers import PerhapsSentError
from bpm.feedback.events import DeliveryHeard
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from tests.feedback.connectors.conftest import FakeSystem
from tests.feedback.connectors.test_mastodon import poll

KEY = "planted-hook"


class Desk:
    """A help desk: talks with messages, and what it was sent; `mood` is what it says to the next message."""

    def __init__(self, system: FakeSystem) -> None:
        self.system, self.talks = system, dict[int, list[dict[str, Any]]]()
        self.moods: list[tuple[int, dict[str, str], bytes]] = []
        self.takes_it, self.keeps_keys, self.changed = True, True, dict[int, int]()

    def hear(self, talk: int, number: int, message: dict[str, Any], at: int) -> None:
        self.talks.setdefault(talk, []).append(message | {"id": number})
        self.changed[talk] = at

    def listed(self, page: int, size: int = 2) -> list[int]:
        newest = sorted(self.changed, key=lambda each: -self.changed[each])
        return newest[(page - 1) * size : page * size]

    def take(self, talk: int, message: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        mood = self.moods.pop(0) if self.moods else None
        kept = message | {"id": 900}
        if not self.keeps_keys:
            kept = {name: value for name, value in kept.items() if name not in {"content_attributes", "preferences"}}
        if mood is None or self.takes_it:
            self.talks[talk].append(kept)
        return mood or (200, {}, json.dumps(kept).encode())

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        told = self.told(parts.path.split("/")[3:], page, json.loads(parts.fragment) if parts.fragment else None)
        return told if isinstance(told, tuple) else (200, {}, json.dumps(told).encode())

    def told(self, names: list[str], page: int, body: Any) -> Any:
        raise NotImplementedError

    def says(self, talk: int, number: int, text: str, at: int = 0, **more: Any) -> dict[str, Any]:
        raise NotImplementedError


class Chatwoot(Desk):
    def told(self, names: list[str], page: int, body: Any) -> Any:
        match names[2:]:
            case ["conversations"]:
                rows = [{"id": each, "last_activity_at": self.changed[each]} for each in self.listed(page)]
                return {"data": {"meta": {}, "payload": rows}}
            case ["conversations", number]:
                if int(number) not in self.talks:
                    return 404, {}, b'{"error": "Resource could not be found"}'
                return {"id": int(number), "meta": {"channel": "Channel::WebWidget"}}
            case ["conversations", number, "messages"]:
                return self.take(int(number), body) if body else {"payload": self.talks[int(number)]}
        return 404, {}, b"{}"

    def says(self, talk: int, number: int, text: str, at: int = 0, **more: Any) -> dict[str, Any]:
        at = at or 1_772_000_000 + number
        message = {
            "content": text, "message_type": 0, "private": False, "created_at": at, "conversation_id": talk,
            "sender": {"id": 9, "name": "Uwe", "email": "uwe@example.org"}, **more,
        }  # fmt: skip
        self.hear(talk, number, message, at)
        return message | {"id": number}


class Zammad(Desk):
    def told(self, names: list[str], page: int, body: Any) -> Any:
        match names:
            case ["tickets", "search"]:
                return [
                    {"id": each, "updated_at": f"2026-03-01T10:00:{self.changed[each]:02}Z"}
                    for each in self.listed(page)
                ]
            case ["tickets", number]:
                return {"id": int(number), "title": "Lift", "customer_id": 15}
            case ["ticket_articles", "by_ticket", number]:
                return self.talks[int(number)]
            case ["ticket_articles", number]:
                found = [each for talk in self.talks.values() for each in talk if each["id"] == int(number)]
                return found[0] if found else (404, {}, b'{"error": "No such object"}')
            case ["ticket_articles"]:
                return self.take(body["ticket_id"], body)
        return 404, {}, b"{}"

    def says(self, talk: int, number: int, text: str, at: int = 0, **more: Any) -> dict[str, Any]:
        article = {
            "ticket_id": talk, "body": f"<p>{text}</p>", "from": "Eva Lind <eva@example.org>", "sender": "Customer",
            "type": "email", "internal": False, "message_id": f"<{number}@example.org>",
            "created_at": f"2026-03-01T10:00:{number % 60:02}Z", **more,
        }  # fmt: skip
        self.hear(talk, number, article, at or number % 60)
        return article | {"id": number}


@pytest.fixture(params=["chatwoot", "zammad"])
def desk(request: pytest.FixtureRequest, other_side: FakeSystem, connect: Callable[..., int]) -> Desk:
    desk: Desk = {"chatwoot": Chatwoot, "zammad": Zammad}[request.param](other_side)
    other_side.on_ask = desk.answer
    given = {"server": other_side.address, "token": "planted-6", "hook_secret": KEY}
    connect(request.param, **given, **({"account": "3"} if request.param == "chatwoot" else {}))
    return desk


def texts(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return sorted(work.session.scalars(select(FeedbackItem.text).where(FeedbackItem.current)))


def call(app: App, clock: FixedClock, desk: Desk, message: dict[str, Any], key: str = KEY) -> int:
    """As the desk posts it, signed in its own way."""
    if isinstance(desk, Chatwoot):
        talk = {"id": message["conversation_id"], "channel": "Channel::WebWidget"}
        body = json.dumps({"event": "message_created", **message, "conversation": talk, "account": {"id": 3}}).encode()
        at = str(int(clock.now().timestamp()))
        headers = {"X-Chatwoot-Signature": webhook.sign(key, at, body), "X-Chatwoot-Timestamp": at}
    else:
        body = json.dumps({"ticket": {"id": message["ticket_id"], "title": "Lift"}, "article": message}).encode()
        headers = {"X-Hub-Signature": f"sha1={hmac.new(key.encode(), body, hashlib.sha1).hexdigest()}"}
    return connectors.receive_call(app.unit_of_work, 1, headers, body)


def ours(desk: Desk, **more: Any) -> dict[str, Any]:
    """A message of an agent."""
    kind = {"message_type": 1} if isinstance(desk, Chatwoot) else {"sender": "Agent"}
    return desk.says(7, 60, "We look", **kind, **more)


def test_calls_and_polls_bring_each_message_once_and_nothing_of_ours(app: App, clock: FixedClock, desk: Desk) -> None:
    says = desk.says
    first = says(7, 1, "The lift is stuck")
    assert call(app, clock, desk, first) == 1
    call(app, clock, desk, ours(desk))
    call(
        app,
        clock,
        desk,
        says(7, 2, "angry one", **({"private": True} if isinstance(desk, Chatwoot) else {"internal": True})),
    )
    assert texts(app) == ["The lift is stuck"]
    for number in range(3, 8):
        says(number + 10, number, f"talk {number}")
    assert poll(app, clock).state == "working"
    assert texts(app) == ["The lift is stuck", *(f"talk {number}" for number in range(3, 8))]
    asked = len(desk.system.asked)
    poll(app, clock)
    assert len(desk.system.asked) - asked <= 4, "the latest conversation alone is looked at again"
    says(7, 30, "Still stuck", at=1_772_000_900 if isinstance(desk, Chatwoot) else 59)
    poll(app, clock)
    assert "Still stuck" in texts(app)


def test_what_became_of_an_answer_comes_with_calls(app: App, clock: FixedClock, desk: Desk) -> None:
    heard: list[DeliveryHeard] = []
    app.bus.subscribe(DeliveryHeard, lambda _work, event: heard.append(event))
    if isinstance(desk, Chatwoot):
        states = [
            {"status": "sent"},
            {"status": "delivered"},
            {"status": "failed", "content_attributes": {"external_error": "no such number"}},
        ]
    else:
        told = [
            {},
            {"delivery_status": "success"},
            {"delivery_status": "fail", "delivery_status_message": "no such number"},
        ]
        states = [{"preferences": each} for each in told]
    for more in states:
        call(app, clock, desk, ours(desk, **more))
    assert [(each.remote_id, each.state, each.why, each.connector_id) for each in heard] == [
        ("60", "delivered", "", 1), ("60", "permanent_failure", "no such number", 1),
    ]  # fmt: skip
    assert texts(app) == []


def test_a_call_has_to_prove_who_it_is(app: App, clock: FixedClock, desk: Desk) -> None:
    message = desk.says(7, 1, "The lift is stuck")
    with pytest.raises(ForbiddenError, match="does not fit"):
        call(app, clock, desk, message, key="guessed")
    with pytest.raises(ForbiddenError, match="does not fit"):
        connectors.receive_call(app.unit_of_work, 1, {}, b"{}")
    with pytest.raises(NotFoundError):
        connectors.receive_call(app.unit_of_work, 99, {}, b"{}")
    with app.unit_of_work() as work:
        connectors.make_connector(work, "address", {"name": "File", "address": "https://shop.example/a.json"})
        connectors.pause_connector(work, 1)
    with pytest.raises(NotFoundError):
        connectors.receive_call(app.unit_of_work, 2, {}, b"{}")
    with pytest.raises(ForbiddenError, match="paused"):
        call(app, clock, desk, message)
    assert texts(app) == []


def outgoing(app: App, text: str = "It is mended.", **more: Any) -> Outgoing:
    with app.unit_of_work.reading() as work:
        way = connectors.find_way(work, 1)
    assert way is not None
    given: dict[str, Any] = {
        "key": "reply 1", "kind": "conversation", "to": way.target.to, "answers": way.target.answers,
        "subject": way.target.subject, "from_name": "Ada Vogel",
    }  # fmt: skip
    return Outgoing(text=text, **{**given, **more})


def send(app: App, message: Outgoing) -> connectors.Accepted:
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, 1)
    return way_out.send(connection, message)


def find(app: App, message: Outgoing) -> connectors.Accepted | None:
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, 1)
    assert way_out.find
    return way_out.find(connection, message)


def test_an_answer_goes_into_its_conversation_under_its_authors_name(app: App, clock: FixedClock, desk: Desk) -> None:
    call(app, clock, desk, desk.says(7, 1, "The lift is stuck"))
    with app.unit_of_work.reading() as work:
        way = connectors.find_way(work, 1)
    assert way is not None
    assert way.target.shown in {"Uwe, conversation 7", "eva@example.org, ticket 7"}
    message = outgoing(app, copies=("kim@shop.example",))
    accepted = send(app, message)
    assert accepted.remote_id == "900"
    sent = desk.talks[7][-1]
    if isinstance(desk, Chatwoot):
        assert (sent["content"], sent["message_type"], sent["private"]) == (
            "It is mended.\n– Ada Vogel",
            "outgoing",
            False,
        )
        assert (sent["echo_id"], sent["cc_emails"]) == (sent["content_attributes"]["earshot_key"], "kim@shop.example")
        assert desk.system.asked[-1][1]["api_access_token"] == "planted-6"
        with pytest.raises(RefusedError, match="Files"):
            send(app, outgoing(app, files=(SentFile("a.pdf", "application/pdf", b"%PDF"),)))
    else:
        send(app, outgoing(app, key="reply 2", files=(SentFile("a.pdf", "application/pdf", b"%PDF"),)))
        assert (sent["body"], sent["sender"], sent["internal"]) == ("It is mended.\n– Ada Vogel", "Agent", False)
        assert (sent["to"], sent["type"], sent["in_reply_to"]) == ("eva@example.org", "email", "<1@example.org>")
        assert desk.talks[7][-1]["attachments"][0]["filename"] == "a.pdf"
        assert desk.system.asked[-1][1]["authorization"] == "Token token=planted-6"
    poll(app, clock)
    assert texts(app) == ["The lift is stuck"], "what we said ourselves is nobody's voice"


@pytest.mark.parametrize("keeps_keys", [True, False])
def test_what_perhaps_left_is_found_by_its_key_or_its_words(
    app: App, clock: FixedClock, desk: Desk, keeps_keys: bool
) -> None:
    call(app, clock, desk, desk.says(7, 1, "The lift is stuck"))
    desk.keeps_keys, desk.moods = keeps_keys, [(504, {}, b"")]
    with pytest.raises(PerhapsSentError):
        send(app, outgoing(app))
    found = find(app, outgoing(app))
    assert found is not None
    assert found.remote_id == "900"
    assert find(app, outgoing(app, "Other words.", key="reply 2")) is None


@pytest.mark.parametrize(
    ("status", "error"), [(429, NotNowError), (503, NotNowError), (401, RefusedError), (422, RefusedError)]
)
def test_what_the_desk_says_decides_what_becomes_of_it(
    app: App, clock: FixedClock, desk: Desk, status: int, error: type[Exception]
) -> None:
    call(app, clock, desk, desk.says(7, 1, "The lift is stuck"))
    message = outgoing(app)
    desk.moods, desk.takes_it = [(status, {"Retry-After": "30"}, b'{"error": "not like this"}')], False
    with pytest.raises(error):
        send(app, message)
    assert find(app, message) is None
    desk.talks.clear()
    with pytest.raises(RefusedError):
        send(app, message)


def test_settings_that_do_not_fit_are_named(app: App) -> None:
    with app.unit_of_work() as work, pytest.raises(InvalidInputError) as error:
        given = {"name": "Desk", "server": "ftp://x", "account": "first", "token": "planted-6"}
        connectors.make_connector(work, "chatwoot", given)
    assert set(error.value.fields) == {"server", "account"}
