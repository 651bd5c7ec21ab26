"""One text to many people: each by name, through the gate, once; what stays says why, and ten seconds are there."""

import re
from collections.abc import Callable

from sqlalchemy import select

from bpm.app import App
from bpm.feedback.models import FeedbackItem, OutboundMessage
from tests.web.conftest import Browser, page_of
from tests.web.inbox.conftest import *  # noqa: F403 (its fixtures: an advocate, and items by one short call)

Heard = Callable[..., int]
WORDS = "Dear {{name}}, the strike is over and your parcel is on its way. {{author}}"


def _key(markup: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', markup)
    assert found
    return found[1]


def _filled(markup: str) -> dict[str, str]:
    """What the page filled in for each person, as its form sends it along."""
    return dict(re.findall(r'name="(was-\d+)" value="([^"]*)"', markup))


def test_each_gets_a_letter_by_name_once_and_they_are_taken_back(app: App, advocate: Browser, heard: Heard) -> None:
    ann = [heard(f"Where is parcel {n}?", author_name="Ann Lee", author_handle="ann") for n in range(2)]
    bo = heard("My parcel?", author_name="Bo Berg", author_handle="bo")
    page = advocate.do("/outbox/letters/look", {"item": [*ann, bo]})
    assert "Each person: 2" in page
    assert "answers 1 more of theirs" in page
    sent = {"item": [*ann, bo], "text": WORDS, "key": _key(page.markup)}
    page = advocate.do("/outbox/letters/look", sent)
    assert "Dear Ann, the strike is over" in page
    assert "Dear Bo, the strike is over" in page
    own = _filled(page.markup) | {f"own-{bo}": "Dear Bo, yours comes by bike at noon. Maya"}
    assert len(own) == 3
    page = advocate.do("/outbox/letters", {**sent, **own, "confirmed": "canned"})
    assert "2 letters go in ten seconds." in page
    assert "2 letters go in ten seconds." in advocate.do("/outbox/letters", {**sent, **own, "confirmed": "canned"})
    with app.unit_of_work.reading() as work:
        rows = work.session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)).all()
        texts = sorted(row.text for row in rows)
        assert [text[:20] for text in texts] == ["Dear Ann, the strike", "Dear Bo, yours comes"]
        assert {row.from_name for row in rows} == {"Maya"}
        assert min(row.edit_distance or 0 for row in rows) > 0
        ids = [row.id for row in rows]
    undo = "/outbox/letters/back?" + "&".join(f"message={each}" for each in ids)
    assert "2 letters are taken back." in advocate.do(undo)
    with app.unit_of_work.reading() as work:
        states = {str(each) for each in work.session.scalars(select(OutboundMessage.state))}
        assert states == {"withdrawn"}


def test_what_the_gate_keeps_back_stays_with_its_reason_and_the_others_go(
    app: App, advocate: Browser, heard: Heard
) -> None:
    ids = [
        heard("One", channel="social", source="masto", author_handle="jo"),
        heard("Two", author_name="Bo Berg", author_handle="bo"),
    ]
    asks = {"item": ids, "text": "Please send us your account number, {{name}}."}
    page = advocate.do("/outbox/letters/look", asks)
    assert "Stays: This asks for an account number" in page
    answer = advocate.post("/outbox/letters", {**asks, "key": _key(page.markup), "confirmed": "canned"})
    stayed = page_of(answer)
    assert "1 letter goes in ten seconds." in stayed
    assert "These stayed" in stayed
    with app.unit_of_work.reading() as work:
        [row] = work.session.scalars(select(OutboundMessage)).all()
        assert work.session.get_one(FeedbackItem, row.item_id).text == "Two"


def test_nobody_or_too_many_are_said(advocate: Browser, heard: Heard) -> None:
    assert "Choose 1 to 200 items." in advocate.see("/outbox/letters")
    answer = advocate.post("/outbox/letters", {"text": "Hello", "key": "k"})
    assert answer.status_code == 400
    heard("One")
    assert "Write to them" in advocate.see("/inbox")
