"""The customer's pages in a real browser, with scripts switched off: on a phone, at a desk, in the dark."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from bpm import feedback, identity
from bpm.app import App
from bpm.feedback import portal
from bpm.processes import improvements
from bpm.processes.improvements import EntryDraft, ImprovementDraft
from tests.e2e.looking import Looker
from tests.web.conftest import put_live


@pytest.fixture
def path(app: App, person: Callable[..., None]) -> str:
    """A letter's path, with a board beside it."""
    person("ada", "advocate", "manager", name="Ada Vogel")
    put_live(app)
    with app.unit_of_work() as work:
        raw = feedback.RawItem("email", "shop", "My parcel never came.", author_email="jo@example.org")
        item = feedback.receive(work, raw).item_id
    with app.unit_of_work() as work:
        work.actor = identity.actor_of(identity.find_user(work, "ada"))
        feedback.decide(work, item, "do", reason="You waited too long.")
        reply = feedback.reply(work, item, "A new one is on its way.")
        feedback.mark_sent(work, reply.id)
        idea = improvements.propose_improvement(work, ImprovementDraft("refund", "Say when it leaves"), item_id=item)
        entry = EntryDraft("Nobody told us when it leaves.", "We tell you when it leaves.", improvement_id=idea)
        improvements.publish_entry(work, improvements.save_entry(work, entry))
        return portal.path_of(work, portal.make_link(work, item))


def test_customers_pages_hold_up_without_scripts(app: App, chromium: Browser, address: str, path: str) -> None:
    pages = {
        "letter": path, "person": f"{path}/person", "ask": "/my", "board": "/said-and-done",
        "entry": "/said-and-done/1", "gone": "/my/" + "A" * 22,
    }  # fmt: skip
    windows: dict[str, tuple[int, Literal["light", "dark"]]] = {"phone": (390, "light"), "dark": (1280, "dark")}
    for window, (width, scheme) in windows.items():
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 844}, color_scheme=scheme,
            bypass_csp=True,
        )  # fmt: skip
        looker = Looker(context.new_page())
        for name, place in pages.items():
            looker.visit(place, status=404 if name == "gone" else 200)
            looker.check(f"{name}-{window}")
        assert looker.complaints == []
        context.close()
    without = chromium.new_context(base_url=address, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = without.new_page()
    page.goto(path)
    page.get_by_label("Answer, or add something").fill("It came. Thank you!")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    expect(page.get_by_text("It came. Thank you!")).to_be_visible()
    page.get_by_role("link", name="Talk to a person").click()
    page.get_by_role("button", name="Ask a person to get in touch").click()
    expect(page.get_by_role("status")).to_contain_text("get in touch")
    assert without.cookies() == []
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "letter-sent-phone.png", full_page=True)
    without.close()
