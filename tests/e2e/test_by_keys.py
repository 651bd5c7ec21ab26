"""A working day by keys alone: the mouse is never touched, and nothing is reached but by Tab and the page's keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback.models import Reply
from tests.e2e.conftest import PASSWORD
from tests.e2e.looking import Looker
from tests.e2e.pages.keyboard import Keyboard
from tests.feedback.conftest import reading
from tests.web.conftest import REFUND, put_live, start_refund

Look = Callable[..., Looker]
SAID = ("The parcel never came.", "Where is my money?", "Your shop is lovely.")


@pytest.fixture
def day(app: App, person: Callable[..., None]) -> None:
    """What waits for Ada in the morning: three items, a task, and a version that her department signs."""
    person("ada", "staff", "advocate", "manager", groups=("service", "marketing"), name="Ada Vogel")
    put_live(app)
    start_refund(app, "A-17")
    with app.unit_of_work() as work:
        for number, text in enumerate(SAID):
            raw = feedback.RawItem("email", "shop", text, author_email=f"jo{number}@example.org")
            feedback.record_classification(work, feedback.receive(work, raw).item_id, reading())
        engine.deploy(work, engine.check(REFUND.replace(b"Explain why not", b"Tell them why"), "refund.bpmn"))


def test_a_working_day_by_keys_alone(look: Look, app: App, day: None) -> None:
    looker = look()
    page = looker.visit("/sign-in")
    keys = Keyboard(page)
    keys.type_into("User name", "ada")
    keys.type_into("Password", PASSWORD)
    keys.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    keys.go_to("Inbox")
    page.wait_for_url("**/inbox*")
    keys.press("j", "j", "k", "j", "Enter")
    page.wait_for_url("**/inbox/*")
    keys.open("Engage")
    keys.type_into("Your reply", "I look for the parcel today and write to you before six. Ada Vogel")
    keys.activate("button", "Save my reply, to be said by hand")
    expect(page.get_by_text("to be said by hand", exact=True).first).to_be_visible()

    keys.go_to("Tasks")
    page.wait_for_url("**/tasks*")
    keys.press("j", "Enter")
    page.wait_for_url("**/tasks/1*")
    keys.activate("button", "Claim")
    keys.choose("checkbox", "Pay it back")
    keys.type_into("Amount in euro", "20")
    keys.activate("button", "Complete")
    expect(page.get_by_text("Completed: Check the claim.")).to_be_visible()

    keys.go_to("Notices")
    page.wait_for_url("**/notices*")
    page.goto("/processes/versions/2")  # the address that the mail about the signature gives
    keys.activate("button", "Sign for marketing")
    expect(page.get_by_text("Take it back").first).to_be_visible()

    keys.activate("button", "Sign out")
    page.wait_for_url("**/sign-in*")
    with app.unit_of_work.reading() as work:
        assert work.session.query(Reply).count() == 1
    assert not keys.mouse_was_used()
