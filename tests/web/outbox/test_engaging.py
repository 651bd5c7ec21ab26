"""Engage: what is written is judged before it goes, goes in one's own name, and says how far it is."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest

from bpm.app import App
from bpm.feedback import outbound
from bpm.feedback.models import OutboundMessage
from bpm.foundation.clock import FixedClock
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.web.conftest import Browser, page_of
from tests.web.inbox.conftest import *  # noqa: F403 (its fixtures: an advocate, and items by one short call)
from web import create_app

Heard = Callable[..., int]


def test_the_gate_speaks_while_one_types_and_by_a_second_step_without_script(
    app: App, advocate: Browser, heard: Heard
) -> None:
    item = heard(channel="social", source="masto", author_handle="jo")
    asks = {"text": "Please send us your account number."}
    headers = {"HX-Request": "true", "HX-Target": "gate"}
    block = page_of(advocate.post(f"/outbox/items/{item}/written", asks, headers=headers))
    assert "an account number where everybody can read the answer" in block
    assert "Offer a private link" in block
    assert advocate.post(f"/outbox/items/{item}/written", asks).status_code == 303
    page = advocate.see(f"/inbox/{item}")
    assert "Please send us your account number." in page
    assert "Not like this:" in page
    answer = advocate.post(f"/inbox/{item}/reply", asks)
    assert answer.status_code == 400
    assert "Please send us your account number." in page_of(answer)
    hidden = {"text": "We will call you on +44 20 8366 1177 today."}
    block = page_of(advocate.post(f"/outbox/items/{item}/written", hidden, headers=headers))
    assert "We will call you on [phone] today." in block


def test_a_warning_is_confirmed_and_a_message_taken_back(app: App, advocate: Browser, heard: Heard) -> None:
    one, two = heard("One"), heard("Two")
    words = {"text": "Your parcel is late and we asked the depot for it. It comes tomorrow."}
    assert advocate.post(f"/inbox/{one}/reply", words).status_code == 303
    answer = advocate.post(f"/inbox/{two}/reply", words)
    assert answer.status_code == 400
    assert "reads 100 % like something said before" in page_of(answer)
    assert advocate.post(f"/inbox/{two}/reply", {**words, "confirmed": "canned"}).status_code == 303
    assert "to be said by hand" in advocate.see(f"/inbox/{two}")
    outbox = advocate.see("/outbox")
    assert outbox.words.count("to be said by hand") == 2
    assert advocate.post("/outbox/messages/2/back").status_code == 303
    page = advocate.see(f"/inbox/{two}")
    assert "It comes tomorrow." in page.get("textbox", "Your reply").words
    assert "taken back" in advocate.see("/outbox/messages/2")


def test_an_answer_by_mail_goes_with_copies_and_files_and_its_state_stands_in_the_stream(
    app: App, clock: FixedClock, advocate: Browser, heard: Heard
) -> None:
    with fake_server.running("550 no such person") as box:
        house = with_server(app, box.port, smtp_from="Shop <post@shop.example>")
        item = heard("Where is it?", author_email="jo@customer.example", author_name="Jo Berg")
        browser = Browser(create_app(house).test_client())
        browser.sign_in("maya")
        page = browser.see(f"/inbox/{item}")
        assert "Mail, to jo@customer.example" in page
        form = {
            "text": "It left today.", "copies": "depot@shop.example", "file": (BytesIO(b"%PDF-1.7 slip"), "slip.pdf"),
        }  # fmt: skip
        odd = {**form, "copies": "nobody", "file": (BytesIO(b"x"), "x.txt")}
        assert "no mail address" in page_of(browser.post(f"/inbox/{item}/reply", odd))
        assert "It goes in ten seconds." in browser.do(f"/inbox/{item}/reply", form)
        clock.advance(timedelta(seconds=11))
        outbound.sweep_outbound(house.unit_of_work)
        page = browser.see(f"/inbox/{item}")
        assert "failed" in page
        assert "no such person" in page
        assert "Send again" in page
        browser.post("/outbox/messages/1/again")
        outbound.sweep_outbound(house.unit_of_work)
        [mail] = box.mails()
        assert [part.get_filename() for part in mail.iter_attachments()] == ["slip.pdf"]
        page = browser.see(f"/inbox/{item}")
        assert "Send again" not in page
        assert "depot@shop.example" in page
        steps = browser.see("/outbox/messages/1")
        assert "is being sent" in steps
        later = {"text": "One thing more: it is blue.", "send_at": "2026-03-02T20:00"}
        assert "at the time that you named" in browser.do(f"/inbox/{item}/reply", later)
        assert "waits" in browser.see("/outbox?view=waits")


def test_templates_are_approved_by_somebody_else_filled_in_and_refused_when_their_day_is_over(
    app: App, clock: FixedClock, advocate: Browser, signed_in: Callable[..., Browser], heard: Heard
) -> None:
    item = heard("Late again", author_name="Jo Berg")
    words = {
        "name": "Late parcel", "text": "Dear {{name}}, your parcel {{number}} is late. {{author}}",
        "review_by": "2026-03-20", "owner": "1",
    }  # fmt: skip
    assert advocate.post("/outbox/templates", {**words, "review_by": "soon"}).status_code == 400
    assert advocate.post("/outbox/templates", words).status_code == 303
    assert "waits for approval" in advocate.see("/outbox/templates")
    assert advocate.post("/outbox/templates/1/approval").status_code == 403
    stella = signed_in("stella", "advocate")
    assert stella.post("/outbox/templates/1/approval").status_code == 303
    assert "in use" in advocate.see("/outbox/templates")
    asked = {"text": "x", "template": "1", "insert": "1"}
    advocate.post(f"/outbox/items/{item}/written", asked)
    page = advocate.see(f"/inbox/{item}")
    assert "Dear Jo, your parcel {{number}} is late. Maya" in page
    assert "{{number}} is still to be filled in" in page
    sent = {"text": "Dear Jo, your parcel 77 waits in Leeds, I found it. Maya", "template": "1"}
    assert advocate.post(f"/inbox/{item}/reply", sent).status_code == 303
    with app.unit_of_work.reading() as work:
        row = work.session.get_one(OutboundMessage, 1)
        assert (row.provenance, row.template_id) == ("template", 1)
        assert row.edit_distance == outbound.edit_distance(row.drafted, row.text) > 0
    clock.advance(timedelta(days=30))
    advocate.sign_in("maya")
    assert "to be looked at again" in advocate.see("/outbox/templates")
    answer = advocate.post(f"/inbox/{item}/reply", sent)
    assert answer.status_code == 400
    assert "was to be looked at by 2026-03-20" in page_of(answer)


@pytest.mark.parametrize("path", ["/outbox", "/outbox/templates", "/outbox/templates/new"])
def test_who_does_not_answer_customers_sees_no_outbox(signed_in: Callable[..., Browser], path: str) -> None:
    assert signed_in("mike", "manager").get(path).status_code == 403
