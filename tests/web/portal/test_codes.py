"""The whole list: behind a code sent to the address, with what is proven to be theirs and nothing that was guessed."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from bpm.app import App
from bpm.feedback.models import FeedbackItem, PortalCode
from bpm.foundation.clock import FixedClock
from bpm.mail import MailMessage
from tests.web.conftest import Browser, page_of
from tests.web.portal.conftest import Customer, code_for

Hear = Callable[..., int]
MakeLink = Callable[[int], str]
ANN = "ann@example.org"


def come_in(app: App, customer: Customer, address: str = ANN) -> str:
    """Ask for a code and enter it; the list's words."""
    assert customer.client.post("/my/code", data={"address": address}).status_code == 200
    answer = customer.client.post("/my/list", data={"address": address, "code": code_for(app, address)})
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    return customer.see("/my/list").words


def test_the_list_holds_what_is_proven_and_nothing_that_is_likely(
    app: App, advocate: Browser, customer: Customer, hear: Hear, link: MakeLink
) -> None:
    hear("A mail of Ann's.", author_id="C-100", author_phone="+44 20 7946 0991", author_handle="ann_x")
    hear("The same account.", author_email="", author_id="C-100")
    hear("Her handle at the shop.", author_email="", author_handle="ann_x")
    hear("From the shared line.", author_email="", author_name="", author_phone="+44 20 7946 0991", channel="call")
    beas = hear("A mail of Bea's.", "bea")
    call = hear("A call of Ann's.", author_email="", author_name="Ann", author_phone="+44 20 7946 0123", channel="call")
    words = come_in(app, customer)
    for there in ("A mail of Ann's.", "The same account.", "Her handle at the shop."):
        assert there in words
    for hidden in ("From the shared line.", "A mail of Bea's.", "A call of Ann's."):
        assert hidden not in words
    for item in (beas, call, 4, 999):
        assert "There is nothing here" in customer.see(f"/my/list/{item}", status=404)
    assert customer.send("/my/list/1", "Send it", text="One more thing.").status_code == 303
    with app.unit_of_work.reading() as work:
        new = work.session.scalars(select(FeedbackItem).order_by(FeedbackItem.id.desc())).first()
        first = work.session.get_one(FeedbackItem, 1)
        assert new is not None
        assert (new.text, new.conversation_id, new.customer_id) == (
            "One more thing.", first.conversation_id, first.customer_id,
        )  # fmt: skip
    assert "One more thing." in customer.see("/my/list")
    customer.send(link(call), "Put this into my list")  # whoever holds the link and the address ties the two
    assert "A call of Ann's." in customer.see("/my/list")
    assert "reached by call" not in advocate.see("/inbox/1")
    customer.send("/my/list/1", "Remember it", channel="call")
    assert "reached by call" in advocate.see("/inbox/1")


def test_forms_of_a_visit_come_from_its_own_pages(app: App, customer: Customer, hear: Hear) -> None:
    hear("A mail of Ann's.")
    come_in(app, customer)
    for sent in ({"text": "Hi"}, {"text": "Hi", "proof": "0" * 32}):
        answer = customer.client.post("/my/list/1/words", data=sent)
        assert answer.status_code == 403
        assert page_of(answer).get("textbox", "Your words").value == "Hi"
    with app.unit_of_work.reading() as work:
        assert len(work.session.scalars(select(FeedbackItem)).all()) == 1
    customer.send("/my/list", "Leave")
    assert "Send me a code" in customer.see("/my/list").markup


def test_nobody_is_told_which_addresses_are_known(app: App, web: Flask, customer: Customer, hear: Hear) -> None:
    hear("A mail of Ann's.")
    pages = []
    for address in (ANN, "nobody-here@example.org"):
        answer = customer.client.post("/my/code", data={"address": address})
        assert "Set-Cookie" not in answer.headers
        pages.append(answer.get_data(as_text=True).replace(address, "X").partition("<body>")[2])
    assert pages[0] == pages[1]
    with app.unit_of_work.reading() as work:
        [mail] = work.session.scalars(select(MailMessage)).all()
        assert (mail.to_address, mail.kind) == (ANN, "portal_code")
        assert "This is an automatic message." in mail.text
        codes = work.session.scalars(select(PortalCode)).all()
        digits = code_for(app, ANN)
        assert all(digits not in (row.code_hash, row.address_hash) and ANN not in row.address_hash for row in codes)
    assert customer.client.post("/my/code", data={"address": "no address"}).status_code == 400


def test_a_code_has_few_tries_a_short_life_and_works_once(
    app: App, web: Flask, customer: Customer, hear: Hear, clock: FixedClock
) -> None:
    hear("A mail of Ann's.")

    def enter(code: str) -> int:
        return customer.client.post("/my/list", data={"address": ANN, "code": code}).status_code

    customer.client.post("/my/code", data={"address": ANN})
    right = code_for(app, ANN)
    wrong = f"{(int(right) + 1) % 10**8:08}"
    assert [enter(wrong) for _ in range(5)] == [403] * 5
    assert enter(right) == 403  # no try is left
    customer.client.post("/my/code", data={"address": ANN})
    older, right = right, code_for(app, ANN)
    assert enter(older) == 403
    assert enter(f"{right[:4]} {right[4:]}") == 303
    assert Customer(web.test_client()).client.post("/my/list", data={"address": ANN, "code": right}).status_code == 403
    customer.client.post("/my/code", data={"address": ANN})
    clock.advance(timedelta(minutes=16))
    assert enter(code_for(app, ANN)) == 403
    for _turn in range(6):
        customer.client.post("/my/code", data={"address": ANN})
    with app.unit_of_work.reading() as work:
        assert len(work.session.scalars(select(MailMessage)).all()) == 5  # within the hour
    clock.advance(timedelta(hours=13))
    assert "Send me a code" in customer.see("/my/list").markup  # the visit is over


def hidden_in(answer: TestResponse, button: str) -> dict[str, str]:
    """What the form with that button carries along unseen."""
    forms = html.document_fromstring(answer.get_data(as_text=True)).iter("form")
    form = next(each for each in forms if button in each.text_content())
    return {each.get("name"): each.get("value") for each in form.iter("input") if each.get("type") == "hidden"}


def test_what_was_written_when_the_visit_had_ended_comes_back_after_a_code(
    app: App, clock: FixedClock, customer: Customer, hear: Hear, link: MakeLink
) -> None:
    item = hear("A mail of Ann's.")
    come_in(app, customer)
    sent = {"about": str(item), "key": "k1", "proof": "old", "wish": "not_solved", "text": "It <b>broke</b> again."}
    clock.advance(timedelta(hours=13))
    asked = customer.client.post(f"/my/list/{item}/words", data=sent)
    assert asked.status_code == 403
    assert "What you wrote is kept" in page_of(asked)
    assert "It <b>broke</b> again." in page_of(asked)
    kept = hidden_in(asked, "Send me a code")["kept"]
    waits = page_of(customer.client.post("/my/code", data={"address": ANN, "kept": kept}))
    assert "It <b>broke</b> again." in waits
    wrong = customer.client.post("/my/list", data={"address": ANN, "code": "00000000", "kept": kept})
    assert "It <b>broke</b> again." in page_of(wrong)
    back = customer.client.post("/my/list", data={"address": ANN, "code": code_for(app, ANN), "kept": kept})
    hidden, target = hidden_in(back, "Send it now"), page_of(back).get("button", "Send it now").target
    assert page_of(back).get("textbox", "Your words").value == "It <b>broke</b> again."
    words = page_of(back).get("textbox", "Your words").value
    assert customer.client.post(target, data={**hidden, "text": words}).status_code == 303
    with app.unit_of_work.reading() as work:
        new = work.session.scalars(select(FeedbackItem).order_by(FeedbackItem.id.desc())).first()
        assert new is not None
        assert new.text == words
    # Nothing but a page of customers is ever sent to, and another site's form brings nothing in.
    elsewhere = kept.replace("/my/list/", "/inbox/")
    come_in_again = customer.client.post("/my/code", data={"address": ANN, "kept": elsewhere})
    assert "broke" not in page_of(come_in_again).words
    clock.advance(timedelta(hours=13))
    foreign = customer.client.post(f"/my/list/{item}/words", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 303


def test_what_was_written_behind_a_link_that_is_gone_can_go_to_a_person(
    app: App, clock: FixedClock, customer: Customer, hear: Hear, link: MakeLink
) -> None:
    path = link(hear("A mail of Ann's."))
    clock.advance(timedelta(days=400))
    gone = customer.client.post(f"{path}/words", data={"text": "And now?", "wish": "answer"})
    assert gone.status_code == 404
    assert "What you wrote is kept here" in page_of(gone)
    assert page_of(gone).get("textbox", "What is it about, and when does it suit you?").value == "And now?"
    assert "There is nothing here" in page_of(customer.client.post(f"{path}/words", data={"text": " "}))
