"""The drawing is the page: legible, answered beside it, live, dark where the page is dark, and had by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from bpm.app import App
from bpm.engine import api as engine
from bpm.worker import sweep_once
from tests.e2e.looking import Looker
from tests.e2e.pages.drawing import Drawing
from tests.web.conftest import REFUND, put_live, start_refund

Look = Callable[..., Looker]
Person = Callable[..., None]
WAITS = REFUND.replace(
    b'<userTask id="pay" name="Pay the money back" camunda:candidateGroups="finance">',
    b'<serviceTask id="pay" name="Pay the money back" camunda:type="external" camunda:topic="pay_out">',
).replace(
    b"<incoming>f3</incoming><outgoing>f5</outgoing></userTask>",
    b"<incoming>f3</incoming><outgoing>f5</outgoing></serviceTask>",
)


@pytest.fixture
def dora(app: App, person: Person) -> None:
    person("dora", "designer", "manager", "operator", groups=("service",))
    put_live(app, WAITS)


def lightness(colour: str) -> float:
    """The mean of red, green and blue, 0 to 255."""
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


@pytest.mark.parametrize("width", [1366, 390])
def test_names_on_the_drawing_can_be_read_at_once(look: Look, dora: None, width: int) -> None:
    looker = look("dora", width=width)
    page = looker.visit("/processes/refund")
    assert Drawing(page).smallest_name() >= 10.99
    looker.check(f"drawing-{width}")


def test_a_click_answers_beside_the_drawing_in_words_and_has_an_address_of_its_own(look: Look, dora: None) -> None:
    looker = look("dora", width=1366)
    page = looker.visit("/processes/refund")
    Drawing(page).step("pay").click()
    panel = page.get_by_role("complementary", name="Selected element")
    expect(panel).to_contain_text("pay_out")
    expect(panel).to_contain_text("Service task")
    assert page.evaluate("scrollY") == 0
    assert page.url.endswith("#element=pay")
    again = look("dora", width=390)
    other = again.visit("/processes/refund#element=check")
    sheet = other.get_by_role("complementary", name="Selected element")
    expect(sheet).to_contain_text("Does the order exist")
    assert Drawing(other).holds("check")
    again.check("sheet")
    sheet.get_by_role("link", name="Close").click()
    expect(sheet).to_contain_text("Select an element")


def test_a_row_of_the_list_moves_the_drawing_and_not_the_page_away(look: Look, dora: None) -> None:
    looker = look("dora", width=390)
    page = looker.visit("/processes/refund")
    page.get_by_text(re.compile(r"^All \d+ elements$")).click()
    page.get_by_role("link", name="Paid", exact=True).click()
    expect(page).to_have_url(re.compile(r"/processes/refund#element=paid$"))
    expect(Drawing(page).chosen("paid")).to_be_attached()
    assert Drawing(page).holds("paid")


def test_a_turned_phone_sees_where_the_case_stands_until_somebody_moved_the_drawing(
    look: Look, dora: None, app: App
) -> None:
    case = start_refund(app, "A-1")
    page = look("dora", width=1366).visit(f"/instances/{case}")
    drawing = Drawing(page)
    assert drawing.holds("check")
    page.set_viewport_size({"width": 390, "height": 844})
    drawing.wait_until_it_holds("check")
    as_placed = drawing.zoom()
    page.get_by_role("button", name="Zoom in", exact=True).click()
    zoomed = drawing.zoom()
    assert zoomed > as_placed
    page.set_viewport_size({"width": 844, "height": 390})
    drawing.wait_until_wide(500)
    assert drawing.zoom() == pytest.approx(zoomed)


def test_badges_say_how_many_cases_stand_where_and_follow_the_world(look: Look, dora: None, app: App) -> None:
    start_refund(app, "A-1")
    looker = look("dora", width=1366)
    page = looker.visit("/processes/refund")
    expect(page.get_by_role("link", name="1 waiting")).to_be_visible()
    start_refund(app, "A-2")
    expect(page.get_by_role("link", name="2 waiting")).to_be_visible()
    with app.unit_of_work() as work:
        engine.complete(work, 1, {"approved": True, "amount": 20, "reason": "late"})
    expect(page.get_by_role("link", name="1 running")).to_be_visible()
    expect(page.get_by_role("link", name="1 waiting")).to_be_visible()
    while sweep_once(app):  # nobody here does what the service task asks for
        pass
    expect(page.get_by_role("link", name="1 failed")).to_be_visible()
    expect(Drawing(page).marked("pay", "failed")).to_be_attached()
    looker.check("badges")


def test_a_dark_page_draws_dark(look: Look, dora: None) -> None:
    looker = look("dora", width=1366, dark=True)
    page = looker.visit("/processes/refund#element=check")
    fills, inks = Drawing(page).fills("check"), Drawing(page).inks("check")
    assert [each for each in fills if lightness(each) < 60] == fills != []
    assert [each for each in inks if lightness(each) > 170] == inks != []
    looker.check("drawing-dark")


def test_the_keyboard_zooms_and_pans_the_drawing(look: Look, dora: None) -> None:
    looker = look("dora", width=1366)
    page = looker.visit("/processes/refund")
    box = page.get_by_role("group", name="Drawing of Refund, version 1")
    box.focus()

    drawing = Drawing(page)
    at = drawing.zoom()
    page.keyboard.press("+")
    assert drawing.zoom() > at
    page.keyboard.press("0")
    assert drawing.zoom() == pytest.approx(at)
    left = drawing.left()
    page.keyboard.press("ArrowRight")
    assert drawing.left() < left
