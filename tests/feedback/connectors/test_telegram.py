"""A bot's messages come once, are answered in their chat, and its token is shown nowhere."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from bpm.app import App
from bpm.feedback import connectors
from bpm.feedback.connectors import NotNowError, Outgoing, RefusedError
from bpm.feedback.connectors.answers import PerhapsSentError
from bpm.foundation.clock import FixedClock
from tests.feedback.connectors.conftest import FakeSystem
from tests.feedback.connectors.test_mastodon import poll, texts

TOKEN = "123456:planted-token-of-a-bot"


def update(number: int, text: str, chat: int = 77) -> dict[str, Any]:
    sender = {"id": chat, "is_bot": False, "first_name": "Ann", "username": "ann"}
    message = {"message_id": number + 500, "date": 1_772_000_000 + number, "text": text, "from": sender}
    return {"update_id": number, "message": message | {"chat": {"id": chat, "type": "private"}}}


class Bot:
    """Gives updates from an offset on, three at a time, and keeps what it sends; `mood`: its next answer to that."""

    def __init__(self, system: FakeSystem) -> None:
        self.system, self.updates, self.sent = system, list[dict[str, Any]](), list[dict[str, Any]]()
        self.mood: tuple[int, dict[str, Any]] | None = None

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        token, method = parts.path.removeprefix("/bot").split("/")
        given = json.loads(parts.fragment)
        if token != TOKEN:
            return 401, {}, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
        mood, self.mood = self.mood, None
        if mood:
            return mood[0], {}, json.dumps({"ok": False, **mood[1]}).encode()
        if method == "getUpdates":
            self.updates = [each for each in self.updates if each["update_id"] >= given.get("offset", 0)]
            return 200, {}, json.dumps({"ok": True, "result": self.updates[:100]}).encode()
        self.sent.append(given)
        return 200, {}, json.dumps({"ok": True, "result": {"message_id": 900}}).encode()


@pytest.fixture
def bot(other_side: FakeSystem, connect: Callable[..., int]) -> Bot:
    bot = Bot(other_side)
    other_side.on_ask = bot.answer
    connect("telegram", server=other_side.address, token=TOKEN)
    return bot


def send(app: App, **more: Any) -> connectors.Accepted:
    with app.unit_of_work.reading() as work:
        way = connectors.find_way(work, 1)
        assert way is not None
        way_out, connection = connectors.open_way(work, way.connector_id)
    given: dict[str, Any] = {"text": "It left today.", "from_name": "Ada Vogel", "answers": way.target.answers, **more}
    return way_out.send(connection, Outgoing("reply 1", "conversation", way.target.to, **given))


def test_messages_come_once_and_are_answered_in_their_chat(app: App, clock: FixedClock, bot: Bot) -> None:
    bot.updates = [update(1, "Where is it?"), update(2, "Hello?")]
    poll(app, clock)
    bot.updates.append(update(3, "Anybody?"))
    poll(app, clock)
    assert texts(app) == ["Where is it?", "Hello?", "Anybody?"]
    assert send(app).remote_id == "77 900"
    [sent] = bot.sent
    assert (sent["chat_id"], sent["text"]) == (77, "It left today.\n– Ada Vogel")
    assert sent["reply_parameters"]["message_id"] == 501


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ((429, {"description": "Too Many Requests", "parameters": {"retry_after": 35}}), NotNowError),
        ((403, {"description": "Forbidden: bot was blocked by the user"}), RefusedError),
        ((502, {"description": "Bad Gateway"}), PerhapsSentError),
    ],
)
def test_what_telegram_says_decides_what_becomes_of_it(
    app: App, clock: FixedClock, bot: Bot, mood: tuple[int, dict[str, Any]], error: type[Exception]
) -> None:
    bot.updates = [update(1, "Where is it?")]
    poll(app, clock)
    bot.mood = mood
    with pytest.raises(error) as told:
        send(app)
    assert TOKEN not in str(told.value)
    if isinstance(told.value, NotNowError):
        assert told.value.wait is not None
        assert told.value.wait.total_seconds() == 35
    else:
        assert mood[1]["description"] in str(told.value)
    for more in ({"text": "x" * 4097}, {"files": (connectors.SentFile("a", "text/plain", b"a"),)}):
        with pytest.raises(RefusedError):
            send(app, **more)


def test_a_token_that_is_refused_and_a_bot_that_is_taken_are_named_without_the_token(
    app: App, clock: FixedClock, bot: Bot
) -> None:
    bot.mood = (409, {"description": "Conflict: can't use getUpdates method while webhook is active"})
    assert "Another program" in poll(app, clock).last_error
    bot.mood = (401, {"description": "Unauthorized"})
    row = poll(app, clock)
    assert "does not let us in" in row.last_error
    assert TOKEN not in row.last_error
