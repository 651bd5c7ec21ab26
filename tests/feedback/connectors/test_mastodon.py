"""Mentions, hashtags and words of a Mastodon server come in page by page, each once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from bpm.app import App
from bpm.feedback import connectors, queries
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from tests.feedback.connectors.conftest import FakeSystem


def status(number: int, text: str, account: str = "ann") -> dict[str, Any]:
    return {
        "id": str(number),
        "uri": f"https://social.example/statuses/{number}",
        "url": f"https://social.example/@{account}/{number}",
        "created_at": "2026-03-01T10:00:00.000Z",
        "edited_at": None,
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "content": f"<p>{text}</p>",
        "account": {"acct": account, "display_name": account.title(), "url": f"https://social.example/@{account}"},
        "media_attachments": [],
    }


class Server:
    """A Mastodon server that pages two by two, as min_id asks."""

    def __init__(self) -> None:
        self.mentions: dict[int, dict[str, Any]] = {}
        self.tagged: dict[int, dict[str, Any]] = {}
        self.found: list[dict[str, Any]] = []

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        query = parse_qs(parts.query)
        if parts.path == "/api/v2/search":
            return 200, {}, json.dumps({"accounts": [], "statuses": self.found, "hashtags": []}).encode()
        listed = self.mentions if "notifications" in parts.path else self.tagged
        after = query.get("min_id", [""])[0]
        ids = sorted(listed)[-2:] if not after else [each for each in sorted(listed) if each > int(after)][:2]
        link = {"Link": f'<http://x{parts.path}?max_id={min(ids)}>; rel="next", <http://x{parts.path}?min_id={max(ids)}>; rel="prev"'} if ids else {}  # fmt: skip  # noqa: E501
        return 200, link, json.dumps([listed[each] for each in reversed(ids)]).encode()


def mention(number: int, text: str, account: str = "ann") -> dict[str, Any]:
    told = status(number, text, account)
    return {"id": str(number + 500), "type": "mention", "created_at": told["created_at"], "account": told["account"],
            "status": told}  # fmt: skip


def texts(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return list(work.session.scalars(select(FeedbackItem.text).order_by(FeedbackItem.id)))


def poll(app: App, clock: FixedClock) -> queries.ConnectorRow:
    while connectors.sweep_connectors(app.unit_of_work):
        pass
    clock.advance(timedelta(minutes=15))
    with app.unit_of_work.reading() as work:
        return queries.list_connectors(work)[0]


def test_pages_are_followed_and_each_status_comes_once(
    app: App, clock: FixedClock, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    server = Server()
    other_side.on_ask = server.answer
    server.mentions = {501: mention(1, "@shop where is it?"), 502: mention(2, "we look", "shop")}
    server.tagged = {1: status(1, "@shop where is it?"), 3: status(3, "#yourshop is slow", "bob")}
    server.found = [status(4, "Your Shop never answers", "cem")]
    given = {"server": other_side.address, "token": "planted-9", "words": "#yourshop\nYour Shop"}
    connect("mastodon", **given, own="@shop@social.example\nshop@social.example")
    assert poll(app, clock).state == "working"
    expected = {"@shop where is it?", "#yourshop is slow", "Your Shop never answers"}
    assert (set(texts(app)), len(texts(app))) == (expected, 3)
    assert other_side.asked[0][1]["authorization"] == "Bearer planted-9"
    for number in range(5, 10):
        server.mentions[500 + number] = mention(number, f"still waiting {number}")
    poll(app, clock)
    assert sorted(texts(app)[3:]) == [f"still waiting {number}" for number in range(5, 10)]
    asked = len(other_side.asked)
    poll(app, clock)
    assert len(other_side.asked) - asked == 3, "one request for each stream when nothing is new"
    assert len(texts(app)) == 8


def test_a_server_that_wants_rest_is_left_alone_until_it_says(
    app: App, clock: FixedClock, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    until = clock.now() + timedelta(hours=3)
    other_side.says(b"{}", 429, X_RateLimit_Reset=until.isoformat())
    connect("mastodon", server=other_side.address, token="planted-9")
    row = poll(app, clock)
    assert row.next_at >= until
    assert "asked too often" in row.last_error
