"""An operator at work in a real browser: from a group of failures to a batch that is followed live, and repair."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.worker import sweep_once
from tests.e2e.conftest import PASSWORD
from tests.e2e.looking import Looker
from tests.e2e.pages.batch import Batch
from tests.e2e.pages.repair import Repair
from tests.web.conftest import REFUND, put_live, start_refund

Look = Callable[..., Looker]


@pytest.fixture
def trouble(app: App, person: Callable[..., None]) -> None:
    """Thirty instances whose first activity asks for a worker that nobody wrote."""
    person("otto", "operator", name="Otto")
    start, end = REFUND.index(b'<userTask id="check"'), REFUND.index(b"</userTask>") + len(b"</userTask>")
    asking = b'<serviceTask id="check" camunda:type="external" camunda:topic="nobody.does.this"/>'
    put_live(app, REFUND[:start] + asking + REFUND[end:])
    for number in range(30):
        start_refund(app, f"A-{number}")
    while sweep_once(app):
        pass


def test_a_group_of_failures_is_skipped_as_a_batch_that_the_page_follows(look: Look, app: App, trouble: None) -> None:
    operator = look("otto")
    page = operator.visit("/operations")
    operator.check("operations-failures")
    page.get_by_role("link", name="Act on all 30").click()
    expect(page.get_by_role("heading", name="Act on 30 failures")).to_be_visible()
    page.get_by_role("radio", name="Skip").check()
    page.get_by_role("textbox", name="Values").fill("approved = false")
    page.get_by_role("button", name="See what would happen").click()
    expect(page.get_by_text("30 would be done")).to_be_visible()
    page.get_by_text("One by one").click()
    operator.check("operations-forecast")
    page.get_by_label("Reason").fill("The orders were checked by hand.")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Skip 30")).to_be_visible()
    page.evaluate("window.sameDocument = true")
    operator.check("operations-batch")
    engine.sweep_batches(app.unit_of_work)
    expect(Batch(page).progress).to_contain_text("5 waiting")
    engine.sweep_batches(app.unit_of_work)
    engine.sweep_batches(app.unit_of_work)
    expect(Batch(page).outcome("done").first).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
    with app.unit_of_work() as work:
        for case in range(1, 5):
            engine.cancel(work, case, reason="Asked for twice.")
    operator.visit("/processes/refund/cases?status=cancelled")
    operator.check("cases-to-restart")
    page.get_by_role("checkbox").first.press("Space")
    page.get_by_role("checkbox").nth(2).click(modifiers=["Shift"])
    page.get_by_role("button", name="Restart chosen …").press("Enter")
    expect(page.get_by_role("heading", name="Restart 3 cases")).to_be_visible()
    page.get_by_label("Begin at").select_option("check")
    page.get_by_role("button", name="See what would happen").press("Enter")
    expect(page.get_by_text("3 would be done")).to_be_visible()
    operator.check("restart-many-desktop")


def test_the_operators_pages_hold_up_on_a_phone(look: Look, app: App, trouble: None) -> None:
    with app.unit_of_work() as work:
        selection = queries.Selection(1, cause="unknown_topic", element="check")
        targets = queries.targets_of(selection, "failure")
        engine.begin_batch(work, "skip", targets, {}, reason="A long reason that an operator typed on a phone.")
        engine.suspend(work, 1, reason="Look into it.")
    engine.sweep_batches(app.unit_of_work)
    phone = look("otto", width=390, height=800)
    group = "cause=unknown_topic&element=check&version_id=1"
    for name, path in {
        "operations": "/operations",
        "failures": f"/operations/failures?{group}",
        "choose": f"/operations/batches/new?{group}",
        "batches": "/operations/batches",
        "batch": "/operations/batches/1",
        "suspended": "/instances/1",
        "repair": "/instances/2",
        "restart-many": "/operations/batches/restart?process=refund",
    }.items():
        page = phone.visit(path)
        for closed in page.locator("details:not([open]) > summary").all():
            if closed.is_visible():
                closed.click()
        phone.check(f"operations-{name}-phone")


def test_an_instance_is_repaired_without_scripts_and_by_keyboard(
    chromium: Browser, address: str, app: App, trouble: None
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("User name").fill("otto")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.goto("/instances/1")
    repair = Repair(page)
    move = repair.open("Move to another step")
    move.get_by_label("Where it goes on").select_option("explain")
    repair.send(move, reason="It was checked by phone.")
    expect(page.get_by_text("Moved to explain.")).to_be_visible()
    expect(page.get_by_text("from check to explain")).to_be_visible()
    repair.send(repair.open("Suspend the case"), reason="Look into it.")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    context.close()
