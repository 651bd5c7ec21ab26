"""Decisions in the store: decided with the step, by the rules of the instance's own version, on both databases."""

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.queries import find_live_version
from tests.engine import acting
from tests.engine.decisions.drawing import Rows, definitions, table
from tests.engine.models import begin, flow, model

MODEL = model(
    "order",
    '<startEvent id="start"/><userTask id="A" name="Ask"/><businessRuleTask id="D" name="Decide"'
    ' camunda:decisionRef="limit"/><userTask id="B" name="Book"/>'
    + flow("start", "A") + flow("A", "D") + flow("D", "B"),
)  # fmt: skip
ROWS: Rows = [(["< 100"], ['"at once"']), ([">= 100"], ['"second look"'])]
LIMIT = definitions(table(["amount"], ["how"], ROWS, identity="limit"))


def put_live(app: App, rules: bytes) -> None:
    prepared = engine.check(MODEL, "order.bpmn", decisions={"limit.dmn": rules})
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared)
        for department in work.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)


@pytest.mark.both_databases
def test_an_instance_decides_by_the_rules_of_its_own_version(app: App) -> None:
    put_live(app, LIMIT)
    first = begin(app, "order", {"amount": 150})
    put_live(app, LIMIT.replace(b"100", b"200"))
    second = begin(app, "order", {"amount": 150})
    acting.complete(app, "A")
    acting.complete(app, "A")
    assert acting.instance(app, first).variables == {"amount": 150, "how": "second look"}
    assert acting.instance(app, second).variables == {"amount": 150, "how": "at once"}
    assert acting.open_elements(app) == ["B", "B"]
    assert [(row.element, row.status) for row in acting.history(app, first) if row.element == "D"] == [
        ("D", "completed")
    ]
    assert acting.broken(app) == []
    with app.unit_of_work.reading() as work:
        live = find_live_version(work, "order")
    assert live is not None
    assert (live.number, live.decisions) == (2, {"limit.dmn": LIMIT.replace(b"100", b"200").decode()})


def test_a_broken_hit_policy_is_a_failure_on_the_operations_page_and_goes_on_when_retried(app: App) -> None:
    put_live(app, definitions(table(["amount"], ["how"], [(["> 1"], ["1"]), (["> 9"], ["2"])], identity="limit")))
    order = begin(app, "order", {"amount": 50})
    acting.complete(app, "A")
    (failure,) = acting.failures(app)
    assert "The decision 'Limit': Rules 1 and 2 hold together, and UNIQUE allows one." in failure.message
    with app.unit_of_work() as work:
        engine.set_variables(work, order, {"amount": 5}, reason="a slip of the pen")
    with app.unit_of_work() as work:
        engine.retry(work, failure.id, reason="corrected")
    assert acting.instance(app, order).variables == {"amount": 5, "how": 1}
    assert acting.failures(app) == []
