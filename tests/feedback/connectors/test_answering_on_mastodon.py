"""An answer to a status: in public or to its author alone, once, and with the server's words when it is not taken."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bpm.app import App
from bpm.feedback import connectors
from bpm.feedback.connectors import NotNowError, Outgoing, RefusedError, Way
from bpm.feedback.connectors.answers import PerhapsSentError
from bpm.feedback.connectors.mastodon.sending import measure
from bpm.foundation.clock import FixedClock
from bpm.foundation.http.client import NoAnswerError, NotReachedError
from tests.feedback.connectors.conftest import FakeSystem
from tests.feedback.connectors.test_mastodon import mention, poll

OURS = {"id": "900", "uri": "https://social.example/statuses/900", "url": "https://social.example/@shop/900"}


class Server:
    """Keeps what is posted, by its idempotency key; `mood` is what it says to the next one."""

    def __init__(self, system: FakeSystem) -> None:
        self.system, self.posted = system, dict[str, dict[str, Any]]()
        self.mood: tuple[int, dict[str, str], bytes] | None = None
        self.takes_it, self.breaks = True, False

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        if parts.path == "/api/v1/statuses":
            key = self.system.asked[-1][1]["idempotency-key"]
            mood, self.mood = self.mood, None
            if mood is None or self.takes_it:
                self.posted.setdefault(key, json.loads(parts.fragment))
            if self.breaks:
                self.breaks = False
                raise ConnectionAbortedError
            return mood or (200, {}, json.dumps(OURS).encode())
        if parts.path == "/api/v1/accounts/7/statuses":
            kept = [
                OURS | {"in_reply_to_id": each["in_reply_to_id"], "content": f"<p>{each['status']}</p>"}
                for each in self.posted.values()
            ]
            return 200, {}, json.dumps(kept).encode()
        if parts.path == "/api/v2/search":
            known = "statuses/1" in parse_qs(parts.query)["q"][0]
            return 200, {}, json.dumps({"statuses": [{"id": "1"}] if known else []}).encode()
        answers = {
            "/api/v1/accounts/verify_credentials": {"id": "7", "acct": "shop"},
            "/api/v1/notifications": [mention(1, "@shop where is it?")],
        }
        return 200, {}, json.dumps(answers[parts.path]).encode()


@pytest.fixture
def server(other_side: FakeSystem) -> Server:
    server = Server(other_side)
    other_side.on_ask = server.answer
    return server


@pytest.fixture
def way(app: App, clock: FixedClock, server: Server, connect: Callable[..., int]) -> Way:
    connect("mastodon", server=server.system.address, token="planted-9")
    poll(app, clock)
    with app.unit_of_work.reading() as work:
        way = connectors.find_way(work, 1)
    assert way is not None
    return way


def outgoing(way: Way, text: str = "It left today, see https://shop.example/a", **more: Any) -> Outgoing:
    given = {"key": "reply 1", "kind": "conversation", "to": way.target.to, "answers": way.target.answers}
    return Outgoing(text=text, **{**given, **more})


def send(app: App, way: Way, message: Outgoing) -> connectors.Accepted:
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, way.connector_id)
    return way_out.send(connection, message)


def find(app: App, way: Way, message: Outgoing) -> connectors.Accepted | None:
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, way.connector_id)
    assert way_out.find
    return way_out.find(connection, message)


def test_the_author_is_answered_by_name_in_public_or_alone(app: App, server: Server, way: Way) -> None:
    assert (way.kind, way.target.to, way.target.public) == ("mastodon", "ann@social.example", True)
    accepted = send(app, way, outgoing(way, public=True, language="en"))
    assert (accepted.remote_id, accepted.url) == ("status:900", OURS["url"])
    [status] = server.posted.values()
    expected = "@ann@social.example It left today, see https://shop.example/a"
    assert status == {"status": expected, "visibility": "public", "in_reply_to_id": "1", "language": "en"}
    send(app, way, outgoing(way, "@ann@social.example hello", key="reply 2"))
    assert list(server.posted.values())[1]["visibility"] == "direct"
    assert list(server.posted.values())[1]["status"] == "@ann@social.example hello"
    assert server.system.asked[-1][1]["authorization"] == "Bearer planted-9"


def test_a_second_try_is_the_same_status(app: App, server: Server, way: Way) -> None:
    for _time in range(2):
        send(app, way, outgoing(way))
    assert len(server.posted) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, NotNowError), (503, NotNowError), (500, PerhapsSentError), (401, RefusedError), (422, RefusedError)],
)
def test_what_the_server_says_decides_what_becomes_of_it(
    app: App, server: Server, way: Way, status: int, error: type[Exception]
) -> None:
    server.mood, server.takes_it = (status, {"Retry-After": "90"}, b'{"error": "Validation failed: too long"}'), False
    with pytest.raises(error) as told:
        send(app, way, outgoing(way))
    if isinstance(told.value, NotNowError):
        assert told.value.wait is not None
        assert told.value.wait.total_seconds() == 90
    else:
        assert "too long" in str(told.value)
    assert find(app, way, outgoing(way)) is None


def test_what_perhaps_left_is_looked_for_by_what_it_answers_and_its_words(app: App, server: Server, way: Way) -> None:
    server.mood = (502, {}, b"bad gateway")
    with pytest.raises(PerhapsSentError):
        send(app, way, outgoing(way))
    found = find(app, way, outgoing(way))
    assert found is not None
    assert found.remote_id == "status:900"
    assert find(app, way, outgoing(way, "Other words.")) is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_connection_that_breaks_when_all_was_said_leaves_it_open_until_it_is_found(
    app: App, server: Server, way: Way
) -> None:
    server.breaks = True
    with pytest.raises(NoAnswerError) as told:
        send(app, way, outgoing(way))
    assert not isinstance(told.value, NotReachedError)
    found = find(app, way, outgoing(way))
    assert found is not None
    assert found.remote_id == "status:900"


def test_a_status_is_looked_up_where_only_its_address_is_known(app: App, server: Server, way: Way) -> None:
    answers = connectors.Answers(remote_id="https://social.example/statuses/1", author="ann@social.example")
    send(app, way, outgoing(way, answers=answers))
    gone = connectors.Answers(remote_id="https://social.example/gone", author="ann@social.example")
    with pytest.raises(RefusedError, match="not there any more"):
        send(app, way, outgoing(way, answers=gone))
    assert [each["in_reply_to_id"] for each in server.posted.values()] == ["1"]


def test_where_nobody_answers_it_certainly_was_not_sent(app: App, server: Server, way: Way) -> None:
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, way.connector_id)
    nowhere = connectors.get_kind("mastodon")
    assert nowhere.way_out is way_out
    object.__setattr__(connection, "settings", {**connection.settings, "server": "http://127.0.0.1:1"})
    with pytest.raises(NotNowError):
        way_out.send(connection, outgoing(way))


def test_links_and_servers_of_accounts_count_as_the_server_counts_them() -> None:
    assert measure("@ann@social.example https://shop.example/" + "x" * 200) == len("@ann ") + 23
