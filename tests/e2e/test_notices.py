"""A task handed over rings the colleague's bell without a reload, leads to the task, and is read."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from bpm import mail
from bpm.app import App
from tests.e2e.looking import Looker
from tests.web.conftest import put_live, start_refund

Look = Callable[..., Looker]


def test_a_colleague_hears_of_a_task_and_lands_on_it(look: Look, app: App, person: Callable[..., None]) -> None:
    for name in ("ada", "bob"):
        person(name, "staff", groups=("service",))
    put_live(app)
    start_refund(app)
    bob = look("bob")
    heard = bob.visit("/tasks?scope=mine")
    heard.evaluate("window.sameDocument = true")
    expect(heard.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    ada = look("ada").visit("/tasks")
    ada.get_by_role("link", name="Check the claim").click()
    ada.get_by_role("button", name="Claim", exact=True).click()
    ada.get_by_text("Hand over", exact=True).click()
    ada.get_by_label("Hand over to").select_option("person:bob")
    ada.get_by_role("button", name="Hand it over").click()
    bell = heard.get_by_role("link", name="Notices 1 unread")
    expect(bell).to_be_visible()
    assert heard.evaluate("window.sameDocument") is True
    bell.click()
    bob.check("notices")
    heard.keyboard.press("j")
    expect(heard.get_by_role("button", name="Ada gave you")).to_be_focused()
    heard.keyboard.press("Enter")
    expect(heard).to_have_url(re.compile(r"/tasks/\d+$"))
    expect(heard.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    heard.get_by_role("link", name="Notices", exact=True).click()
    expect(heard.get_by_text("Nothing new")).to_be_visible()
    bob.check("notices-empty")


def test_the_pages_hold_up_on_a_phone_in_the_dark(look: Look, app: App, person: Callable[..., None]) -> None:
    person("ann", "admin", "staff", groups=("service",))
    with app.unit_of_work() as work:
        mail.queue(work, to="ada@example.org", subject="A lost mail", text="Hi", kind="test", key="k")
        row = work.session.query(mail.MailMessage).one()
        row.status, row.last_error = mail.MailStatus.PERHAPS_SENT, "Connection unexpectedly closed"
    ann = look("ann", width=390, height=844, dark=True)
    page = ann.visit("/notices/preferences")
    ann.check("notice-preferences-phone")
    page.get_by_label("A task is given to me").select_option(label="on screen, and in a daily mail")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say where mails are to go")).to_be_visible()
    page.get_by_label("Mail address").fill("ann@example.org")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: this is how you are told")).to_be_visible()
    ann.visit("/notices?show=all")
    ann.check("notices-phone")
    ann.visit("/operations/mail")
    ann.check("operations-mail-phone")
    page.get_by_role("button", name="Send again", exact=True).click()
    expect(page.get_by_text("It is sent again now.")).to_be_visible()
