"""Two people at one task: a comment, a file, a hand-over with a note, and the notices that come of them."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from bpm.app import App
from tests.e2e.looking import Looker
from tests.web.conftest import put_live, start_refund

Look = Callable[..., Looker]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF"


def test_two_people_talk_attach_and_hand_over(
    look: Look, app: App, person: Callable[..., None], tmp_path: Path
) -> None:
    for name in ("ada", "bob"):
        person(name, "staff", groups=("service",))
    put_live(app)
    start_refund(app)
    offer = tmp_path / "Offer.pdf"
    offer.write_bytes(PDF)
    ada, bob = look("ada"), look("bob", width=390, height=844, dark=True)
    page, heard = ada.visit("/tasks/1"), bob.visit("/tasks?scope=mine")
    page.keyboard.press("m")
    expect(page.get_by_label("Comment", exact=True)).to_be_focused()
    page.keyboard.type("Have you seen this, @bo")
    expect(page.get_by_role("option", name="Bob")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Have you seen this, @bob ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Comment added.")).to_be_visible()
    page.get_by_label("Files", exact=True).set_input_files(offer)
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("link", name="Offer.pdf", exact=True)).to_be_visible()
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.get_by_role("button", name="Release")).to_be_visible()
    page.keyboard.press("h")
    page.get_by_label("Hand over to").select_option("person:bob")
    page.get_by_label("Note").fill("You know the customer.")
    ada.check("task-hand-over")
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_text("Handed over to Bob.")).to_be_visible()
    expect(heard.get_by_role("link", name="Notices 2 unread")).to_be_visible()
    heard.get_by_role("link", name="Notices 2 unread").click()
    heard.get_by_role("button", name="Ada gave you").click()
    expect(heard).to_have_url(re.compile(r"/tasks/1$"))
    expect(heard.get_by_text("You know the customer.")).to_be_visible()
    bob.check("task-talk-phone")
    with heard.expect_download() as saved:
        heard.get_by_role("link", name="Offer.pdf", exact=True).click()
    assert saved.value.path().read_bytes() == PDF
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: the task is where it was.")).to_be_visible()
    ada.check("task-talk")
    page = ada.visit("/tasks/1")
    page.evaluate("window.sameDocument = true")
    with page.expect_response(lambda answer: "types=1" in (answer.request.post_data or "")):
        page.get_by_label("Comment", exact=True).press_sequentially("And")
    heard.reload()
    expect(heard.get_by_text("Ada is writing.")).to_be_visible()
    page.get_by_label("Comment", exact=True).fill("")
    heard.get_by_label("Comment", exact=True).fill("Not yet, I will look at it now.")
    heard.get_by_role("button", name="Add comment").click()
    expect(page.get_by_text("Not yet, I will look at it now.")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True


def test_an_absence_is_planned_on_a_phone(look: Look, app: App, person: Callable[..., None]) -> None:
    for name in ("ada", "bob"):
        person(name, "staff", groups=("service",))
    ada = look("ada", width=390, height=844, dark=True)
    page = ada.visit("/tasks/absence")
    page.get_by_label("From").fill("2026-03-01T08:00")
    page.get_by_label("Until").fill("2026-03-09T08:00")
    page.get_by_label("Who stands in").select_option("bob")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: Bob stands in for you.")).to_be_visible()
    ada.check("absence-phone")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("No absence is planned.")).to_be_visible()


def test_what_was_typed_offline_is_offered_again_and_gone_once_the_task_is_done(
    look: Look, app: App, person: Callable[..., None]
) -> None:
    person("ada", "staff", groups=("service",))
    put_live(app)
    start_refund(app)
    page = look("ada").visit("/tasks/1")
    page.context.set_offline(True)
    page.get_by_label("Amount in euro").fill("20")
    expect(page.get_by_text("You are offline. What you type is kept in this browser.")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("This browser keeps what you typed here:")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Amount in euro")).to_have_value("20")
    page.get_by_label("Pay it back").check()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Completed: Check the claim.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []
