"""A Bluesky account is read newest first without gaps, keeps its session, and answers each post once."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import connectors, queries
from bpm.feedback.connectors import NotNowError, Outgoing, RefusedError, Way
from bpm.feedback.connectors.answers import PerhapsSentError
from bpm.feedback.connectors.bluesky.graphemes import count_graphemes
from bpm.feedback.connectors.bluesky.sending import record_key
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from tests.feedback.connectors.conftest import FakeSystem
from tests.feedback.connectors.test_mastodon import poll

OWN = "did:plc:shop"
Answer = tuple[int, dict[str, str], bytes]


def post(number: int, text: str, *, who: str = "ann", reason: str = "", root: str = "") -> dict[str, Any]:
    at = f"2026-03-01T10:{number // 60:02}:{number % 60:02}.000Z"
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": at}
    if root:
        record["reply"] = {"root": {"uri": root, "cid": "cid-root"}, "parent": {"uri": root, "cid": "cid-root"}}
    did = OWN if who == "shop" else f"did:plc:{who}"
    found = {
        "uri": f"at://{did}/app.bsky.feed.post/{number}", "cid": f"cid-{number}", "record": record, "indexedAt": at,
        "author": {"did": did, "handle": f"{who}.example", "displayName": who, "indexedAt": "2027-01-01T00:00:00Z"},
    }  # fmt: skip
    return found | ({"reason": reason} if reason else {})


class Server:
    """A PDS that pages three by three, whose access tokens work `lasts` times each."""

    def __init__(self, system: FakeSystem) -> None:
        self.system, self.asked = system, list[str]()
        self.notifications: list[dict[str, Any]] = []
        self.found: list[dict[str, Any]] = []
        self.records: dict[str, dict[str, Any]] = {}
        self.moods: list[Answer | None] = []
        self.takes_it, self.refresh_works, self.password = True, True, "planted-8"
        self.lasts, self.left, self.token = 1000, 0, 0

    def answer(self, path: str) -> Answer:
        parts = urlsplit(path)
        name, query = parts.path.removeprefix("/xrpc/"), parse_qs(parts.query)
        self.asked.append(name)
        body = json.loads(parts.fragment) if parts.fragment else {}
        bearer = self.system.asked[-1][1].get("authorization", "")
        if name == "com.atproto.server.createSession":
            fits = body == {"identifier": "shop.example", "password": self.password}
            return self.session() if fits else self.no(401, "AuthenticationRequired")
        if name == "com.atproto.server.refreshSession":
            return self.session() if self.refresh_works else self.no(400, "ExpiredToken")
        if bearer != f"Bearer access-{self.token}" or self.left <= 0:
            return self.no(400, "ExpiredToken")
        self.left -= 1
        return self.do(name, query, body)

    def session(self) -> Answer:
        self.token, self.left = self.token + 1, self.lasts
        told = {"accessJwt": f"access-{self.token}", "refreshJwt": "refresh", "did": OWN, "handle": "shop.example"}
        return 200, {}, json.dumps(told).encode()

    def no(self, status: int, error: str, message: str = "") -> Answer:
        return status, {}, json.dumps({"error": error, "message": message}).encode()

    def do(self, name: str, query: dict[str, list[str]], body: dict[str, Any]) -> Answer:
        told: Any = {}
        if name == "com.atproto.repo.createRecord":
            mood = self.moods.pop(0) if self.moods else None
            if body["rkey"] in self.records:
                return self.no(400, "InvalidRequest", "Record already exists")
            if mood is None or self.takes_it:
                self.records[body["rkey"]] = body
            if mood is not None:
                return mood
            told = {"uri": f"at://{OWN}/app.bsky.feed.post/{body['rkey']}", "cid": "cid"}
        elif name == "com.atproto.repo.getRecord":
            if query["rkey"][0] not in self.records:
                return self.no(400, "RecordNotFound")
            told = {"uri": f"at://{OWN}/app.bsky.feed.post/{query['rkey'][0]}", "value": {}}
        elif name == "app.bsky.feed.getPosts":
            told = {"posts": [each for each in self.found if each["uri"] == query["uris"][0]]}
        elif name == "com.atproto.identity.resolveHandle":
            if query["handle"][0] != "ann.example":
                return self.no(400, "InvalidRequest")
            told = {"did": "did:plc:ann"}
        else:
            told = self.page(name, query)
        return 200, {}, json.dumps(told).encode()

    def page(self, name: str, query: dict[str, list[str]]) -> dict[str, Any]:
        listed = self.notifications if name.endswith("listNotifications") else self.found
        since, start = query.get("since", [""])[0], int(query.get("cursor", ["0"])[0])
        newest = [
            each
            for each in sorted(listed, key=lambda each: each["indexedAt"], reverse=True)
            if each["indexedAt"] >= since
        ]
        more = {"cursor": str(start + 3)} if len(newest) > start + 3 else {}
        return {("notifications" if listed is self.notifications else "posts"): newest[start : start + 3], **more}


@pytest.fixture
def server(other_side: FakeSystem) -> Server:
    server = Server(other_side)
    other_side.on_ask = server.answer
    return server


@pytest.fixture
def account(server: Server, connect: Callable[..., int]) -> int:
    return connect(
        "bluesky", server=server.system.address, handle="shop.example", password="planted-8", words="Your Shop"
    )


def texts(app: App) -> set[str]:
    with app.unit_of_work.reading() as work:
        return set(work.session.scalars(select(FeedbackItem.text)))


def test_mentions_and_searches_come_without_gaps_and_own_posts_are_nobodys(
    app: App, clock: FixedClock, server: Server, account: int
) -> None:
    server.notifications = [post(1, "@shop.example where is it?", reason="mention"), post(2, "", reason="like")]
    server.found = [post(3, "Your Shop never answers"), post(4, "Your Shop is here to help", who="shop")]
    assert poll(app, clock).state == "working"
    assert texts(app) == {"@shop.example where is it?", "Your Shop never answers"}
    server.notifications += [post(number, f"waiting {number}", reason="reply") for number in range(10, 20)]
    server.asked.clear()
    poll(app, clock)
    assert {f"waiting {number}" for number in range(10, 20)} <= texts(app)
    assert server.asked.count("app.bsky.notification.listNotifications") == 4, "pages of three, until what was seen"
    server.asked.clear()
    poll(app, clock)
    assert server.asked == ["app.bsky.notification.listNotifications", "app.bsky.feed.searchPosts"]


def test_a_session_is_kept_renewed_and_begun_anew_and_a_revoked_password_is_named(
    app: App, clock: FixedClock, server: Server, account: int
) -> None:
    server.notifications, server.lasts = [post(1, "where is it?", reason="mention")], 1
    poll(app, clock)
    signed_in = "com.atproto.server.createSession"
    assert (server.asked.count(signed_in), server.asked.count("com.atproto.server.refreshSession")) == (1, 1)
    server.refresh_works = False
    assert poll(app, clock).state == "working"
    assert server.asked.count(signed_in) > 1
    server.password = "another"
    row = poll(app, clock)
    assert row.state == "failing"
    assert "does not let us in" in row.last_error
    with app.unit_of_work() as work:
        assert connectors.kept_secrets(work, account) == {"password", "session"}
        connectors.remove_connector(work, account)


@pytest.fixture
def way(app: App, clock: FixedClock, server: Server, account: int) -> Way:
    root = "at://did:plc:bob/app.bsky.feed.post/0"
    server.found = [post(1, "Your Shop never answers", root=root)]
    poll(app, clock)
    with app.unit_of_work.reading() as work:
        way = connectors.find_way(work, 1)
    assert way is not None
    return way


def send(
    app: App, way: Way, text: str = "On it, @ann.example: é https://shop.example/a.", **more: Any
) -> connectors.Accepted:
    given: dict[str, Any] = {
        "key": "reply 1",
        "kind": "conversation",
        "to": way.target.to,
        "answers": way.target.answers,
    }
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, way.connector_id)
    return way_out.send(connection, Outgoing(text=text, **{**given, "public": True, **more}))


def test_an_answer_stands_in_the_thread_with_its_links_and_mentions_by_bytes(
    app: App, server: Server, way: Way
) -> None:
    assert (way.target.to, way.target.public) == ("ann.example", True)
    accepted = send(app, way)
    [(key, body)] = server.records.items()
    assert (accepted.remote_id, key) == (f"at://{OWN}/app.bsky.feed.post/{key}", record_key("reply 1"))
    assert accepted.url == f"https://bsky.app/profile/shop.example/post/{key}"
    record = body["record"]
    assert record["reply"]["parent"] == {"uri": "at://did:plc:ann/app.bsky.feed.post/1", "cid": "cid-1"}
    assert record["reply"]["root"] == {"uri": "at://did:plc:bob/app.bsky.feed.post/0", "cid": "cid-root"}
    words = record["text"].encode()
    marked = {words[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode() for each in record["facets"]}
    assert marked == {"@ann.example", "https://shop.example/a"}


def test_a_second_try_finds_the_first(app: App, server: Server, way: Way) -> None:
    server.moods = [(502, {}, b"")]
    with pytest.raises(PerhapsSentError):
        send(app, way)
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, way.connector_id)
    message = Outgoing("reply 1", "conversation", "ann.example", "x", public=True)
    assert way_out.find
    found = way_out.find(connection, message)
    assert found is not None
    assert send(app, way).remote_id == found.remote_id
    assert len(server.records) == 1
    assert way_out.find(connection, Outgoing("reply 2", "conversation", "ann.example", "x")) is None


@pytest.mark.parametrize(
    ("status", "error"), [(429, NotNowError), (503, NotNowError), (500, PerhapsSentError), (400, RefusedError)]
)
def test_what_the_server_says_decides_what_becomes_of_it(
    app: App, server: Server, way: Way, status: int, error: type[Exception]
) -> None:
    server.moods, server.takes_it = (
        [(status, {"Retry-After": "90"}, b'{"error": "X", "message": "not like this"}')],
        False,
    )
    with pytest.raises(error):
        send(app, way)
    assert server.records == {}


def test_what_cannot_be_posted_is_refused_before_anything_is_asked(app: App, server: Server, way: Way) -> None:
    server.asked.clear()
    for more in ({"text": "é" * 301}, {"public": False}):
        with pytest.raises(RefusedError):
            send(app, way, **more)
    assert server.asked == []
    server.found = []
    with pytest.raises(RefusedError, match="not there any more"):
        send(app, way)
    server.refresh_works, server.left, server.password = False, 0, "another"
    with pytest.raises(RefusedError, match="does not let us in"):
        send(app, way)
    with app.unit_of_work.reading() as work:
        assert queries.list_connectors(work)[0].state == "working"


def test_characters_are_counted_as_people_see_them() -> None:
    assert count_graphemes("e\u0301") == 1
    assert count_graphemes("👩‍👩‍👧‍👦👍🏽🇩🇪🇫🇷") == 4
    assert count_graphemes("Hello\r\nthere") == 11


def test_record_keys_are_tids() -> None:
    keys = {record_key(str(number)) for number in range(200)}
    assert len(keys) == 200
    assert all(len(key) == 13 and key[0] in "234567abcdefghij" and key[:2] < "3o" for key in keys)
