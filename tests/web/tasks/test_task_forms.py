"""Forms of tasks as a browser meets them: what is asked, hidden, taken and refused, and what programs may bring."""

from collections.abc import Callable
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.foundation.errors import InvalidInputError
from tests.engine.bpmn.asking.drawn import model
from tests.web.conftest import Browser

SignIn = Callable[..., Browser]

DEPENDS = model(
    'work:userTask\n<exclusiveGateway id="g" name="Found?" default="f3"/>\n<exclusiveGateway id="h" default="f5"/>',
    "start>work work>g g>h:c g>end_a h>end_b:d h>end_c", c="${found == true}", d="${amount > 100}",
)  # fmt: skip
FORM = {
    "id": "claim",
    "components": [
        {"type": "select", "key": "shop", "label": "Shop", "valuesKey": "shops", "validate": {"required": True}},
        {"type": "checkbox", "key": "broken", "label": "It is broken"},
        {"type": "textarea", "key": "how", "label": "How", "validate": {"required": True},
         "conditional": {"hide": "=not(broken)"}},
        {"type": "textfield", "key": "customer", "label": "Customer", "readonly": True},
        {"type": "expression", "key": "grade", "expression": "=if broken then 3 else 1"},
    ],
}  # fmt: skip
WITH_FORM = model(
    '<userTask id="work" name="Look"><extensionElements><zeebe:formDefinition formId="claim"/></extensionElements>'
    "</userTask>",
    "start>work work>end",
)


def live(app: App, source: bytes, variables: dict[str, Any], **forms: Any) -> None:
    """A running instance of the model with these forms."""
    prepared = engine.check(source, "model.bpmn", forms=forms)
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, forms=forms)
        for department in app.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
        engine.start(work, "p", variables)


def result(app: App) -> Any:
    with app.unit_of_work() as work:
        return queries.get_work_item(work, 1).result


def test_a_field_that_is_hidden_is_neither_asked_for_nor_taken(app: App, signed_in: SignIn) -> None:
    live(app, DEPENDS, {})
    browser = signed_in("stella", "staff")
    page = browser.get("/tasks/1").get_data(as_text=True)
    assert "Found" in page
    assert "Amount" not in page
    more = browser.post("/tasks/1/form", {"found": "true"}).get_data(as_text=True)
    assert "Amount" in more
    refused = browser.post("/tasks/1/completion", {"found": "true"})
    assert refused.status_code == 400
    assert "Please answer this." in refused.get_data(as_text=True)
    assert browser.post("/tasks/1/completion", {"found": "false", "amount": "7"}).status_code == 303
    assert result(app) == {"found": False}


def test_a_program_may_bring_any_variables_to_a_task_whose_form_was_made(app: App) -> None:
    live(app, DEPENDS, {})
    with app.unit_of_work() as work:
        engine.complete(work, 1, {"found": True, "amount": "150", "more": [1]})
    assert result(app) == {"found": True, "amount": "150", "more": [1]}


def test_a_form_of_another_tool_offers_hides_computes_and_keeps(app: App, signed_in: SignIn) -> None:
    live(app, WITH_FORM, {"shops": ["North", "South"], "customer": "Ada"}, claim=FORM)
    browser = signed_in("stella", "staff")
    page = browser.get("/tasks/1").get_data(as_text=True)
    assert "North" in page
    assert "Ada" in page
    assert ">How<" not in page
    wrong = browser.post("/tasks/1/completion", {"shop": "West", "broken": "true"})
    assert wrong.status_code == 400
    told = wrong.get_data(as_text=True)
    assert "Choose one of the list." in told
    assert "Please answer this." in told
    answers = {"shop": "South", "broken": "true", "how": "It fell", "customer": "Mallory"}
    assert browser.post("/tasks/1/completion", answers).status_code == 303
    assert result(app) == {"shop": "South", "broken": True, "how": "It fell", "customer": "Ada", "grade": 3}


def test_the_same_rules_hold_for_programs_where_the_form_came_with_the_model(app: App) -> None:
    live(app, WITH_FORM, {"shops": ["North"], "customer": "Ada"}, claim=FORM)
    with app.unit_of_work() as work, pytest.raises(InvalidInputError) as caught:
        engine.complete(work, 1, {"shop": "North", "broken": True})
    assert set(caught.value.fields) == {"how"}
    with app.unit_of_work() as work:
        engine.complete(work, 1, {"shop": "North", "broken": False, "how": "not asked"})
    assert result(app) == {"shop": "North", "broken": False, "customer": "Ada", "grade": 1}


def test_a_fact_that_the_form_shows_and_the_process_does_not_know_is_marked(app: App, signed_in: SignIn) -> None:
    live(app, WITH_FORM, {"shops": ["North"]}, claim=FORM)
    with app.unit_of_work() as work:
        engine.start(work, "p", {"shops": ["North"], "customer": "Ada"})
    stella = signed_in("stella", "staff")
    page = stella.get("/tasks/1").get_data(as_text=True)
    assert "What you need to know" in page
    assert "missing" in page
    listed = stella.see("/tasks").all("row")
    assert ["missing: Customer" in row for row in listed[1:]] == [True, False]


def test_staff_start_a_process_in_words(app: App, signed_in: SignIn) -> None:
    source = model('<exclusiveGateway id="g" name="Urgent?" default="f2"/>', "start>g g>end_a:c g>end_b", c="${urgent}")
    prepared = engine.check(source, "model.bpmn")
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared)
        for department in app.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
    browser = signed_in("stella", "staff")
    page = browser.get("/processes/p/start").get_data(as_text=True)
    assert "Urgent" in page
    assert "name = value" not in page
    assert browser.post("/processes/p/start", {"urgent": "true"}).status_code == 303
