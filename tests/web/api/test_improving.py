"""Programs start and stop rollouts, and lay questions down: the same rules, rows and words as on the pages."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from bpm import audit
from bpm.app import App
from bpm.audit import Filters
from bpm.engine import api as engine
from bpm.foundation.clock import FixedClock
from tests.web.api.test_v1 import Program, program
from tests.web.conftest import REFUND, Browser, put_live, start_refund

__all__ = ["program"]


def second_version(app: App) -> None:
    prepared = engine.check(REFUND.replace(b"Paid", b"Paid out"), "refund.bpmn")
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, note="")
        for department in app.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")


def test_a_program_rolls_out_asks_and_reads_as_its_person_may(
    app: App, web: Flask, signed_in: Callable[..., Browser], program: Callable[..., Program], clock: FixedClock
) -> None:
    put_live(app)
    second_version(app)
    signed_in("dora", "designer", "manager")
    dora = program("dora", "processes.deploy", "processes.see", "insights.see")
    reader = program("dora", "processes.see", "insights.see")

    wish = {"version": 2, "way": "share", "unit": "team", "variable": "order", "steps": [0.5, 0.8], "stop_after": 400}
    wrong = dora.post("/processes/refund/rollouts", {**wish, "variable": "customer.name", "colour": "red"})
    assert wrong.status_code == 400
    assert "colour" in wrong.get_json()["fields"]
    wrong = dora.post("/processes/refund/rollouts", {**wish, "variable": "customer.name"})
    assert "customer.stage" in wrong.get_json()["fields"]["variable"]
    assert dora.post("/processes/refund/rollouts", {**wish, "version": 9}).get_json()["fields"]["version"]
    assert reader.post("/processes/refund/rollouts", wish).status_code == 403
    begun = dora.post("/processes/refund/rollouts", wish)
    assert (begun.status_code, begun.get_json()["versions"]) == (201, {"control": 1, "candidate": 2})
    for number in range(8):
        start_refund(app, f"A-{number % 4}")
    told = reader.get("/rollouts/1").get_json()
    assert sum(arm["started"] for arm in told["arms"].values()) == 8
    assert sum(arm["units"] for arm in told["arms"].values()) == 4, "one lot for each value of the variable"
    assert reader.get("/processes/refund/rollouts").get_json()["rollouts"][0]["status"] == "running"

    start = clock.now() + timedelta(hours=1)
    question = {
        "title": "Paid out", "measure": "rework", "smallest": 0.05, "design": "randomised", "old": 1, "new": 2,
        "rollout": 1, "per_arm": 40, "starts_at": start.isoformat(),
        "last_day": f"{start + timedelta(days=60):%Y-%m-%d}", "guards": {"waiting": 2.0}, "controls": ["work"],
    }  # fmt: skip
    refused = dora.post("/processes/refund/verdicts", {**question, "smallest": 3, "old": 7})
    assert set(refused.get_json()["fields"]) == {"old"}
    assert "last_day" in dora.post("/processes/refund/verdicts", {**question, "last_day": "soon"}).get_json()["fields"]
    for wrong in ({"starts_at": "0001-01-01T00:00+14:00"}, {"starts_at": "9999-12-31T23:59-12:00"}, {"looks": 2**70}):
        refused = dora.post("/processes/refund/verdicts", {**question, **wrong})
        assert (refused.status_code, set(refused.get_json()["fields"])) == (400, set(wrong))
    assert "colour" in reader.get("/processes/refund/measures?colour=red").get_json()["fields"]
    made = dora.post("/processes/refund/verdicts", question)
    assert made.status_code == 201, made.get_json()
    asked = made.get_json()
    assert (asked["state"], asked["verdict"], asked["genuine"], asked["direction"]) == (
        "registered",
        None,
        True,
        "lower",
    )
    later = f"{start + timedelta(days=90):%Y-%m-%d}"
    assert (
        dora.post("/verdicts/1/last-day", {"last_day": later, "reason": "Few cases."}).get_json()["last_day"] == later
    )
    assert dora.post("/verdicts/1/decision", {"choice": "keep_new", "reason": "Now."}).status_code == 409
    assert reader.get("/processes/refund/verdicts").get_json()["verdicts"][0]["id"] == 1
    assert dora.post("/verdicts/1/withdraw", {"reason": "Enough."}).get_json()["state"] == "withdrawn"

    assert dora.post("/rollouts/1/step", {"reason": "Well."}).get_json()["waits_for_second_person"] == "step"
    assert dora.post("/rollouts/1/pause", {"reason": "A look."}).get_json()["status"] == "paused"
    assert dora.post("/rollouts/1/resume", {}).get_json()["status"] == "running"
    assert "outcome" in dora.post("/rollouts/1/decision", {"outcome": "maybe"}).get_json()["fields"]
    assert "rest" in dora.post("/rollouts/1/stop", {"reason": "x", "rest": "burn"}).get_json()["fields"]
    assert dora.post("/rollouts/1/stop", {"reason": "It lost an order."}).get_json()["status"] == "stopped"
    with app.unit_of_work.reading() as work:
        verbs = {row.verb for row in audit.list_rows(work, Filters(), limit=200).rows if row.who.lower() == "dora"}
    assert {"rollout.started", "rollout.stopped", "verdict.register", "verdict.amend"} <= verbs
