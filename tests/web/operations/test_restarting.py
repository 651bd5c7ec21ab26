"""Many finished cases are taken up again from the list of cases: tried, begun with a reason, ended again."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.worker import sweep_once
from tests.web.conftest import Browser, start_refund

SignIn = Callable[..., Browser]
ORDER = {
    "cases": "1 2 3", "before": "check", "with": "last", "free values": "order = A-99", "reason": "The bank was away.",
}  # fmt: skip


@pytest.fixture
def cases(app: App, refund: int) -> None:
    """Two cancelled cases and one that runs."""
    for order in ("A-1", "A-2", "A-3"):
        start_refund(app, order)
    with app.unit_of_work() as work:
        for case in (1, 2):
            engine.cancel(work, case, reason="Wrong.")


def work_off(app: App) -> None:
    while sweep_once(app):
        pass


def status_of(app: App, case: int) -> str:
    with app.unit_of_work.reading() as work:
        return str(queries.get_instance(work, case).row.status)


def test_those_that_ended_are_chosen_in_the_list_tried_restarted_and_ended_again(
    app: App, signed_in: SignIn, cases: None
) -> None:
    operator = signed_in("otto", "operator")
    listed = operator.see("/processes/refund/cases")
    assert len(listed.all("checkbox")) == 2
    assert listed.has("link", "Restart all that fit …")
    assert not signed_in("mia", "manager").see("/processes/refund/cases").has("checkbox")

    chosen = operator.see("/operations/batches/restart?case=1&case=2&case=3")
    assert "Restart 2 cases" in chosen
    assert "1 case is left out: those cases still run." in chosen
    assert not chosen.has("button", "Restart")
    assert "Restart 2 cases" in operator.see("/operations/batches/restart?process=refund")
    tried = operator.do("/operations/batches/restart/forecast", ORDER)
    assert "2 would be done" in tried
    assert tried.has("button", "Restart")
    assert operator.get("/operations/batches/1").status_code == 404
    assert operator.post("/operations/batches/restart", {**ORDER, "reason": " "}).status_code == 400

    assert operator.post("/operations/batches/restart", ORDER).location == "/operations/batches/1"
    work_off(app)
    page = operator.see("/operations/batches/1")
    assert "Restart 2" in page
    assert "2 cases that it made still run." in page
    assert page.has("link", "Case 4")
    new = operator.see("/instances/4")
    for words in ("Restarted from case 1", "A-99", "The bank was away."):
        assert words in new, words

    assert operator.post("/operations/batches/1/undo").location == "/operations/batches/2"
    work_off(app)
    assert [status_of(app, case) for case in (1, 3, 4, 5)] == ["cancelled", "active", "cancelled", "cancelled"]
    assert not operator.see("/operations/batches/1").has("button", "Undo: end them")
    assert operator.post("/operations/batches/1/undo").status_code == 400
    assert operator.post("/operations/batches/2/undo").status_code == 409


def test_what_cannot_be_restarted_together_says_why(app: App, signed_in: SignIn, cases: None) -> None:
    operator = signed_in("otto", "operator")
    assert operator.get("/operations/batches/restart?case=3").status_code == 400
    assert operator.get("/operations/batches/restart").status_code == 200
    assert operator.post("/operations/batches/restart", {**ORDER, "before": []}).status_code == 400
    assert "2 would be refused" in operator.do("/operations/batches/restart/forecast", {**ORDER, "before": "nowhere"})
    staff = signed_in("stella", "staff")
    assert staff.get("/operations/batches/restart?case=1").status_code == 403
    assert staff.post("/operations/batches/restart", ORDER).status_code == 403
    assert staff.post("/operations/batches/1/undo").status_code == 403
