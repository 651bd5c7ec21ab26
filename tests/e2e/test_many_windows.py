"""Many windows of one browser, which keeps six connections to a site: every one of them hears of news all the same."""

from collections.abc import Callable

from playwright.sync_api import expect

from bpm.app import App
from tests.e2e.looking import Looker
from tests.web.conftest import put_live, start_refund

Look = Callable[..., Looker]


def test_the_tenth_window_opens_and_all_ten_hear_of_news(look: Look, app: App, person: Callable[..., None]) -> None:
    put_live(app)
    person("stella", "staff", groups=("service",))
    first = look("stella")
    windows = [first.visit("/tasks"), *(first.page.context.new_page() for _ in range(9))]
    for window in windows[1:]:
        window.goto("/tasks", wait_until="load")
    for window in windows:
        expect(window.get_by_text("A-17").first).not_to_be_visible()
    start_refund(app)
    for window in windows:
        expect(window.get_by_text("A-17").first).to_be_visible(timeout=20_000)
    assert not first.complaints
