"""The public board: approved entries only, no small counts, nobody's words or names; taking part once a person."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import themes
from bpm.feedback.models import FeedbackItem, Theme, ThemeItem
from bpm.processes.models import ImprovementSupport, ImprovementVoice
from tests.web.conftest import Browser, page_of
from tests.web.portal.conftest import Customer, act, code_for

Hear = Callable[..., int]
SAID, DID = "You waited and nobody told you anything.", "We tell you when the refund leaves."


@pytest.fixture
def manager(refund: int, signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("mona", "manager", "advocate")


@pytest.fixture
def proposal(manager: Browser, hear: Hear) -> int:
    """An improvement with the voices of four people."""
    items = [hear(f"Where is my refund, says {who}?", who) for who in ("ann", "bea", "cal", "dan")]
    manager.post("/improvements", {"title": "Secret project Lark", "process": "refund", "item": str(items[0])})
    for item in items[1:]:
        manager.post("/improvements/1/voices", {"item": str(item)})
    return 1


def test_only_what_a_person_published_stands_there_and_small_counts_are_not_told(
    app: App, customer: Customer, manager: Browser, proposal: int, hear: Hear
) -> None:
    entry = {"said": SAID, "did": DID, "improvement": "1", "open": "true"}
    refused = manager.post("/improvements/board", {**entry, "said": "Ann (ann@example.org) waited."})
    assert refused.status_code == 400
    manager.post("/improvements/board", entry)
    manager.post("/improvements/board", {"said": "The shop was loud.", "did": "It is quiet.", "theme": "Our shop"})
    assert "Nothing stands here yet" in customer.see("/said-and-done")
    customer.see("/said-and-done/1", status=404)
    manager.post("/improvements/board/1/publication")
    page = customer.see("/said-and-done")
    assert "Fewer than 5 people said it." in page
    assert "It is quiet." not in page
    manager.post("/improvements/1/voices", {"item": str(hear("And mine?", "eve"))})
    assert "5 people said it." in customer.see("/said-and-done/1")
    for path in ("/said-and-done", "/said-and-done/1", "/said-and-done/entries.json"):
        answer = customer.client.get(path)
        raw = answer.get_data(as_text=True)
        for hidden in ("Lark", "refund process", "ann", "Ann", "example.org", "Where is my refund", "Mona"):
            assert hidden not in raw.replace("and nobody", ""), (path, hidden)
        assert "Set-Cookie" not in answer.headers
    [told] = json.loads(customer.client.get("/said-and-done/entries.json").data)["entries"]
    assert (told["people"], told["supporters"], told["state"]) == (5, None, "proposed")
    manager.post("/improvements/board/1/withdrawal")
    assert "Nothing stands here yet" in customer.see("/said-and-done")
    customer.see("/said-and-done/1", status=404)


def test_a_customer_supports_a_proposal_once_and_comments_on_it(
    app: App, web: Flask, customer: Customer, manager: Browser, proposal: int
) -> None:
    manager.post("/improvements/board", {"said": SAID, "did": DID, "improvement": "1", "open": "true"})
    manager.post("/improvements/board/1/publication")
    assert not customer.see("/said-and-done/1").has("button", "I support it")
    assert customer.client.post("/said-and-done/1/support", data={}).location == "/my?entry=1"
    assert "What you wrote is kept" in page_of(customer.client.post("/said-and-done/1/comment", data={"text": "Hi"}))
    customer.client.post("/my/code", data={"address": "ann@example.org", "entry": "1"})
    sent = {"address": "ann@example.org", "code": code_for(app, "ann@example.org"), "entry": "1"}
    assert customer.client.post("/my/list", data=sent).location == "/said-and-done/1"
    assert customer.client.post("/said-and-done/1/support", data={}).location == "/my?entry=1"  # no form of ours
    customer.send("/said-and-done/1", "I support it")
    assert "Your support is counted." in customer.see("/said-and-done/1")
    customer.send("/said-and-done/1", "Send my comment", text="Tell me by text message, too.")
    with app.unit_of_work.reading() as work:
        assert len(work.session.scalars(select(ImprovementSupport)).all()) == 1
        item = work.session.scalars(select(FeedbackItem).order_by(FeedbackItem.id.desc())).first()
        assert item is not None
        assert (item.text, item.extra["portal"]["wish"]) == ("Tell me by text message, too.", "comment")
        voice = work.session.scalars(select(ImprovementVoice).where(ImprovementVoice.item_id == item.id)).one()
        assert voice.kind == "comment"
    assert "by text message" not in customer.see("/said-and-done/1")
    page = manager.see("/improvements/1")
    assert "said about the proposal" in page
    assert "5 of 4 customers" in page
    manager.post("/improvements/1/status", {"status": "declined", "reason": "Too dear."})
    assert not customer.see("/said-and-done/1").has("button", "Send my comment")


def test_an_entry_about_a_theme_stands_while_that_is_approved_and_its_count_moves_with_it(
    app: App, customer: Customer, manager: Browser, hear: Hear
) -> None:
    items = [hear("The checkout lost my basket.", who) for who in ("ann", "bea", "cal", "dan")]
    others = [hear("My basket was empty again.", who) for who in ("dan", "eve")]

    def theme(name: str, ids: list[int]) -> int:
        with app.unit_of_work() as work:
            row = Theme(name=name, words={}, exemplars=b"", first_at=work.now(), last_at=work.now(),
                        created_at=work.now())  # fmt: skip
            work.session.add(row)
            work.session.flush()
            row.counts_in_id = row.id
            for each in ids:
                work.session.add(
                    ThemeItem(item_id=each, theme_id=row.id, classification_id=0, signature=b"", placed_at=work.now())
                )
            return row.id

    lost, empty = theme("lost baskets", items), theme("empty baskets", others)
    entry = {"said": "Baskets were lost.", "did": "They are kept now.", "theme": "Baskets", "theme_id": str(lost)}
    assert "approve it first" in page_of(manager.post("/improvements/board", entry))
    act(app, themes.approve_theme, lost, approved=True, by="mona")
    assert manager.post("/improvements/board", {**entry, "theme": "Ann, ann@example.org"}).status_code == 400
    assert "lost baskets" in manager.see("/improvements/board").field("Counts the people").words
    manager.post("/improvements/board", entry)
    manager.post("/improvements/board/1/publication")
    page = customer.see("/said-and-done")
    assert "About: Baskets" in page
    assert "Fewer than 5 people said it." in page
    merged = act(app, themes.merge_themes, empty, into=lost, by="mona")
    assert "5 people said it." in customer.see("/said-and-done/1")  # dan spoke in both
    act(app, themes.undo_theme_change, merged, by="mona")
    assert "Fewer than 5 people said it." in customer.see("/said-and-done/1")
    act(app, themes.merge_themes, lost, into=empty, by="mona")
    customer.see("/said-and-done/1", status=404)  # what it counts in now was approved by nobody
    assert "off: its theme is not approved" in manager.see("/improvements/board")
    act(app, themes.approve_theme, empty, approved=True, by="mona")
    [told] = json.loads(customer.client.get("/said-and-done/entries.json").data)["entries"]
    assert (told["people"], told["theme"]) == (5, "Baskets")
    act(app, themes.hide_theme, empty, hidden=True, by="mona")
    assert "Nothing stands here yet" in customer.see("/said-and-done")
    manager.post("/improvements/board/1/withdrawal")
    assert "not approved any more" in page_of(manager.post("/improvements/board/1/publication", follow_redirects=True))
