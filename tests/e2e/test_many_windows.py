"""Many windows of one browser, which keeps six connections to a site: every one of them hears of news all the same."""

from collections.abc import Callable

from playwright.sync_api import APIResponse, Route, expect

from bpm import identity, notices
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


def test_news_that_come_while_a_block_looks_are_looked_at_after_it(
    look: Look, app: App, person: Callable[..., None]
) -> None:
    """Blocks look for themselves: the look that one waits with is not pushed out by another's."""
    put_live(app)
    person("stella", "staff", groups=("service",))
    window = look("stella")
    page = window.page
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_first_look(route: Route) -> None:
        if held or route.request.headers.get("hx-request") != "true":
            route.continue_()
        else:
            held.append((route, route.fetch()))

    def hear() -> None:
        for _twice in range(2):  # the first of them may have been on its way
            page.wait_for_event("response", lambda answer: "/live/marks" in answer.url, timeout=15_000)

    page.route("**/live?*", lambda route: route.fulfill(status=204))  # it asks, which can be waited for
    page.route("**/tasks", hold_the_first_look)
    window.visit("/tasks")
    start_refund(app, "A-17")
    while not held:
        page.wait_for_timeout(100)
    start_refund(app, "A-18")
    hear()
    with app.unit_of_work() as work:
        stella = identity.find_user(work, "stella")
        notices.raise_for(work, [stella.id], "mentioned", "Look", "/tasks/1", about=("task", 1), key="m")
    hear()
    first, answer = held[0]
    first.fulfill(response=answer)
    expect(page.get_by_role("link", name="Notices 1 unread")).to_be_visible()
    expect(page.get_by_text("A-18").first).to_be_visible()
