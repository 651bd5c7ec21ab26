"""Engage in a real browser: the gate speaks while one types, a mail leaves into its thread, another is undone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bpm import feedback
from bpm.app import App
from bpm.feedback import outbound
from bpm.foundation.clock import FixedClock
from tests.e2e.looking import Looker
from tests.e2e.pages.conversation import Conversation
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.mail.fake_server import Mailbox


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


@pytest.fixture
def app(app: App, box: Mailbox) -> App:
    return with_server(app, box.port, smtp_from="Shop <post@shop.example>")


def test_an_advocate_engages_by_mail_and_takes_a_second_one_back(
    app: App, clock: FixedClock, box: Mailbox, person: Callable[..., None], look: Callable[..., Looker]
) -> None:
    person("maya", "advocate", groups=("service",), name="Maya Lindqvist")
    headers = [["From", "Jo Berg <jo@customer.example>"], ["Message-ID", "<q1@customer.example>"]]
    with app.unit_of_work() as work:
        said = feedback.RawItem(
            "email", "box", "Where is my parcel?", subject="My order", author_name="Jo Berg",
            author_email="jo@customer.example", natural_key="<q1@customer.example> 1", raw={"headers": headers},
        )  # fmt: skip
        item = feedback.receive(work, said).item_id
    looker = look("maya")
    page = looker.visit(f"/inbox/{item}")
    page.get_by_text("Engage", exact=True).click()
    page.get_by_label("Your reply").fill("Please send us your card number.")
    page.get_by_text("Nobody needs to send that in a message").wait_for()
    page.get_by_label("Your reply").fill("Your parcel waits in Leeds; it comes tomorrow.")
    page.get_by_text("Nothing in the way.").wait_for()
    looker.check("engage")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("It goes in ten seconds.").wait_for()
    clock.advance(timedelta(seconds=11))
    outbound.sweep_outbound(app.unit_of_work)
    [mail] = box.mails()
    assert (mail["To"], mail["Subject"], mail["In-Reply-To"]) == (
        "jo@customer.example", "Re: My order", "<q1@customer.example>",
    )  # fmt: skip
    assert "Maya Lindqvist" in str(mail["From"])
    page = looker.visit(f"/inbox/{item}")
    expect(Conversation(page).entry("Your parcel waits in Leeds").get_by_text("sent", exact=True)).to_be_visible()
    page.get_by_text("Engage", exact=True).click()
    page.get_by_label("Your reply").fill("One thing more: I was wrong about the day.")
    page.get_by_text("Nothing in the way.").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back. Nobody got it").first.wait_for()
    assert page.get_by_label("Your reply").input_value() == "One thing more: I was wrong about the day."
    clock.advance(timedelta(minutes=1))
    assert outbound.sweep_outbound(app.unit_of_work) == 0
    assert len(box.taken) == 1
