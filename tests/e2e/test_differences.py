"""What differs between two versions in a browser: one drawing with before and after, rows that answer it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bpm.app import App
from bpm.engine import api as engine
from tests.e2e.looking import Looker
from tests.e2e.pages.drawing import Drawing

Look = Callable[..., Looker]
RETURNS = Path(__file__).parents[2] / "process_models/returns"
MODEL = (RETURNS / "returns.bpmn").read_bytes()
RULES = (RETURNS / "refund.dmn").read_bytes()
NEWER = (
    MODEL.replace(b"P14D", b"P7D")
    .replace(b'name="Check tracking by hand"', b'name="Ask the carrier"')
    .replace(b'id="check_tracking"', b'id="ask_carrier"')
    .replace(b'"check_tracking"', b'"ask_carrier"')
    .replace(b">check_tracking<", b">ask_carrier<")
)


@pytest.fixture
def versions(app: App, person: Callable[..., None]) -> None:
    """Version 2 waits a week, asks the carrier instead of looking by hand, and pays less at once."""
    person("ada", "designer", "manager", groups=("service",), name="Ada Vogel")
    for source, rules in ((MODEL, RULES), (NEWER, RULES.replace(b"&lt;= 500", b"&lt;= 400"))):
        prepared = engine.check(source, "returns.bpmn", decisions={"refund.dmn": rules})
        with app.unit_of_work() as work:
            version = engine.deploy(work, prepared, key="returns")
            for department in app.settings.sign_offs:
                engine.sign(work, version.id, department, method="console")
            engine.go_live(work, version.id)


def test_the_page_of_what_differs_holds_up(look: Look, versions: None) -> None:
    looker = look("ada")
    page = looker.visit("/processes/returns/difference?from=1&to=2")
    page.get_by_text("after 14 days → after 7 days").wait_for()
    Drawing(page).wait()
    looker.check_in_every_window("difference")
    assert not looker.complaints


def test_a_removed_task_is_found_on_the_older_drawing_by_the_keyboard(look: Look, versions: None) -> None:
    looker = look("ada")
    page = looker.visit("/processes/returns")
    page.get_by_role("link", name="What differs from version 1 to 2").press("Enter")
    page.wait_for_url("**/difference?*")
    looker.settle()
    Drawing(page).wait()
    assert page.get_by_role("button", name="After", exact=True).get_attribute("aria-pressed") == "true"
    drawing = Drawing(page)
    drawing.marked("ask_carrier", "added").wait_for()
    flow = drawing.changed_flow()
    assert flow.evaluate("(path) => getComputedStyle(path).strokeDasharray") == "8px, 4px"
    assert flow.evaluate("(path) => getComputedStyle(path).fill") == "none"
    page.get_by_role("button", name="Check tracking by hand", exact=True).press("Enter")
    drawing.marked("check_tracking", "removed").wait_for()
    assert page.get_by_role("button", name="Before", exact=True).get_attribute("aria-pressed") == "true"
    looker.keep("difference-before")
    page.get_by_role("button", name="14 days without a scan", exact=True).press("Enter")
    drawing.chosen("no_scan").wait_for()
    page.get_by_role("button", name="After", exact=True).click()
    drawing.marked("no_scan", "changed").wait_for()
    drawing.choose("no_scan")
    page.locator("li.lit", has_text="14 days without a scan").wait_for()
    assert not looker.complaints
