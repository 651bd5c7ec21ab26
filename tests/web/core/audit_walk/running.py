"""Walks through processes, tasks and operations."""

import io
import re

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback.triage.corrections import put_off_reading
from bpm.processes import rollouts
from bpm.worker import sweep_once
from tests.engine.migration.test_migration import WITHOUT_B
from tests.engine.models import TWO_TASKS, begin, go_live
from tests.web.conftest import REFUND, content_of, put_live
from tests.web.core.audit_walk.walk import Walk, hear, uid_of


def deploy_and_run(app: App, walk: Walk) -> None:
    review = walk.post("/processes/uploads", {"file": (io.BytesIO(REFUND), "refund.bpmn")}).location
    walk.post(f"{review}/deploy", {"key": "refund", "note": "First"})
    mine = {"department": "marketing", "content": content_of(app)}
    walk.post("/processes/versions/1/signatures", mine)
    walk.post("/processes/versions/1/signatures/withdrawal", {"department": "marketing", "reason": "Not yet."})
    walk.post("/processes/versions/1/changes-wanted", {**mine, "comment": "Say it shorter."})
    walk.post("/processes/versions/1/signatures", mine)
    walk.post("/processes/refund/departments", {"department": ["it", "marketing"], "reason": "The two run it."})
    with app.unit_of_work() as work:
        engine.sign(work, 1, "it", method="console")
    walk.post("/processes/versions/1/live")
    walk.post("/processes/refund/start", {"order": "A-1", "business_key": "A-1"})
    walk.post("/processes/versions/1/retention", {"days": "400", "reason": "The contract says so."})


def work_at_tasks(app: App, walk: Walk) -> None:
    walk.post("/tasks/1/claim")
    walk.post("/tasks/1/release")
    walk.post("/tasks/1/assignee", {"to": "person:stella"})
    walk.post("/tasks/1/completion", {"approved": "true", "amount": "20"})


def repair(app: App, walk: Walk) -> None:
    with app.unit_of_work() as work:
        case = engine.start(work, "refund", {"order": "A-2"}, business_key="A-2").id
        other = engine.start(work, "refund", {"order": "A-3"}, business_key="A-3").id
    page = f"/instances/{case}"
    walk.post(f"{page}/variables", {"free values": "order = A-9", "reason": "Typed wrong."})
    walk.post(f"{page}/suspension", {"reason": "Look."})
    walk.post(f"{page}/resumption", {"reason": "Seen."})
    walk.post(f"{page}/moves", {"visit": uid_of(walk.browser, page), "to": "pay", "reason": "Checked."})
    page = f"/instances/{other}"
    walk.post(f"{page}/skips", {"visit": uid_of(walk.browser, page), "reason": "No need.", "free values": "amount = 5"})
    walk.post(f"{page}/cancellation", {"reason": "Doubled."})
    walk.post("/processes/refund/retirement")


def operate_many(app: App, walk: Walk) -> None:
    fail(app)
    retried, skipped = failures(app)[:2]
    walk.post(f"/operations/failures/{retried}/retry", {"reason": "again"})
    walk.post(f"/operations/failures/{skipped}/skip", {"reason": "By hand.", "free values": ""})
    go_live(app, TWO_TASKS)
    first, second = begin(app, "two"), begin(app, "two")
    order = {"act": "suspend", "status": "active", "version_id": str(version_of(app, first)), "reason": "Stock-taking."}
    walk.post("/operations/batches/forecast", order, status=(200,))
    walk.post("/operations/batches", order)
    for turn in ("pause", "resume", "stop"):
        walk.post(f"/operations/batches/1/{turn}")
    with app.unit_of_work() as work:
        engine.cancel(work, first, reason="Wrong.")
    again = {"cases": str(first), "before": "A", "with": "last", "free values": "", "reason": "Once more."}
    walk.post("/operations/batches/restart/forecast", again, status=(200,))
    walk.post("/operations/batches/restart", again)
    engine.sweep_batches(app.unit_of_work)
    walk.post("/operations/batches/2/undo")
    item = hear(app, "Unreadable.")
    with app.unit_of_work() as work:
        put_off_reading(work, item, "it broke")
    walk.post("/operations/unreadable")
    go_live(app, WITHOUT_B)
    walk.post(
        f"/processes/two/migration?from=1&instance={second}", {"act": "go", "reason": "Better."}, status=(200, 303)
    )


def fail(app: App) -> None:
    """Two cases whose first task asks for a worker that nobody wrote."""
    task = re.search(rb'<userTask id="check".*?</userTask>', REFUND, re.DOTALL)
    assert task
    lost = b'<serviceTask id="check" camunda:type="external" camunda:topic="nobody.does.this">'
    flows = b"".join(re.findall(rb"<(?:incoming|outgoing)>.*?</(?:incoming|outgoing)>", task.group()))
    source = REFUND.replace(task.group(), lost + flows + b"</serviceTask>").replace(b'id="refund"', b'id="lost"')
    put_live(app, source.replace(b'bpmnElement="refund"', b'bpmnElement="lost"'), "lost.bpmn")
    for _ in range(2):
        with app.unit_of_work() as work:
            engine.start(work, "lost", {"order": "L-1"})
    while sweep_once(app):
        pass


def failures(app: App) -> list[int]:
    with app.unit_of_work.reading() as work:
        return [row.id for row in engine_queries.list_failures(work, limit=9) if row.cause == "unknown_topic"]


def version_of(app: App, instance_id: int) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.get_one(ProcessInstance, instance_id).version_id


def roll_out(app: App, walk: Walk) -> None:
    """An A/A test of a process that is live, ramped, paused, refused, stopped; and another one, decided."""
    with app.unit_of_work.reading() as work:
        live = engine_queries.get_definition(work, "two").live_version_id
    wish = {"candidate": str(live), "how": "share:case", "steps": "20, 50, 60", "stop_after": "600"}
    walk.post("/processes/two/rollout", wish)
    with app.unit_of_work() as work:
        rollouts.ask_step(work, 1, "Nothing broke.")
    walk.post("/rollouts/1/approval")
    walk.post("/rollouts/1/step", {"reason": "Still nothing."})
    walk.post("/rollouts/1/refusal", {"reason": "Not on a holiday."})
    walk.post("/rollouts/1/pause", {"reason": "A look."})
    walk.post("/rollouts/1/resume", {"reason": "Seen."})
    walk.post("/rollouts/1/stop", {"reason": "It lost an order.", "rest": "finish"})
    walk.post("/processes/two/rollout", wish)
    walk.post("/rollouts/2/decision", {"outcome": "withdraw", "reason": "Only chance told them apart."})
