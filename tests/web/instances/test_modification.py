"""The operator's repair menu on the page of an instance."""

import re
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from tests.web.conftest import Browser, page_of, start_refund
from tests.web.page import Page
from web.instances.modification import changes

SignIn = Callable[..., Browser]


@pytest.fixture
def instance(app: App, refund: int) -> str:
    return f"/instances/{start_refund(app)}"


def visit(page: Page) -> str:
    """The uid that the menu offers."""
    offered = [uid for field in page.fields() for uid in field.choices if re.fullmatch("[0-9a-f]{32}", uid)]
    assert offered, "the page offers no visit"
    return offered[0]


def test_only_an_operator_is_offered_the_menu_and_only_an_operator_may_act(signed_in: SignIn, instance: str) -> None:
    staff = signed_in("stella", "staff")
    assert not staff.see(instance).has("button", "Move")
    for act in ("skips", "moves", "suspension", "resumption", "cancellation"):
        assert staff.post(f"{instance}/{act}", {"reason": "x", "visit": "0" * 32}).status_code == 403


def test_a_token_is_moved_and_the_page_says_from_where_to_where(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    page = operator.see(instance)
    sent = {"visit": visit(page), "to": "pay", "reason": "Checked already.", "free values": "checked = true"}
    assert any("pay" in field.choices for field in page.fields())
    after = operator.do(f"{instance}/moves", sent)
    assert "Moved to pay." in after
    assert "from check to pay" in after
    assert "checked: True, new" in after
    assert "Checked already." in after


def test_a_move_that_is_not_possible_says_why_and_changes_nothing(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    uid = visit(operator.see(instance))
    refused = operator.post(f"{instance}/moves", {"visit": uid, "to": "nowhere", "reason": "why not"})
    assert refused.status_code == 400
    assert "no element" in page_of(refused)
    assert operator.post(f"{instance}/moves", {"visit": uid, "to": "pay", "reason": ""}).status_code == 400
    assert operator.post(f"{instance}/moves", {"visit": "x", "to": "pay", "reason": "why not"}).status_code == 409


def test_an_element_is_skipped(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    uid = visit(operator.see(instance))
    sent = {"visit": uid, "reason": "No need.", "free values": "amount = 5"}
    assert "Skipped" in operator.do(f"{instance}/skips", sent)


def test_an_instance_is_suspended_and_resumed(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    assert operator.post(f"{instance}/suspension", {"reason": ""}).status_code == 400
    page = operator.do(f"{instance}/suspension", {"reason": "Look."})
    assert page.has("button", "Resume")
    assert operator.post(f"{instance}/suspension", {"reason": "Look."}).status_code == 409
    page = operator.do(f"{instance}/resumption", {"reason": "Seen."})
    assert page.has("button", "Suspend")


def test_a_work_item_of_a_suspended_instance_is_greyed_and_says_why(app: App, signed_in: SignIn, instance: str) -> None:
    staff = signed_in("stella", "staff", groups=("service", "finance"))
    with app.unit_of_work() as work:
        engine.suspend(work, 1, reason="Look into it.")
    assert "suspended" in staff.see("/tasks?scope=all")
    page = staff.see("/tasks/1")
    assert "This case is suspended" in page
    assert not page.has("button", "Complete")
    refused = staff.post("/tasks/1/completion", {"amount": "1"})
    assert refused.status_code == 409
    assert "suspended" in page_of(refused)


def test_a_condition_that_came_to_nothing_is_read_among_the_steps_by_everybody() -> None:
    note = "g_a: the condition =paid came to nothing (null), which is not true"
    assert changes({"notes": [note]}, with_values=False) == (note,)
