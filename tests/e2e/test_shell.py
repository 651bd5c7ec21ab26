"""The shell that every page shares."""

from collections.abc import Callable

from playwright.sync_api import expect

from bpm.app import App
from tests.e2e.looking import Looker
from tests.web.conftest import put_live, start_refund

Look = Callable[..., Looker]


def test_the_sign_in_page_and_an_error_page_hold_up(look: Look, person: Callable[..., None]) -> None:
    person("ada", "staff")
    looker = look()
    looker.visit("/sign-in")
    looker.check_in_every_window("sign-in")
    looker.sign_in("ada", "correct horse battery")
    looker.visit("/no-such-page", status=404)
    looker.check_in_every_window("not-found")
    looker.visit("/search?q=nothing")
    looker.check_in_every_window("search")


def test_the_question_mark_shows_the_keys_and_the_slash_goes_to_the_search(
    look: Look, person: Callable[..., None]
) -> None:
    person("ada", "staff")
    looker = look("ada")
    page = looker.visit("/search")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    looker.check("keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("returns")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=returns")


def test_the_palette_reaches_pages_verbs_and_what_is_found_by_keyboard(
    look: Look, person: Callable[..., None], app: App
) -> None:
    person("ada", "staff", "designer", "operator", groups=("service",))
    put_live(app)
    start_refund(app)
    looker = look("ada")
    page = looker.visit("/tasks")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Go anywhere")
    palette.get_by_role("combobox").fill("bulk")
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Bulk actions")
    looker.check("palette")
    page.keyboard.press("Enter")
    page.wait_for_url("**/operations/batches")
    page.keyboard.press("Control+k")
    palette.get_by_role("combobox").fill("refund")
    palette.get_by_role("option", name="refund").first.click()
    page.wait_for_url("**/processes/refund")
    page.keyboard.press("Control+k")
    palette.get_by_role("combobox").fill("start")
    page.keyboard.press("Enter")
    page.wait_for_url("**/refund/start")


def test_a_row_opens_by_a_click_anywhere_on_it_and_the_keys_shown_are_those_of_the_page(
    look: Look, person: Callable[..., None], app: App
) -> None:
    person("ada", "staff", groups=("service",))
    put_live(app)
    start_refund(app)
    page = look("ada").visit("/tasks")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys of this page")
    expect(keys.get_by_text("Next, previous row")).to_be_visible()
    expect(keys.get_by_text("Undo")).to_be_hidden()
    page.keyboard.press("Escape")
    rows = page.get_by_role("region", name="Work items").get_by_role("row")
    rows.nth(1).click(position={"x": 4, "y": 4})  # the first one is that of the headings
    page.wait_for_url("**/tasks/1*")


def test_without_a_connection_a_line_says_so_and_with_it_it_goes(look: Look, person: Callable[..., None]) -> None:
    person("ada", "staff")
    page = look("ada").visit("/search")
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("No connection. What you typed stays here")
    page.context.set_offline(False)
    expect(page.get_by_text("No connection")).to_have_count(0)
