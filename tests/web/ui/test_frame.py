"""The frame of a page is drawn once for all who may the same: never for somebody who may something else."""

from collections.abc import Callable

from lxml.html import fromstring

from bpm import identity
from bpm.app import App
from bpm.identity import Holder, Scope, ScopeKind
from tests.web.conftest import Browser
from tests.work_done import calls_of

SignIn = Callable[..., Browser]


def rooms(browser: Browser, path: str = "/profile") -> list[str]:
    return browser.see(path).get("navigation", "Rooms").links


def test_each_person_sees_their_own_rooms_however_often_others_saw_theirs(signed_in: SignIn) -> None:
    staff, operator = signed_in("stella", "staff"), signed_in("otto", "operator")
    for _ in range(2):
        assert "/operations" not in rooms(staff)
        assert "/operations" in rooms(operator)


def test_what_is_granted_and_taken_back_shows_on_the_next_page(app: App, signed_in: SignIn) -> None:
    browser = signed_in("stella", "staff")
    assert "/operations" not in rooms(browser)
    with app.unit_of_work() as work:
        stella = next(each for each in identity.list_users(work) if each.username == "stella")
        given = identity.grant(work, Holder(user_id=stella.id), "operator", scope=Scope(ScopeKind.EVERYWHERE, ""))
    assert "/operations" in rooms(browser)
    assert '<a href="/operations">' in browser.get("/profile").get_data(as_text=True)
    with app.unit_of_work() as work:
        identity.revoke(work, given.id)
    assert "/operations" not in rooms(browser)
    assert '<a href="/operations">' not in browser.get("/profile").get_data(as_text=True)


def test_each_page_lights_its_own_room(signed_in: SignIn) -> None:
    browser = signed_in("stella", "staff", "advocate")
    for path, room in (("/tasks", "Tasks"), ("/inbox", "Inbox"), ("/tasks", "Tasks")):
        rail = browser.see(path).get("navigation", "Rooms").markup
        assert [each.text for each in fromstring(rail).iterfind(".//a[@aria-current]/span")] == [room]


def test_the_frame_is_drawn_for_the_first_page_only(signed_in: SignIn) -> None:
    browser, other = signed_in("stella", "staff"), signed_in("otto", "staff")
    first = calls_of(lambda: browser.get("/notices"))
    other.get("/notices")  # what a person is asked once
    assert calls_of(lambda: other.get("/notices")) < first - 500
