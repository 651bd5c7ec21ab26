"""The operator sees what needs a hand and acts on it, always with a reason."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.feedback.classification.in_service import SHIPPED
from bpm.worker import sweep_once
from tests.web.conftest import REFUND, Browser, put_live, start_refund

SignIn = Callable[..., Browser]


@pytest.fixture
def broken(app: App) -> None:
    """Two instances whose first activity asks for a worker that nobody wrote."""
    source = REFUND.replace(
        b'<userTask id="check"', b'<serviceTask id="check" camunda:type="external" camunda:topic="nobody.does.this"'
    )
    start, end = source.index(b"<serviceTask"), source.index(b"</userTask>")
    task = source[start:end]
    fields = task[
        task.index(b"<extensionElements>") : task.index(b"</extensionElements>") + len(b"</extensionElements>")
    ]
    put_live(app, source.replace(task + b"</userTask>", task.replace(fields, b"") + b"</serviceTask>"))
    for order in ("A-1", "A-2"):
        start_refund(app, order)
    while sweep_once(app):
        pass


def test_green_means_nothing_to_do(signed_in: SignIn) -> None:
    assert "nothing to do" in signed_in("otto", "operator").get("/operations").get_data(as_text=True)


def test_failures_are_grouped_by_cause_and_open_their_rows(signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    page = operator.get("/operations").get_data(as_text=True)
    assert "2 open" in page
    assert "nobody.does.this" in page
    rows = operator.get("/operations/failures?cause=unknown_topic&element=check&version_id=1").get_data(as_text=True)
    assert "Instance 1" in rows
    assert "Instance 2" in rows


def test_retrying_needs_a_reason_and_says_how_many(signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    group = {"cause": "unknown_topic", "element": "check", "version_id": "1"}
    assert operator.post("/operations/failures/retry", {**group, "reason": ""}).status_code == 400
    answer = operator.post("/operations/failures/retry", {**group, "reason": "worker added"}, follow_redirects=True)
    assert "2 are tried again now." in answer.get_data(as_text=True)


def test_one_failure_is_retried_from_its_instance(signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    assert "Failure at check" in operator.get("/instances/1").get_data(as_text=True)
    answer = operator.post("/operations/failures/1/retry", {"reason": "again", "next": "/instances/1"})
    assert answer.location == "/instances/1"
    assert operator.post("/operations/failures/1/retry", {"reason": "again"}).status_code == 409


def test_the_model_in_service_is_named_with_the_time_it_took_over(app: App, signed_in: SignIn) -> None:
    operator = signed_in("otto", "operator")
    shipped = json.loads((SHIPPED / "meta.json").read_text())
    page = operator.get("/operations").get_data(as_text=True)
    assert f"earshot-{shipped['version']}" in page
    assert "comes with Earshot" in page

    folder = app.settings.home / "classifier"
    folder.mkdir(parents=True)
    (folder / "config.cfg").touch()
    assert "no model" in operator.get("/operations").get_data(as_text=True)
    (folder / "meta.json").write_text('{"name": "earshot", "version": "1.trained"}')

    page = operator.get("/operations").get_data(as_text=True)
    assert "earshot-1.trained" in page
    assert "since <time" in page


def test_naming_the_model_loads_no_spacy() -> None:
    code = "import sys, web.operations; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_staff_may_not_operate(signed_in: SignIn, broken: None) -> None:
    staff = signed_in("stella", "staff")
    assert staff.get("/operations").status_code == 403
    assert staff.post("/operations/failures/1/retry", {"reason": "x"}).status_code == 403
