"""The operator sees what needs a hand and acts on it, always with a reason."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback.classification.in_service import SHIPPED
from bpm.feedback.triage.corrections import put_off_reading
from bpm.foundation.clock import FixedClock
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
    assert "nothing to do" in signed_in("otto", "operator").see("/operations")


def test_failures_are_grouped_by_cause_and_open_their_rows(signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    page = operator.see("/operations")
    assert "2 open" in page
    assert "nobody.does.this" in page
    assert "Refund, version 1" in page  # as people call it, not by its key
    assert operator.get("/operations/failures").location == "/operations", "the list of the groups"
    rows = operator.see("/operations/failures?cause=unknown_topic&element=check&version_id=1")
    assert "Case 1" in rows
    assert "Case 2" in rows


GROUP = {"cause": "unknown_topic", "element": "check", "version_id": "1"}


def test_a_group_is_forecast_then_retried_as_a_batch_and_followed_to_its_end(
    app: App, signed_in: SignIn, broken: None
) -> None:
    operator = signed_in("otto", "operator")
    chooser = operator.see("/operations/batches/new", query_string=GROUP)
    assert "Act on 2 failures" in chooser
    assert not chooser.has("button", "Begin")
    order = {**GROUP, "act": "skip", "free values": "checked = true"}
    forecast = operator.do("/operations/batches/forecast", {**order, "reason": ""})
    assert "2 would be done" in forecast
    assert "2 would fail next" in forecast
    assert "There is no variable approved" in forecast
    assert forecast.has("button", "Begin")
    assert operator.get("/operations/batches/1").status_code == 404
    assert operator.post("/operations/batches", {**order, "reason": " "}).status_code == 400
    begun = operator.post("/operations/batches", {**order, "reason": "Checked by hand."})
    assert begun.location == "/operations/batches/1"
    assert "running" in operator.see("/operations/batches/1")
    while sweep_once(app):
        pass
    page = operator.see("/operations/batches/1?status=done")
    assert "Skip 2" in page
    assert "Checked by hand." in page
    assert "Instance 2" in page
    assert "unknown topic" not in operator.see("/operations")
    assert "Checked by hand." in operator.see("/instances/1")


def test_a_forecast_says_how_many_are_refused_and_why(app: App, signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    with app.unit_of_work() as work:
        engine.suspend(work, 1, reason="Look into it.")
    page = operator.do("/operations/batches/forecast", {**GROUP, "act": "retry"})
    assert "1 would be done" in page
    assert "1 would be refused" in page
    assert "Instance 1 is suspended" in page


def test_a_batch_is_paused_resumed_and_stopped(app: App, signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    operator.post("/operations/batches", {**GROUP, "act": "cancel", "reason": "No more."})
    assert operator.post("/operations/batches/1/pause").status_code == 303
    page = operator.see("/operations/batches/1")
    assert page.has("button", "Resume")
    assert sweep_once(app) == 0
    assert operator.post("/operations/batches/1/resume").status_code == 303
    assert operator.post("/operations/batches/1/stop").status_code == 303
    assert operator.post("/operations/batches/1/stop").status_code == 409
    assert "not done" in operator.see("/operations/batches/1")
    assert "Cancel 2" in operator.see("/operations/batches")


def test_the_instances_of_a_version_are_acted_on_together(app: App, signed_in: SignIn, refund: int) -> None:
    start_refund(app, "A-1")
    start_refund(app, "A-2")
    operator = signed_in("otto", "operator")
    chosen = {"version_id": str(refund), "status": "active"}
    assert "Act on 2 active instances" in operator.see("/operations/batches/new", query_string=chosen)
    operator.post("/operations/batches", {**chosen, "act": "suspend", "reason": "Stock-taking."})
    sweep_once(app)
    page = operator.see("/instances/2")
    assert "suspended" in page


def test_tokens_of_many_instances_are_moved_together(app: App, signed_in: SignIn, refund: int) -> None:
    start_refund(app, "A-1")
    start_refund(app, "A-2")
    operator = signed_in("otto", "operator")
    assert "2 active" in operator.see("/operations/batches")
    order = {"version_id": str(refund), "status": "active", "element": "check", "act": "move", "to": "pay"}
    assert "2 would be done" in operator.do("/operations/batches/forecast", order)
    assert operator.post("/operations/batches", {**order, "to": "", "reason": "Checked."}).status_code == 400
    assert operator.post("/operations/batches", {**order, "reason": "Checked."}).status_code == 303
    sweep_once(app)
    page = operator.see("/operations/batches/1")
    assert "Move 2" in page
    assert "from check to pay" in operator.see("/instances/2")


@pytest.mark.parametrize(
    "wrong",
    [{"version_id": "x"}, {"version_id": "1", "status": "gone"}, {"version_id": "1", "act": "explode"}],
)
def test_an_order_that_names_nobody_or_nothing_is_refused(
    signed_in: SignIn, refund: int, wrong: dict[str, str]
) -> None:
    operator = signed_in("otto", "operator")
    answer = operator.post("/operations/batches", {"act": "cancel", "reason": "why", **wrong})
    assert answer.status_code == 400


def test_one_failure_is_skipped_with_values_of_the_operators_own(app: App, signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    sent = {"reason": "Done by phone.", "free values": "amount = 7", "next": "/instances/1"}
    assert operator.post("/operations/failures/1/skip", {**sent, "free values": "no sign"}).status_code == 400
    assert operator.post("/operations/failures/1/skip", sent).location == "/instances/1"
    page = operator.see("/instances/1")
    assert "Failure at check" not in page
    assert "Done by phone." in page


def test_what_does_not_move_is_shown_with_what_to_do(app: App, signed_in: SignIn, refund: int) -> None:
    start_refund(app, "A-1")
    page = signed_in("otto", "operator").see("/operations")
    assert "Nothing moves" in page
    assert "has no members" in page
    assert "nothing to do" not in page


def test_what_does_not_move_is_looked_for_once_a_minute_at_most(
    app: App, clock: FixedClock, signed_in: SignIn, refund: int
) -> None:
    operator = signed_in("otto", "operator")
    assert "nothing to do" in operator.see("/operations")
    start_refund(app, "A-1")
    assert "has no members" not in operator.see("/operations")
    clock.advance(timedelta(minutes=1))
    assert "has no members" in operator.see("/operations")


def test_items_that_broke_their_reading_are_shown_and_read_again(app: App, signed_in: SignIn) -> None:
    with app.unit_of_work() as work:
        item = feedback.receive(work, feedback.RawItem(channel="email", source="mail", text="It never came."))
        put_off_reading(work, item.item_id, "ValueError: nobody foresaw this")
    operator = signed_in("otto", "operator")
    assert "nobody foresaw this" in operator.see("/operations")
    answer = operator.do("/operations/unreadable")
    assert "1 items are read again now." in answer


def test_one_failure_is_retried_from_its_instance(signed_in: SignIn, broken: None) -> None:
    operator = signed_in("otto", "operator")
    assert "Failure at check" in operator.see("/instances/1")
    answer = operator.post("/operations/failures/1/retry", {"reason": "again", "next": "/instances/1"})
    assert answer.location == "/instances/1"
    assert operator.post("/operations/failures/1/retry", {"reason": "again"}).status_code == 409


def test_the_model_in_service_is_named_with_the_time_it_took_over(app: App, signed_in: SignIn) -> None:
    operator = signed_in("otto", "operator")
    shipped = json.loads((SHIPPED / "meta.json").read_text())
    page = operator.see("/operations")
    assert f"earshot-{shipped['version']}" in page
    assert "comes with Earshot" in page

    folder = app.settings.home / "classifier"
    folder.mkdir(parents=True)
    (folder / "config.cfg").touch()
    assert "no model" in operator.see("/operations")
    (folder / "meta.json").write_text('{"name": "earshot", "version": "1.trained"}')

    page = operator.see("/operations")
    assert "earshot-1.trained" in page
    assert re.search(r"earshot-1\.trained since (?!comes)\S+", page.words), page


def test_naming_the_model_loads_no_spacy() -> None:
    code = "import sys, web.operations; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_staff_may_not_operate(signed_in: SignIn, broken: None) -> None:
    staff = signed_in("stella", "staff")
    assert staff.get("/operations").status_code == 403
    for path in ("/operations/failures/1/retry", "/operations/failures/1/skip", "/operations/batches"):
        assert staff.post(path, {**GROUP, "act": "cancel", "reason": "x"}).status_code == 403
