"""Daily work in a browser: uploads, tasks that appear by themselves, drafts, conflicts, and work without scripts."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, expect

from bpm.app import App
from bpm.engine import queries as engine_queries
from tests.e2e.conftest import PASSWORD
from tests.e2e.looking import Looker
from tests.e2e.pages.drawing import Drawing
from tests.e2e.pages.sign_in import sign_in
from tests.web.conftest import REFUND, put_live, start_refund

Look = Callable[..., Looker]
Person = Callable[..., None]


def test_a_task_appears_by_itself_and_the_focus_stays_where_it_was(look: Look, person: Person, app: App) -> None:
    person("stella", "staff", groups=("service",))
    put_live(app)
    start_refund(app, "A-1")
    page = look("stella").visit("/tasks")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Check the claim")).to_be_focused()
    page.evaluate("window.sameDocument = true")
    start_refund(app, "A-2")
    expect(page.get_by_text("Refund, A-2")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
    expect(page.locator("#task-1")).to_be_focused()


def test_a_page_that_gets_no_stream_asks_again_by_itself(look: Look, person: Person, app: App) -> None:
    person("stella", "staff", groups=("service",))
    put_live(app)
    looker = look("stella")
    looker.page.route(re.compile(r"/live\?"), lambda route: route.fulfill(status=503, body="full"))
    with looker.page.expect_response(re.compile("/live/marks")):
        page = looker.visit("/tasks")
    start_refund(app, "A-2")
    expect(page.get_by_text("Refund, A-2")).to_be_visible(timeout=20_000)


def test_claiming_in_the_list_keeps_the_page_and_offers_undo(look: Look, person: Person, app: App) -> None:
    person("stella", "staff", groups=("service",))
    put_live(app)
    start_refund(app)
    page = look("stella").visit("/tasks?scope=all")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Released")).to_be_visible()


def test_a_draft_is_saved_while_typing_and_a_conflict_names_who_was_first(look: Look, person: Person, app: App) -> None:
    person("stella", "staff", groups=("service",))
    person("sam", "staff", groups=("service",))
    put_live(app)
    start_refund(app)
    late = look("sam").visit("/tasks/1")
    late.get_by_label("Amount in euro").fill("30")
    page = look("stella").visit("/tasks/1")
    page.get_by_role("button", name="Claim", exact=True).click()
    page.get_by_label("Amount in euro").fill("20")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Amount in euro")).to_have_value("20")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Completed: Check the claim.")).to_be_visible()
    late.get_by_role("button", name="Complete").click()
    expect(late.get_by_text("Stella completed this work item at")).to_be_visible()


def test_a_file_dropped_on_the_page_is_reviewed_and_pins_and_findings_answer_each_other(
    look: Look, person: Person
) -> None:
    person("dora", "designer")
    looker = look("dora")
    page = looker.visit("/processes")
    broken = REFUND.replace(b"${approved == true}", b"${approved ==}").decode()
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "refund.bpmn", { type: "text/xml" }));
            document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
        }""",
        broken,
    )
    page.wait_for_url("**/uploads/*")
    looker.settle()
    pin, row = page.get_by_role("button", name="Finding 1"), page.locator("#finding-1")
    lights(pin, row)
    page.reload()
    looker.settle()
    lights(row, pin)


def lights(clicked: Locator, answers: Locator) -> None:
    """One click lights the other."""
    clicked.click()
    expect(answers).to_have_class(re.compile("lit"))


def test_the_watermark_of_the_drawing_library_is_visible_and_an_element_opens_its_panel(
    look: Look, person: Person, app: App
) -> None:
    person("dora", "designer")
    put_live(app)
    looker = look("dora")
    page = looker.visit("/processes/refund")
    expect(Drawing(page).watermark()).to_be_visible()
    Drawing(page).step("check").click()
    expect(page.locator("#element").get_by_text("Does the order exist")).to_be_visible()


def test_everything_but_the_drawing_works_without_scripts(
    chromium: Browser, address: str, person: Person, app: App
) -> None:
    person("stella", "staff", "designer", groups=("service", "finance"))
    put_live(app)
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    sign_in(page, "stella", PASSWORD)
    page.goto("/processes/refund/start")
    page.get_by_label("Order number").fill("C-3")
    page.get_by_role("button", name="Start").click()
    page.goto("/tasks")
    page.get_by_role("button", name="Claim", exact=True).click()
    page.goto("/tasks/1")
    page.get_by_label("Pay it back").check()
    page.get_by_label("Amount in euro").fill("12")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Pay the money back")).to_be_visible()
    with app.unit_of_work.reading() as work:
        assert engine_queries.get_instance(work, 1).variables["amount"] == 12
    context.close()
