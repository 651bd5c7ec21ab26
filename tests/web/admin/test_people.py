"""Each person lands where their work is, and finds what they may see."""

from collections.abc import Callable

import pytest

from bpm import search
from bpm.app import App
from bpm.wiring import SEARCHED
from tests.web.conftest import Browser, start_refund

SignIn = Callable[..., Browser]


@pytest.mark.parametrize(
    ("role", "home"),
    [
        ("advocate", "/inbox"),
        ("staff", "/tasks"),
        ("designer", "/processes"),
        ("manager", "/insights"),
        ("operator", "/operations"),
        ("admin", "/admin/people"),
    ],
)
def test_a_role_lands_where_its_work_is(signed_in: SignIn, role: str, home: str) -> None:
    browser = signed_in("ada", role)
    assert browser.get("/").location == home
    page = browser.get(home)
    assert page.status_code == 200
    assert f'href="{home}" aria-current="page"' in page.get_data(as_text=True)


def test_nobody_sees_a_room_that_is_closed_to_them(signed_in: SignIn) -> None:
    page = signed_in("stella", "staff").see("/tasks")
    assert "Operations" not in page
    assert "Admin" not in page


def test_an_admin_reads_who_can_sign_in(signed_in: SignIn) -> None:
    signed_in("stella", "staff", groups=("service",))
    page = signed_in("alex", "admin").see("/admin/people")
    for text in ("Stella", "staff", "Service"):
        assert text in page


def test_search_finds_tasks_processes_and_cases_and_keeps_to_what_one_may_see(
    app: App, signed_in: SignIn, refund: int
) -> None:
    start_refund(app)
    search.sweep_waiting(app.unit_of_work, SEARCHED)
    staff = signed_in("stella", "staff", groups=("service",))
    stranger = signed_in("fay", "staff", groups=("finance",))
    assert "Check the claim" in staff.see("/search?q=claim")
    assert "Check the claim" not in stranger.see("/search?q=claim")
    assert "/processes/refund" in staff.see("/search?q=refund").links
    assert "/instances/1" in staff.see("/search?q=A-17").links


def test_a_work_item_is_handed_over_to_a_colleague_of_the_group_only(app: App, signed_in: SignIn, refund: int) -> None:
    start_refund(app)
    stella = signed_in("stella", "staff", groups=("service",))
    sam = signed_in("sam", "staff", groups=("service",))
    signed_in("fay", "staff", groups=("finance",))
    stella.post("/tasks/1/claim")
    page = stella.see("/tasks/1")
    assert page.field("Hand over to").choices == ["", "person:sam", "group:finance"]
    assert stella.post("/tasks/1/assignee", {"to": "person:fay"}).status_code == 400
    assert stella.post("/tasks/1/assignee", {"to": "person:sam"}).status_code == 303
    assert "Check the claim" in sam.see("/tasks?scope=mine")
