"""The page on which an operator takes a case up again."""

from collections.abc import Callable

from bpm.app import App
from bpm.engine import api as engine
from tests.web.conftest import Browser, start_refund

SignIn = Callable[..., Browser]


def test_a_cancelled_case_is_tried_then_restarted_and_both_say_so(app: App, signed_in: SignIn, refund: int) -> None:
    old = start_refund(app)
    operator = signed_in("otto", "operator")
    assert not operator.see(f"/instances/{old}").has("link", "Restart")
    with app.unit_of_work() as work:
        engine.cancel(work, old, reason="Wrong.")
    assert operator.see(f"/instances/{old}").has("link", "Restart")
    assert not operator.see(f"/instances/{old}/restart").has("button", "Restart")
    order = {"before": "check", "with": "last", "free values": "order = A-99", "reason": "Again."}
    assert "nothing would fail" in operator.do(f"/instances/{old}/restart/forecast", order)
    assert len(operator.see("/processes/refund/cases").all("row")) == 2
    new = operator.do(f"/instances/{old}/restart", order)
    for words in (f"Restarted from case {old}", "A-99", "Again.", "restarted from another case"):
        assert words in new, words
    assert f"Restarted as case {old + 1}" in operator.see(f"/instances/{old}")


def test_what_cannot_be_restarted_says_why(app: App, signed_in: SignIn, refund: int) -> None:
    case = start_refund(app)
    operator = signed_in("otto", "operator")
    order = {"before": "check", "reason": "Again."}
    assert "still runs" in operator.do(f"/instances/{case}/restart/forecast", order)
    assert operator.post(f"/instances/{case}/restart", order).status_code == 409
    assert operator.post(f"/instances/{case}/restart", {"reason": "Again."}).status_code == 400
    assert signed_in("stella", "staff").post(f"/instances/{case}/restart", order).status_code == 403
