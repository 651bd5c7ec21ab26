"""Guards in the browser: put up and taken away, with figures, and the words on the task."""

from collections.abc import Callable

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.processes import guards
from tests.processes.guards.test_declared_by_models import SPELLINGS, model
from tests.web.conftest import Browser, put_live, start_refund


def test_a_guard_is_put_up_holds_a_task_and_is_overridden_with_a_reason(
    app: App, signed_in: Callable[..., Browser], refund: int
) -> None:
    designer = signed_in("dora", "designer")
    assert "No guard yet" in designer.see("/guards")
    wrong = designer.post("/guards", {"place": "refund:check", "rule": "variable", "effect": "hold"})
    assert wrong.status_code == 400
    filled = {"place": "refund:check", "rule": "variable", "effect": "hold", "variable": "order", "value": "A-17"}
    page = designer.do("/guards", filled)
    assert "A value of the case is: order = A-17 → it waits until that is over" in page
    case = start_refund(app)
    stella = signed_in("stella", "staff", groups=("service", "finance"))
    with app.unit_of_work.reading() as work:
        (task,) = [row.work_item_id for row in work.session.query(guards.acting.GuardedTask)]
    page = stella.see(f"/tasks/{task}")
    assert "Do not contact the customer now. order is A-17." in page
    assert "order is A-17." in stella.do(f"/tasks/{task}/completion", {"approved": "true", "amount": "20"})
    assert "It waits." in stella.do(f"/guards/tasks/{task}/check")
    page = stella.do(f"/guards/tasks/{task}/override", {"reason": "They asked for a call."})
    assert "made all the same They asked for a call." in page
    assert "Completed" in stella.do(f"/tasks/{task}/completion", {"approved": "true", "amount": "20"})
    page = designer.see("/guards")
    assert "0 not made, 0 wait, 1 made all the same" in page
    assert f"/instances/{case}" in page.links
    assert stella.post("/guards/1/end").status_code == 403
    assert "taken away" in designer.do("/guards/1/end")
    with app.unit_of_work() as work:
        engine.start(work, "refund", {"order": "A-17"})
        assert guards.guard_figures(work).held == 0


def test_a_guard_of_the_model_stands_at_its_element_and_its_change_is_named(
    app: App, signed_in: Callable[..., Browser]
) -> None:
    designer = signed_in("dora", "designer")
    first = model(SPELLINGS[0], "variable insured = true -> file")
    put_live(app, first, "calling.bpmn")
    page = designer.see("/processes/calling?element=call")
    said = "A value of the case is: insured = true → the contact is not made, the case goes on at file"
    assert said in page
    assert "declared by the model of version 1" in designer.see("/guards")
    second = model(SPELLINGS[0], "hold quiet_hours")
    with app.unit_of_work() as work:
        draft = engine.deploy(work, engine.check(second, "calling.bpmn"), key="calling").id
        number = engine_queries.get_version(work, draft).number
    page = designer.see(f"/processes/calling?version={number}")
    change = page.get("region", "What differs from live version 1")
    assert "callGuard" in change
    assert "hold quiet_hours" in change
