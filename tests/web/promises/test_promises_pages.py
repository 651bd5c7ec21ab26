"""Promises in the browser: made by hand and ticked in a reply, listed, kept, taken back."""

from collections.abc import Callable

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import RawItem
from tests.web.conftest import Browser

Heard = Callable[..., int]


@pytest.fixture
def advocate(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("maya", "advocate", groups=("service",))


@pytest.fixture
def item(app: App) -> int:
    with app.unit_of_work() as work:
        raw = RawItem("email", "mail", "Where is my kettle?", author_name="Ana", author_email="a@home.org")
        return feedback.receive(work, raw).item_id


def test_what_was_promised_by_hand_stands_on_item_customer_and_list_until_it_is_kept(
    advocate: Browser, item: int
) -> None:
    assert "No promises" in advocate.see("/promises")
    page = advocate.see(f"/inbox/{item}")
    assert page.field("What do you promise?")
    form = {
        "item_id": str(item),
        "promise_text": "I send a new one.",
        "until": "2026-03-06T17:00",
        "next": f"/inbox/{item}",
    }
    page = advocate.do("/promises", form)
    assert "Promised." in page
    assert "I send a new one." in page.get("region", "Promises")
    customer = next(link for link in page.links if link.startswith("/customers/"))
    assert "Maya promised it" in advocate.see(customer).get("region", "Promises")
    row = advocate.see("/promises").row("I send a new one.")
    assert (row.get("link", "Ana").target, "2026-03-06 17:00" in row) == (f"{customer}#promises", True)
    page = advocate.do("/promises/1/keeping", {"note": "Sent."})
    assert ("Kept." in page, "No promises" in page) == (True, True)
    assert "Sent." in advocate.see("/promises?state=settled").row("I send a new one.")
    advocate.post("/promises/1/reopening")
    assert advocate.see("/promises").row("I send a new one.")


def test_a_form_that_does_not_fit_comes_back_with_what_was_written(advocate: Browser, item: int) -> None:
    page = advocate.do("/promises", {"item_id": str(item), "promise_text": "I call.", "until": "2020-01-01T00:00"})
    assert page.field("What do you promise?").value == "I call."
    assert "a time to come" in page.field("Until when?").problem
    advocate.post("/promises", {"item_id": str(item), "promise_text": "I call.", "until": "2026-03-06T17:00"})
    assert "Say why." in advocate.do("/promises/1/withdrawal", {"note": ""}).field("Why does it not").problem


def test_a_reply_proposes_what_it_promises_and_makes_only_what_was_ticked(advocate: Browser, item: int) -> None:
    text = "Sorry! I'll call you by Friday. We will send it tomorrow."
    asked = advocate.do("/promises/proposals", {"text": text}, headers={"HX-Request": "true", "HX-Target": "proposed"})
    boxes = asked.all("checkbox")
    assert [each.checked for each in boxes] == [False, False]
    assert [each.value for each in asked.fields() if each.name == "until"] == ["2026-03-06T23:59", "2026-03-03T23:59"]
    sent = {"text": text, "promise-0": "I'll call you by Friday.", "promise-0-until": "2026-03-06T23:59",
            "promise-1-until": "2026-03-03T23:59"}  # fmt: skip
    wrong = advocate.do(f"/inbox/{item}/reply", {**sent, "promise-0-until": ""})
    assert "say until when" in wrong.field("Your reply").problem
    assert "No promises" in advocate.see("/promises")
    assert "1 promise made." in advocate.do(f"/inbox/{item}/reply", sent)
    assert [len(advocate.see("/promises").all("article")), "in a reply" in advocate.see("/promises")] == [1, True]


def test_who_may_not_answer_only_reads(signed_in: Callable[..., Browser], advocate: Browser, item: int) -> None:
    advocate.post("/promises", {"item_id": str(item), "promise_text": "I call.", "until": "2026-03-06T17:00"})
    designer = signed_in("dora", "designer")
    page = designer.see("/promises?whose=all")
    assert (page.row("I call.").all("button"), designer.post("/promises/1/keeping").status_code) == ([], 403)
