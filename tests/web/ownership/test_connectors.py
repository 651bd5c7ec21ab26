"""IT connects tasks of systems without a new version, and puts none live alone."""

from collections.abc import Callable

from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import Job
from tests.web.conftest import Browser, content_of, put_live


def test_it_changes_how_a_task_of_a_system_is_connected_and_cannot_publish_alone(
    app: App, signed_in: Callable[..., Browser]
) -> None:
    task = (
        b'<serviceTask id="ask" name="Ask the bank" camunda:type="external" camunda:topic="bank.ask"/>'
        b'<sequenceFlow id="f1" sourceRef="begin" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask"'
        b' targetRef="done"/>'
    )
    head = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test"'
        b' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="bank" name="Bank" isExecutable="true">'
        b'<startEvent id="begin"/><endEvent id="done"/>'
    )
    source = head + task + b"</process></definitions>"
    put_live(app, source, "bank.bpmn")
    ian = signed_in("ian", "operator", "manager", groups=("it",))
    dora = signed_in("dora", "designer")
    assert "As the model says." in dora.see("/processes/bank/connectors")
    change = {"element": "ask", "topic": "bank.ask.v2", "retries": "7", "retry_in": "pt1m, pt10m", "reason": "Moved."}
    assert dora.post("/processes/bank/connectors", change).status_code == 403
    for wrong in ({"retries": "no"}, {"retry_in": "soon"}, {"topic": "a b"}, {"reason": " "}, {"element": "done"}):
        assert ian.post("/processes/bank/connectors", {**change, **wrong}).status_code == 400
    page = ian.do("/processes/bank/connectors", change)
    assert "no version was changed" in page
    assert "topic bank.ask.v2 instead" in page
    with app.unit_of_work() as work:
        case = engine.start(work, "bank", {}).id
    with app.unit_of_work.reading() as work:
        job = work.session.scalars(select(Job).where(Job.instance_id == case)).one()
        assert (job.topic, job.retries, job.retry_in) == ("bank.ask.v2", 7, "PT1M,PT10M")
    # A next version: IT signs for itself, and neither that nor its right to operate puts it live.
    with app.unit_of_work() as work:
        version = engine.deploy(work, engine.check(source.replace(b"Ask the bank", b"Ask it"), "bank.bpmn")).id
    signed = {"department": "it", "content": content_of(app, version)}
    assert "signed" in ian.do(f"/processes/versions/{version}/signatures", signed)
    for other in ("marketing", "operations"):
        assert ian.post(f"/processes/versions/{version}/signatures", {**signed, "department": other}).status_code == 403
    assert ian.post(f"/processes/versions/{version}/live").status_code == 403
    page = dora.do(f"/processes/versions/{version}/live")
    assert "marketing has not signed." in page
    # The new version keeps how its task is connected.
    with app.unit_of_work() as work:
        for department in ("marketing", "operations"):
            engine.sign(work, version, department, method="console")
        engine.go_live(work, version)
        case = engine.start(work, "bank", {}).id
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Job.retries).where(Job.instance_id == case)).one() == 7
    ian.do("/processes/bank/connectors", {"element": "ask", "reason": "As before."})
    with app.unit_of_work() as work:
        case = engine.start(work, "bank", {}).id
        assert work.session.scalars(select(Job.topic).where(Job.instance_id == case)).one() == "bank.ask"
