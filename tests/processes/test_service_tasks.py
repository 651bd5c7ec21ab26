"""What jobs do between engine and feedback: bounded, once, and never a word to a customer by themselves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bpm import identity, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.api import BpmnError, JobCall
from bpm.feedback.models import Decision, FeedbackItem, Reply
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.foundation.work import Actor
from bpm.notices.models import PersonNotice
from bpm.processes import SERVICE_TASKS, queries
from bpm.processes.models import Improvement, Recognition, ReplyDraft
from bpm.processes.praise import list_praise, most_praised
from bpm.processes.service_tasks.tracking_lookup import tracking_state
from tests.processes.conftest import GoLive, Say, make_person
from tests.processes.models import CARE, HEAD


def serving(topic: str) -> bytes:
    """A process with one user task and then one job of that topic."""
    return (
        HEAD
        + f"""<process id="serves" name="Serves" isExecutable="true">
  <startEvent id="begun"/>
  <sequenceFlow id="f1" sourceRef="begun" targetRef="decide"/>
  <userTask id="decide" name="Decide" camunda:candidateGroups="service"/>
  <sequenceFlow id="f2" sourceRef="decide" targetRef="job"/>
  <serviceTask id="job" name="Job" camunda:type="external" camunda:topic="{topic}"/>
  <sequenceFlow id="f3" sourceRef="job" targetRef="over"/>
  <endEvent id="over"/>
</process></definitions>"""
    ).encode()


@pytest.fixture
def call(app: App, go_live: GoLive, trigger: Callable[..., int], say: Say) -> Callable[..., Any]:
    """Runs one topic as a job of an instance that an item started; gives what the job found out."""
    go_live(CARE, "care")
    trigger(while_running="start")

    def run(topic: str, *, item_id: int | None = None, times: int = 1, **payload: Any) -> Any:
        item = item_id if item_id is not None else say()
        with app.unit_of_work.reading() as work:
            (link,) = queries.item_links(work, item)
        assert link.instance_id is not None
        told = JobCall(1, link.instance_id, link.version_id, "job", topic, payload, f"job-{link.instance_id}", 1)
        for _ in range(times):
            with app.unit_of_work() as work:
                found = SERVICE_TASKS[topic](work, told)
        return found

    return run


def test_a_decision_made_in_a_form_is_kept_as_that_persons_decision(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor
) -> None:
    go_live(serving("feedback.decide"), "serves")
    trigger("serves")
    item_id = say()
    with app.unit_of_work(advocate) as work:
        (row,) = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows
        engine.complete(work, row.id, {"decision": "do", "reason": "We send a new one."})

    while engine.sweep_jobs(app.unit_of_work, SERVICE_TASKS):
        pass

    with app.unit_of_work.reading() as work:
        (kept,) = work.session.scalars(select(Decision).where(Decision.item_id == item_id)).all()
        (link,) = queries.item_links(work, item_id)
        assert (kept.decision, kept.reason, kept.user_id) == ("do", "We send a new one.", advocate.user_id)
    assert link.instance_status == "completed"


def test_a_decision_run_twice_is_written_once(app: App, call: Callable[..., Any]) -> None:
    call("feedback.decide", times=2, decision="no", reason="Out of stock for good.")

    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Decision)) == 1


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("feedback.decide", {"decision": "maybe"}),
        ("feedback.distribute", {}),
        ("feedback.link_instance", {}),
        ("incident.notify_linked", {}),
        ("recognition.record", {"recipient": ""}),
        ("improvement.record", {}),
    ],
)
def test_what_is_missing_is_a_bpmn_error_the_model_may_catch(
    call: Callable[..., Any], topic: str, payload: dict[str, Any]
) -> None:
    with pytest.raises(BpmnError) as error:
        call(topic, **payload)

    assert error.value.code == "bad_input"


def test_a_group_gets_the_item_once(app: App, call: Callable[..., Any], say: Say) -> None:
    with app.unit_of_work() as work:
        identity.ensure_group(work, "it")
    item_id = say()

    told = call("feedback.distribute", item_id=item_id, times=2, group_key="it")
    assert told == {"distributed_to": "it", "handed_over_key": str(item_id)}

    with app.unit_of_work.reading() as work:
        item = work.session.get(FeedbackItem, item_id)
        assert item is not None
        assert item.distributed_to == "it"


def test_the_customer_is_known_with_their_other_contacts(
    app: App, call: Callable[..., Any], say: Say, clock: FixedClock
) -> None:
    say("First.", "question", author_email="ada@example.org")
    clock.advance(timedelta(hours=1))
    item_id = say("Second.", author_email="ada@example.org", channel="chat", source="chat")

    found = call("customer.lookup", item_id=item_id)

    assert (found["customer_name"], found["contacts_90_days"], found["unanswered"]) == ("Ada", 2, 2)
    assert found["channels_used"] == ["chat", "email"]
    assert found["customer_facts"][0] == "Contact number 2 in 90 days, by chat, email."


def test_items_of_one_outage_are_linked_to_one_case_and_old_ones_are_not(
    call: Callable[..., Any], say: Say, clock: FixedClock
) -> None:
    say("Down!", "outage_report", said_at=clock.now() - timedelta(hours=30))
    for _ in range(3):
        say("Down!", "outage_report")
    item_id = say()

    found = call("feedback.link_instance", item_id=item_id, times=2, link_kind="outage_report")

    assert found == {"linked_items": 4, "newly_linked": 0}


@pytest.mark.both_databases
def test_an_update_is_drafted_once_a_conversation_for_a_named_person_who_sends_it(
    app: App, call: Callable[..., Any], say: Say, advocate: Actor
) -> None:
    say("Down!", "outage_report", author_email="ada@example.org")
    say("Still down!", "outage_report", author_email="ada@example.org")
    say("Down here too.", "outage_report")
    item_id = say()
    call("feedback.link_instance", item_id=item_id, link_kind="outage_report")

    found = call("incident.notify_linked", item_id=item_id, times=2, update_text="It is back.", notify_by="maya")

    assert found == {"drafts_prepared": 3, "drafts_for": "Maya"}
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Reply)) == 0
        drafts = queries.list_drafts(work, user_id=advocate.user_id)
    assert [draft.text for draft in drafts] == ["It is back."] * 3

    stranger = make_person(app, "carl", "advocate")
    with app.unit_of_work(stranger) as work, pytest.raises(ForbiddenError):
        processes.send_draft(work, drafts[0].id)
    with app.unit_of_work(advocate) as work:
        processes.send_draft(work, drafts[0].id, text="It is back, sorry for the trouble.")
        processes.drop_draft(work, drafts[1].id)
    with app.unit_of_work(advocate) as work, pytest.raises(ConflictError):
        processes.send_draft(work, drafts[0].id)
    with app.unit_of_work.reading() as work:
        (reply,) = work.session.scalars(select(Reply)).all()
        statuses = sorted(work.session.scalars(select(ReplyDraft.status)))
        assert (reply.text, reply.author_user_id) == ("It is back, sorry for the trouble.", advocate.user_id)
    assert statuses == ["dropped", "sent", "waiting"]


def test_nobody_who_may_not_answer_gets_a_draft(app: App, call: Callable[..., Any]) -> None:
    make_person(app, "ivan", "designer", "it")

    with pytest.raises(BpmnError, match="may not answer"):
        call("incident.notify_linked", update_text="It is back.", notify_by="ivan")


def test_praise_is_recorded_for_each_who_earned_it_and_reaches_them_once(
    app: App, call: Callable[..., Any], advocate: Actor
) -> None:
    call("recognition.record", times=2, recipient=[advocate.name, "operations"], note="Stayed late.")

    with app.unit_of_work.reading() as work:
        assert sorted(work.session.scalars(select(Recognition.recipient))) == sorted([advocate.name, "operations"])
        (mine,) = list_praise(work, recipients={advocate.name}).rows
        assert (mine.words, mine.note) == ("My parcel never came.", "Stayed late.")
        assert [each.recipient for each in most_praised(work)] == sorted([advocate.name, "operations"])
        assert len(list_praise(work, limit=1).rows) == 1
        told = work.session.execute(
            select(PersonNotice.user_id, PersonNotice.subject, PersonNotice.link, PersonNotice.count)
        ).all()
        item = work.session.scalars(select(Recognition.item_id)).first()
    said = "Ada praised you: “My parcel never came.”"
    assert told == [(advocate.user_id, said, f"/praise?whom=me#praise-{item}", 1)]


def test_an_improvement_is_proposed_once_for_the_process_that_taught_it(app: App, call: Callable[..., Any]) -> None:
    found = call("improvement.record", times=2, improvement_title="Look at the tracking before calling")

    with app.unit_of_work.reading() as work:
        (improvement,) = work.session.scalars(select(Improvement)).all()
        assert found == {"improvement_id": improvement.id}
        assert (improvement.definition_key, improvement.status) == ("care", "proposed")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("Received at warehouse 4", "received"),
        ("DELIVERED", "received"),
        ("Not yet delivered", "in_transit"),
        ("In transit to Leeds", "in_transit"),
        ("Label printed", "unknown"),
        ("", "unknown"),
    ],
)
def test_tracking_is_read_with_its_denials(status: str, state: str) -> None:
    assert tracking_state(status) == state


def test_the_newest_tracking_event_decides_whether_a_call_is_needed(call: Callable[..., Any]) -> None:
    events = [
        {"at": "2026-02-27T10:00:00Z", "status": "Received at warehouse"},
        {"at": "2026-02-25T10:00:00Z", "status": "In transit"},
    ]

    found = call("tracking.lookup", tracking_events=events)

    assert (found["tracking_state"], found["call_needed"]) == ("received", False)
    assert call("tracking.lookup")["call_needed"] is True
