"""Customers in the browser: find, read, correct, merge, split, block, agree; each act with its way back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback import RawItem
from bpm.feedback.models import BlockedSender, ContactPoint, CustomerChange, FeedbackItem, LinkProposal
from tests.web.conftest import Browser

SAID = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Heard = Callable[..., int]


@pytest.fixture
def advocate(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("maya", "advocate", groups=("service",))


@pytest.fixture
def heard(app: App) -> Heard:
    def take(text: str, **fields: Any) -> int:
        values: dict[str, Any] = {"channel": "email", "source": "mail", "text": text, "said_at": SAID} | fields
        with app.unit_of_work() as work:
            return feedback.receive(work, RawItem(**values)).item_id

    return take


def _of(app: App, item_id: int) -> tuple[int | None, bool]:
    with app.unit_of_work.reading() as work:
        item = work.session.get_one(FeedbackItem, item_id)
        return item.customer_id, item.current


def test_a_customer_is_found_and_read_over_the_years_with_their_way_back_to_each_word(
    app: App, advocate: Browser, heard: Heard
) -> None:
    heard("The kettle leaks", author_name="Mia Berg", author_email="mia@home.org", said_at=SAID - timedelta(days=800))
    item = heard("A new one leaks, too", author_email="mia@home.org", channel="chat", source="chat")
    promise = {"promise-0": "We will send you a new lid by Friday.", "promise-0-until": "2026-03-06T12:00"}
    advocate.post(f"/inbox/{item}/reply", {"text": "Sorry. We will send you a new lid by Friday.", **promise})
    advocate.post("/inbox/replies/1/sent")
    assert "Mia Berg" in advocate.see("/customers?text=mia@ho")
    assert "unknown" in advocate.see("/customers")
    assert "Nobody fits" in advocate.see("/customers?text=zzz")
    customer, _ = _of(app, item)
    page = advocate.see(f"/customers/{customer}")
    for words in ("The kettle leaks", "We will send you a new lid by Friday.", "we promised", "mia@home.org"):
        assert words in page
    only = advocate.see(f"/customers/{customer}?kind=reply")
    assert "Sorry." in only
    assert "The kettle leaks" not in only.get("region", "Over the years").words


def test_a_merge_and_a_split_are_done_and_taken_back(app: App, advocate: Browser, heard: Heard) -> None:
    one = heard("One", author_email="a@home.org", author_handle="aaron")
    two = heard("Two", author_email="b@home.org", natural_key="2")
    (first, _), (second, _) = _of(app, one), _of(app, two)
    advocate.do(f"/customers/{first}/merge", {"other": f"#{second}", "reason": "Same voice"})
    assert _of(app, two)[0] == first
    assert "Same voice" in advocate.see(f"/customers/{first}")
    advocate.do("/customers/changes/1/undo")
    assert _of(app, two)[0] == second
    with app.unit_of_work.reading() as work:
        point = work.session.scalar(select(ContactPoint.id).where(ContactPoint.kind == "handle"))
    advocate.do(f"/customers/{first}/split", {"points": str(point), "name": "Aaron"})
    assert "Aaron" in advocate.see("/customers?text=aaron")
    refused = advocate.do(f"/customers/{first}/split", {"name": "Nobody"})
    assert "At least one has to stay" in refused


def test_what_does_not_fit_is_told_with_its_remedy_and_what_fits_can_be_undone(
    app: App, advocate: Browser, heard: Heard
) -> None:
    customer, _ = _of(app, heard("One", author_email="a@home.org"))
    assert "no address" in advocate.do(f"/customers/{customer}/addresses", {"address": "hm"})
    advocate.do(f"/customers/{customer}/correct", {"field": "voice", "value": "partner"})
    assert "partner" in advocate.see("/customers?voice=partner")
    with app.unit_of_work.reading() as work:
        change = work.session.scalars(select(CustomerChange.id)).one()
    advocate.do(f"/customers/changes/{change}/undo")
    assert "Nobody fits" in advocate.see("/customers?voice=partner")


def test_a_blocked_sender_is_held_apart_until_the_block_is_lifted(app: App, advocate: Browser, heard: Heard) -> None:
    old = heard("Buy my pills", author_email="spam@pills.org")
    customer, _ = _of(app, old)
    advocate.do(f"/customers/{customer}/block", {"reason": "Advertising"})
    new = heard("Buy more pills", author_email="spam@pills.org", natural_key="2")
    assert (_of(app, old)[1], _of(app, new)[1]) == (False, False)
    page = advocate.see("/customers/held")
    assert "Buy more pills" in page
    assert "Advertising" in page
    assert "pills" not in advocate.see("/inbox?view=all").get("region", "Items").words
    assert heard("Buy more pills", author_email="spam@pills.org", natural_key="2") == new
    assert _of(app, new)[1] is False
    advocate.do("/customers/blocked/1/lift")
    assert (_of(app, old)[1], _of(app, new)[1]) == (True, True)


def test_every_blocked_sender_can_be_seen(app: App, advocate: Browser) -> None:
    with app.unit_of_work() as work:
        at = work.now()
        work.session.add_all(
            BlockedSender(kind="email", value=f"spam{n}@pills.org", reason="", at=at) for n in range(53)
        )
    first = advocate.see("/customers/held")
    more = advocate.see(first.get("link", "Show more blocked senders").target)
    seen = [n for n in range(53) for page in (first, more) if f"spam{n}@pills.org" in page]
    assert seen == list(range(53))
    assert not more.has("link", "Show more blocked senders")


def test_an_unwanted_item_is_set_apart_and_let_in_again(app: App, advocate: Browser, heard: Heard) -> None:
    item = heard("Win a prize")
    advocate.do(f"/customers/held/{item}")
    assert _of(app, item)[1] is False
    assert "Held apart" in advocate.see(f"/inbox/{item}")
    advocate.do(f"/customers/held/{item}/release")
    assert _of(app, item)[1] is True


def test_a_proposal_shows_its_evidence_and_either_answer_can_be_taken_back(
    app: App, advocate: Browser, heard: Heard
) -> None:
    call = heard("The kettle drips at the lid", channel="call", source="calls", author_email="a@home.org")
    heard("The kettle", author_email="a@home.org", said_at=SAID - timedelta(days=25), natural_key="2")
    page = advocate.see("/customers/proposals")
    for words in ("One conversation?", "25 days", "The kettle drips"):
        assert words in page
    with app.unit_of_work.reading() as work:
        proposal = work.session.scalars(select(LinkProposal.id)).one()
    advocate.do(f"/customers/proposals/{proposal}/accept")
    assert "The kettle drips" in advocate.see(f"/inbox/{call}")
    assert "Nothing to decide" in advocate.see("/customers/proposals")
    advocate.do(f"/customers/proposals/{proposal}/reopen")
    advocate.do(f"/customers/proposals/{proposal}/decline")
    assert "apart" in advocate.see("/customers/proposals?state=settled")


def test_consent_is_kept_per_address_and_withdrawn(app: App, advocate: Browser, heard: Heard) -> None:
    customer, _ = _of(app, heard("One", author_email="a@home.org"))
    path = f"/customers/{customer}/addresses/1/consents"
    agreed = advocate.do(path, {"purpose": "survey", "channel": "email", "given_by": "the form of 2 March"})
    assert "agreed to survey by email: the form of 2 March" in agreed
    assert "withdrawn" in advocate.do(f"/customers/{customer}/consents/1/withdraw")
    assert "From what is it known?" in advocate.do(path, {"purpose": "survey", "channel": "email", "given_by": " "})


def test_own_addresses_region_and_voices_are_settings_of_the_company(app: App, advocate: Browser, heard: Heard) -> None:
    advocate.do("/customers/own", {"address": "Help <help@shop.example>"})
    advocate.do("/customers/own/region", {"region": "gb"})
    assert _of(app, heard("From us", author_email="help@shop.example"))[0] is None
    local = heard("One", author_phone="020 7946 0018", natural_key="2")
    assert _of(app, local)[0] == _of(app, heard("Two", author_phone="+44 20 7946 0018", natural_key="3"))[0]
    advocate.do("/customers/own/voice", {"source": "intranet", "voice": "employee"})
    item = heard("The printer jams", source="intranet", author_handle="kim", natural_key="4")
    assert "Voice: employee" in advocate.see(f"/inbox/{item}")
    assert "The printer jams" in advocate.see("/inbox?voice=employee&view=all")
    assert "no region" in advocate.do("/customers/own/region", {"region": "zz"})


def test_a_thread_of_four_people_names_them_all_with_their_roles(app: App, advocate: Browser, heard: Heard) -> None:
    for n, name in enumerate(("Ana", "Ben", "Cleo", "Dan")):
        fields = {"author_name": name, "author_handle": f"{name.lower()}x", "natural_key": f"k{n}"}
        item = heard(f"Me {n}", thread_key="thread-44", channel="social", source="board", **fields)
    page = advocate.see(f"/inbox/{item}")
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        assert name in page
    assert "(author)" in page


def test_how_long_private_data_is_kept_is_shown_and_changed_by_who_may_open_it(
    signed_in: Callable[..., Browser], advocate: Browser, heard: Heard
) -> None:
    heard("The kettle leaks")
    assert advocate.get("/customers/keeping").status_code == 403
    chief = signed_in("cora", "admin", "advocate")
    assert "Everything is kept for ever" in chief.see("/customers/keeping")
    sent = {"data_class": "raw", "days": "90", "source": "mail", "reason": "Our policy."}
    assert chief.post("/customers/keeping", sent).status_code == 303
    page = chief.see("/customers/keeping")
    for words in ("Records as they were received", "mail", "for ever", "90 days", "Our policy."):
        assert words in page
    for wrong in ({"days": "soon"}, {"reason": " "}, {"data_class": "all"}):
        answer = chief.post("/customers/keeping", sent | wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
