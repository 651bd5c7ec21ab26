"""The operator's repair menu on the page of an instance."""

import re
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from tests.web.conftest import Browser, start_refund
from web.instances.modification import changes

SignIn = Callable[..., Browser]


@pytest.fixture
def instance(app: App, refund: int) -> str:
    return f"/instances/{start_refund(app)}"


def visit(page: str) -> str:
    """The uid that the menu offers."""
    found = re.search(r'<option value="([0-9a-f]{32})">', page)
    assert found, "the page offers no visit"
    return found.group(1)


def test_only_an_operator_is_offered_the_menu_and_only_an_operator_may_act(signed_in: SignIn, instance: str) -> None:
    staff = signed_in("stella", "staff")
    assert "Move a token" not in staff.get(instance).get_data(as_text=True)
    for act in ("skips", "moves", "suspension", "resumption", "cancellation"):
        assert staff.post(f"{instance}/{act}", {"reason": "x", "visit": "0" * 32}).status_code == 403


def test_a_token_is_moved_and_the_page_says_from_where_to_where(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    page = operator.get(instance).get_data(as_text=True)
    sent = {"visit": visit(page), "to": "pay", "reason": "Checked already.", "free values": "checked = true"}
    assert '<option value="pay">' in page
    after = operator.post(f"{instance}/moves", sent, follow_redirects=True).get_data(as_text=True)
    assert "Moved to pay." in after
    assert "from check to pay" in after
    assert "checked: True, new" in after
    assert "Checked already." in after


def test_a_move_that_is_not_possible_says_why_and_changes_nothing(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    uid = visit(operator.get(instance).get_data(as_text=True))
    refused = operator.post(f"{instance}/moves", {"visit": uid, "to": "nowhere", "reason": "why not"})
    assert refused.status_code == 400
    assert "no element" in refused.get_data(as_text=True)
    assert operator.post(f"{instance}/moves", {"visit": uid, "to": "pay", "reason": ""}).status_code == 400
    assert operator.post(f"{instance}/moves", {"visit": "x", "to": "pay", "reason": "why not"}).status_code == 409


def test_an_element_is_skipped(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    uid = visit(operator.get(instance).get_data(as_text=True))
    sent = {"visit": uid, "reason": "No need.", "free values": "amount = 5"}
    assert "Passed over" in operator.post(f"{instance}/skips", sent, follow_redirects=True).get_data(as_text=True)


def test_an_instance_is_suspended_and_resumed(signed_in: SignIn, instance: str) -> None:
    operator = signed_in("otto", "operator")
    assert operator.post(f"{instance}/suspension", {"reason": ""}).status_code == 400
    page = operator.post(f"{instance}/suspension", {"reason": "Look."}, follow_redirects=True).get_data(as_text=True)
    assert ">Resume<" in page
    assert operator.post(f"{instance}/suspension", {"reason": "Look."}).status_code == 409
    page = operator.post(f"{instance}/resumption", {"reason": "Seen."}, follow_redirects=True).get_data(as_text=True)
    assert ">Suspend<" in page


def test_a_work_item_of_a_suspended_instance_is_greyed_and_says_why(app: App, signed_in: SignIn, instance: str) -> None:
    staff = signed_in("stella", "staff", groups=("service", "finance"))
    with app.unit_of_work() as work:
        engine.suspend(work, 1, reason="Look into it.")
    assert "suspended" in staff.get("/tasks?scope=all").get_data(as_text=True)
    page = staff.get("/tasks/1").get_data(as_text=True)
    assert "This case is suspended" in page
    assert ">Complete<" not in page
    refused = staff.post("/tasks/1/completion", {"amount": "1"})
    assert refused.status_code == 409
    assert "suspended" in refused.get_data(as_text=True)


def test_a_condition_that_came_to_nothing_is_read_among_the_steps_by_everybody() -> None:
    note = "g_a: the condition =paid came to nothing (null), which is not true"
    assert changes({"notes": [note]}, with_values=False) == (note,)
