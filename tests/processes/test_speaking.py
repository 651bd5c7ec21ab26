"""Law 1 over processes: no model speaks freely to customers; what it may say by itself is a closed, labelled list."""

import pytest
from sqlalchemy import select

from bpm import feedback, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.api import BpmnError, JobCall
from bpm.engine.rules.message_kinds import AUTOMATIC
from bpm.feedback.models import FeedbackItem, OutboundMessage
from bpm.feedback.outbound import automatic_kinds, sweep_outbound
from bpm.foundation.errors import RefusedError
from tests.feedback.conftest import said
from tests.mail import fake_server
from tests.mail.conftest import with_server

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
 <process id="tell" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
 <serviceTask id="t" name="Tell the customer" %(attributes)s><extensionElements>%(inside)s
 </extensionElements></serviceTask>
 <sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>"""


def camunda(topic: str, kind: str = "") -> str:
    put = f'<camunda:inputParameter name="kind">{kind}</camunda:inputParameter>' if kind else ""
    attributes = f'camunda:type="external" camunda:topic="{topic}"'
    return MODEL % {"attributes": attributes, "inside": f"<camunda:inputOutput>{put}</camunda:inputOutput>"}


def zeebe(topic: str, source: str) -> str:
    mapping = f'<zeebe:ioMapping><zeebe:input source="{source}" target="kind"/></zeebe:ioMapping>'
    return MODEL % {"attributes": "", "inside": f'<zeebe:taskDefinition type="{topic}"/>{mapping}'}


@pytest.mark.parametrize(
    "model",
    [
        camunda("message.send", "conversation"),
        camunda("mail.gateway", "conversation"),
        camunda("conversation.send"),
        camunda("customer.reply"),
        camunda("sendReply"),
        zeebe("message.send", "=&quot;conversation&quot;"),
        camunda("message.send", "advertisement"),
        camunda("message.send", "${kind}"),
        camunda("message.send"),
    ],
)
def test_a_model_that_would_speak_unattended_is_refused_at_upload_by_its_elements_name(app: App, model: str) -> None:
    prepared = engine.check(model.encode(), "tell.bpmn")
    [finding] = [each for each in prepared.findings if each.severity == "error"]
    assert finding.code in {"speaks-unattended", "message-kind-unknown"}
    assert finding.element == "t"
    assert "Tell the customer" in finding.message
    assert "receipt, status, transaction" in finding.remedy
    with pytest.raises(RefusedError), app.unit_of_work() as work:
        engine.deploy(work, prepared)


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_automatic_kinds_are_taken_and_the_list_is_the_same_everywhere(kind: str) -> None:
    assert automatic_kinds() == AUTOMATIC
    for model in (
        camunda("message.send", kind),
        zeebe("message.send", f"=&quot;{kind}&quot;"),
        camunda("parcel.track"),
    ):
        assert not [each for each in engine.check(model.encode(), "t.bpmn").findings if each.severity == "error"]


def test_a_job_tells_something_automatic_once_and_says_so_and_never_holds_a_conversation(
    app: App,
) -> None:
    with fake_server.running() as box:
        house = with_server(app, box.port, smtp_from="Shop <post@shop.example>")
        with house.unit_of_work() as work:
            item = feedback.receive(work, said(author_email="jo@customer.example", subject="My order")).item_id
        payload = {"item_id": item, "kind": "status", "text": "Your parcel left the depot."}
        call = JobCall(1, 1, 1, "t", "message.send", payload, "job-1", 1)
        for _twice in range(2):
            with house.unit_of_work() as work:
                told = processes.SERVICE_TASKS["message.send"](work, call)  # type: ignore[operator]  # this one runs inside
        assert told["message_state"] == "created"
        sweep_outbound(house.unit_of_work)
        [mail] = box.mails()
        assert (
            "This is an automatic message about the state of your request." in mail.get_body(("plain",)).get_content()
        )  # type: ignore[union-attr]  # it has one
        assert mail["Auto-Submitted"] == "auto-generated"
        with house.unit_of_work.reading() as work:
            assert work.session.get_one(FeedbackItem, item).answered_at is None
        for wrong in ("conversation", "advertisement"):
            with pytest.raises(BpmnError), house.unit_of_work() as work:
                told = processes.SERVICE_TASKS["message.send"](  # type: ignore[operator]  # this one runs inside
                    work, JobCall(1, 1, 1, "t", "message.send", {**payload, "kind": wrong}, "job-2", 1)
                )
        with house.unit_of_work.reading() as work:
            assert [str(each) for each in work.session.scalars(select(OutboundMessage.kind))] == ["status"]
