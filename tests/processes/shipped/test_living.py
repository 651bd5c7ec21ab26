"""The processes that ship, alive with the store, the triggers and the real jobs."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.feedback.models import Decision, Distribution, Reply
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.settings import Settings
from bpm.foundation.work import Actor
from bpm.processes import SERVICE_TASKS, catalogue
from bpm.processes import queries as process_queries
from bpm.processes.models import Improvement, Recognition, ReplyDraft
from tests.conftest import MONDAY
from tests.processes.conftest import Say, make_person
from tests.processes.shipped.folders import GROUPS, KEYS, SHIPPED


@pytest.fixture(scope="session")
def sqlite_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty database with all processes live in it: deploying them once is faster than for every test."""
    home = tmp_path_factory.mktemp("shipped")
    (home / "earshot.db").write_bytes(sqlite_template.read_bytes())
    app = build(Settings(home=home), clock=FixedClock(MONDAY))
    catalogue.deploy_all(app.unit_of_work, SHIPPED)
    app.database.dispose()
    return home / "earshot.db"


@pytest.fixture
def alive(app: App) -> App:
    return app


@pytest.fixture
def staff(alive: App) -> Actor:
    return make_person(alive, "maya", "advocate", *sorted(GROUPS))


def work_off(app: App) -> None:
    """Timers that are due and jobs that are ready, until nothing is left."""
    while engine.sweep_timers(app.unit_of_work) + engine.sweep_jobs(app.unit_of_work, SERVICE_TASKS):
        pass


def open_work(app: App, staff: Actor) -> dict[str, tuple[int, int]]:
    """Element -> (work item, instance)."""
    with app.unit_of_work.reading(staff) as work:
        rows = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows
    return {row.element: (row.id, row.instance_id) for row in rows}


def complete(app: App, staff: Actor, element: str, **values: Any) -> int:
    work_off(app)
    item_id, instance_id = open_work(app, staff)[element]
    with app.unit_of_work(staff) as work:
        engine.complete(work, item_id, values)
    work_off(app)
    return instance_id


def failures(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return [f"{row.element}: {row.message}" for row in engine_queries.list_failures(work)]


def variables(app: App, instance_id: int) -> dict[str, Any]:
    with app.unit_of_work.reading() as work:
        return dict(engine_queries.get_instance(work, instance_id).variables)


def status(app: App, instance_id: int) -> str:
    with app.unit_of_work.reading() as work:
        return str(engine_queries.get_instance(work, instance_id).row.status)


def test_all_of_them_go_live_with_their_triggers_on(alive: App) -> None:
    with alive.unit_of_work.reading() as work:
        live = {row.key for row in engine_queries.list_definitions(work) if row.live_version_id is not None}
        switched = [trigger.active for trigger in process_queries.list_triggers(work)]

    assert live == set(KEYS)
    assert switched
    assert all(switched)


def test_a_complaint_by_mail_runs_to_its_decision_in_the_name_of_a_person(
    alive: App, staff: Actor, say: Say, clock: FixedClock
) -> None:
    item_id = say(text="My parcel never came and nobody answers.")
    work_off(alive)
    assert set(open_work(alive, staff)) == {"acknowledge_complaint"}

    complete(alive, staff, "acknowledge_complaint", matter="Not delivered.", harm="time",
             departments=["operations", "it"], answered="replied")  # fmt: skip
    complete(alive, staff, "put_order_right", operations_result="Sent again.", cause="carrier")
    complete(alive, staff, "fix_fault", it_result="Mail is sent again.", widespread=False)
    instance_id = complete(alive, staff, "tell_outcome", decision="do", reason="Sent again by express.",
                           answered="replied", improvement_title="Tell the delivery day")  # fmt: skip
    clock.advance(timedelta(days=7))
    work_off(alive)

    assert failures(alive) == []
    assert status(alive, instance_id) == "completed"
    with alive.unit_of_work.reading() as work:
        (kept,) = work.session.query(Decision).all()
        (improvement,) = work.session.query(Improvement).all()
        assert (kept.item_id, kept.decision, kept.user_id) == (item_id, "do", staff.user_id)
        assert (improvement.title, improvement.definition_key) == ("Tell the delivery day", "complaint_to_resolution")
        assert work.session.query(Reply).count() == 0


def test_a_second_mail_of_the_customer_reaches_the_open_case_and_the_first_does_not(
    alive: App, staff: Actor, say: Say
) -> None:
    same = {"author_email": "ada@example.org", "thread_key": "thread-1"}
    say(text="My parcel never came.", **same)
    work_off(alive)
    assert set(open_work(alive, staff)) == {"acknowledge_complaint"}

    say(text="Still nothing, what is going on?", **same)
    work_off(alive)

    assert set(open_work(alive, staff)) == {"acknowledge_complaint", "answer_again"}
    assert len({instance for _item, instance in open_work(alive, staff).values()}) == 1


def test_a_fault_that_hits_others_opens_an_incident_of_the_complaints_topic_or_joins_it(
    alive: App, staff: Actor, say: Say
) -> None:
    say(text="I cannot pay.", topic="payment")
    for _round in range(2):
        complete(alive, staff, "acknowledge_complaint", matter="Cannot pay.", harm="time", departments=["it"],
                 answered="replied")  # fmt: skip
        complete(alive, staff, "fix_fault", it_result="The payment page is down.", widespread=True)
        say(text="Paying fails.", topic="payment", author_email=f"other{_round}@example.org")

    assert failures(alive) == []
    with alive.unit_of_work.reading() as work:
        assert len(engine_queries.list_instances(work, key="outage").rows) == 1


def test_an_objection_after_the_outcome_opens_the_matter_again(
    alive: App, staff: Actor, say: Say, clock: FixedClock
) -> None:
    same = {"author_email": "ada@example.org", "thread_key": "thread-1"}
    say(text="My parcel never came.", **same)
    complete(alive, staff, "acknowledge_complaint", matter="Not delivered.", harm="time", departments=["service"],
             answered="replied")  # fmt: skip
    complete(alive, staff, "resolve_in_service", service_result="Explained.")
    complete(alive, staff, "tell_outcome", decision="no", reason="It was delivered.", answered="replied")
    clock.advance(timedelta(days=2))
    say(text="No, it was not delivered!", **same)
    complete(alive, staff, "answer_again", said="objects", reopened=True, answered="replied")

    assert failures(alive) == []
    assert set(open_work(alive, staff)) == {"acknowledge_complaint"}


def test_the_call_is_not_made_when_tracking_says_received_and_the_reason_is_on_record(
    alive: App, staff: Actor, say: Say, clock: FixedClock
) -> None:
    say(text="I want to return the phone, where do I send it?", primary="request", topic="returns")
    instance_id = complete(alive, staff, "register_return", order_number="A-1207", item="Phone", item_value=500,
                           return_reason="other", return_by="mail", refund_method="credit_card", answered="replied",
                           tracking_status="Received at warehouse, dock 4")  # fmt: skip
    clock.advance(timedelta(days=14))
    work_off(alive)

    assert failures(alive) == []
    assert set(open_work(alive, staff)) == {"inspect_return"}
    known = variables(alive, instance_id)
    assert known["call_avoided"] is True
    assert "Received at warehouse, dock 4" in known["call_avoided_reason"]


def test_the_call_is_made_when_nothing_is_known(alive: App, staff: Actor, say: Say, clock: FixedClock) -> None:
    say(text="I want to return the phone.", primary="request", topic="returns")
    complete(alive, staff, "register_return", order_number="A-1207", item="Phone", return_reason="other",
             return_by="mail", refund_method="credit_card", answered="replied")  # fmt: skip
    clock.advance(timedelta(days=14))
    work_off(alive)

    assert set(open_work(alive, staff)) == {"call_customer"}


def test_a_scan_reaches_the_return_of_that_order_alone(alive: App, staff: Actor) -> None:
    for order in ("A-1", "A-2"):
        with alive.unit_of_work(staff) as work:
            engine.start(work, "returns", {"order_number": order})
        complete(alive, staff, "register_return", order_number=order, item="Phone", return_reason="size",
                 return_by="store", refund_method="account", answered="called")  # fmt: skip

    with alive.unit_of_work() as work:
        (reached,) = engine.correlate(work, "return_scanned", key="A-2", payload={})

    assert variables(alive, reached)["order_number"] == "A-2"
    assert open_work(alive, staff)["inspect_return"][1] == reached


def test_many_reports_of_one_outage_are_one_incident_and_each_customer_gets_one_draft_of_a_person(
    alive: App, staff: Actor, say: Say
) -> None:
    for number in range(3):
        say(text=f"Nobody can log in here ({number}).", primary="outage_report", topic="login", channel="social")
        work_off(alive)
    assert set(open_work(alive, staff)) == {"confirm_incident"}

    complete(alive, staff, "confirm_incident", confirmed=True, finding="The login service is down.")
    complete(alive, staff, "acknowledge_in_public", statement="Signing in fails. We are on it.", where=["social"],
             posted="posted")  # fmt: skip
    complete(alive, staff, "restore_service", cause="A certificate.", fix="repaired")
    complete(alive, staff, "write_update", update_text="Signing in works again since 9:40.")

    assert failures(alive) == []
    assert set(open_work(alive, staff)) == {"send_updates"}
    with alive.unit_of_work.reading() as work:
        drafts = work.session.query(ReplyDraft).all()
        assert [(draft.user_id, draft.text) for draft in drafts] == [
            (staff.user_id, "Signing in works again since 9:40.")
        ] * 3
        assert work.session.query(Reply).count() == 0

    complete(alive, staff, "send_updates", updates="all")
    instance_id = complete(alive, staff, "review_outage", lesson="Nobody watched the date.")
    assert failures(alive) == []
    assert status(alive, instance_id) == "completed"


def test_an_update_written_by_somebody_who_may_not_answer_customers_waits_for_an_advocate(
    alive: App, staff: Actor, say: Say
) -> None:
    writer = make_person(alive, "olga", "manager", *sorted(GROUPS))
    say(text="Nobody can log in.", primary="outage_report", topic="login")
    complete(alive, writer, "confirm_incident", confirmed=True, finding="The login service is down.")
    complete(alive, writer, "acknowledge_in_public", statement="Signing in fails. We are on it.", where=["social"],
             posted="posted")  # fmt: skip
    complete(alive, writer, "restore_service", cause="A certificate.", fix="repaired")
    complete(alive, writer, "write_update", update_text="Signing in works again since 9:40.")
    assert set(open_work(alive, writer)) == {"name_advocate"}

    complete(alive, writer, "name_advocate", notify_by="maya")

    assert failures(alive) == []
    with alive.unit_of_work.reading() as work:
        assert [draft.user_id for draft in work.session.query(ReplyDraft)] == [staff.user_id]


def test_a_workaround_reaches_the_incident_of_its_topic_and_is_credited(alive: App, staff: Actor, say: Say) -> None:
    say(text="Nobody can log in.", primary="outage_report", topic="login")
    complete(alive, staff, "confirm_incident", confirmed=True, finding="The login service is down.")
    told = say(text="A workaround: clear the cookies.", primary="suggestion", topic="login", author_name="Grace")
    complete(alive, staff, "verify_workaround", workaround_works=True, workaround_text="Clear the cookies.",
             workaround_risk="none")  # fmt: skip
    complete(alive, staff, "credit_customer", credited_name="Grace", consent="yes", posted="posted")

    assert failures(alive) == []
    with alive.unit_of_work.reading() as work:
        (credit,) = work.session.query(Recognition).all()
        assert (credit.item_id, credit.recipient, credit.note) == (told, "Grace", "Clear the cookies.")


def test_praise_reaches_each_team_that_earned_it(alive: App, staff: Actor, say: Say) -> None:
    item_id = say(text="Your driver carried it up four floors!", primary="praise", sentiment=0.9, urgency=0)
    complete(alive, staff, "find_who_earned_it", departments=["operations", "service"], praised_for="person")
    assert set(open_work(alive, staff)) == {"hand_over_in_operations", "hand_over_in_service"}
    complete(alive, staff, "hand_over_in_service", service_heard="team")
    complete(alive, staff, "hand_over_in_operations", operations_heard="person")
    instance_id = complete(alive, staff, "thank_customer", decision="do")

    assert failures(alive) == []
    assert status(alive, instance_id) == "completed"
    with alive.unit_of_work.reading() as work:
        recognised = {(row.item_id, row.recipient) for row in work.session.query(Recognition)}
    assert recognised == {(item_id, "operations"), (item_id, "service")}


def test_a_suggestion_on_which_all_agree_becomes_an_improvement(alive: App, staff: Actor, say: Say) -> None:
    item_id = say(text="Why not tell the delivery day in the order mail?", primary="suggestion")
    complete(alive, staff, "understand_suggestion", need="To be at home.", improvement_title="Tell the delivery day",
             improvement_process="complaint_to_resolution")  # fmt: skip
    for task, judged in (("judge_value", "value"), ("judge_feasibility", "feasibility"), ("judge_effort", "effort")):
        complete(alive, staff, task, **{f"{judged}_judgement": "do", f"{judged}_reason": f"Good for {judged}."})
    instance_id = complete(alive, staff, "tell_customer", answered="replied")

    assert failures(alive) == []
    assert status(alive, instance_id) == "completed"
    with alive.unit_of_work.reading() as work:
        (improvement,) = work.session.query(Improvement).all()
        (kept,) = work.session.query(Decision).all()
        assert (improvement.item_id, improvement.definition_key) == (item_id, "complaint_to_resolution")
        assert (kept.decision, kept.reason) == ("do", "Good for value. Good for feasibility. Good for effort.")


def test_a_social_post_goes_to_the_advocate_and_a_complaint_among_them_into_the_called_process(
    alive: App, staff: Actor, say: Say
) -> None:
    say(text="Still no parcel!", channel="social", author_handle="@ada")
    complete(alive, staff, "choose_engage_or_distribute", choice="distribute", group_key="service", note="3rd week")

    assert failures(alive) == []
    assert set(open_work(alive, staff)) == {"acknowledge_complaint"}


def test_a_post_that_wants_no_answer_is_left_with_its_reason(alive: App, staff: Actor, say: Say) -> None:
    say(text="Love it.", primary="praise", channel="social", author_handle="@ada")
    instance_id = complete(alive, staff, "choose_engage_or_distribute", choice="leave", note="Asks for nothing.")

    assert failures(alive) == []
    assert status(alive, instance_id) == "completed"
    with alive.unit_of_work.reading() as work:
        (kept,) = work.session.query(Decision).all()
        assert (kept.decision, kept.reason) == ("no_reply_wanted", "Asks for nothing.")


def test_a_complaint_without_an_item_behind_it_asks_who_the_customer_is(alive: App, staff: Actor) -> None:
    with alive.unit_of_work(staff) as work:
        engine.start(work, "complaint_to_resolution", {"text": "Told at the counter."})
    work_off(alive)
    assert set(open_work(alive, staff)) == {"identify_customer"}

    complete(alive, staff, "identify_customer", customer_name="Ada", found_how="said_so")

    assert failures(alive) == []
    assert set(open_work(alive, staff)) == {"acknowledge_complaint"}


@pytest.mark.parametrize(
    ("key", "filled", "after"),
    [
        ("praise_to_people", [("find_who_earned_it", {"departments": ["it"], "praised_for": "idea"}),
                              ("hand_over_in_it", {"it_heard": "team"}),
                              ("thank_customer", {"decision": "do"})], 0),
        ("suggestion_to_improvement", [
            ("understand_suggestion", {"need": "To be at home.", "improvement_title": "Tell the day",
                                       "improvement_process": "returns"}),
            ("judge_value", {"value_judgement": "do", "value_reason": "Good."}),
            ("judge_effort", {"effort_judgement": "do", "effort_reason": "Small."}),
            ("judge_feasibility", {"feasibility_judgement": "do", "feasibility_reason": "Easy."}),
            ("tell_customer", {"answered": "called"})], 0),
        ("social_engagement", [
            ("choose_engage_or_distribute", {"choice": "distribute", "group_key": "it", "note": "Asks how."}),
            ("work_on_it", {"outcome": "answered", "result": "Like this."}),
            ("bring_answer", {"decision": "do", "reason": "Told how.", "answered": "replied"})], 0),
        ("outage", [("confirm_incident", {"confirmed": False, "finding": "An old browser."})], 0),
        ("complaint_to_resolution", [
            ("identify_customer", {"customer_name": "Ada", "found_how": "said_so"}),
            ("acknowledge_complaint", {"matter": "It broke.", "harm": "money", "departments": ["service"],
                                       "answered": "called"}),
            ("resolve_in_service", {"service_result": "A new one."}),
            ("tell_outcome", {"decision": "do", "reason": "A new one.", "answered": "called"})], 7),
    ],
)  # fmt: skip
def test_a_case_opened_by_hand_without_any_item_ends_without_a_failure(
    alive: App, staff: Actor, clock: FixedClock, key: str, filled: list[tuple[str, dict[str, Any]]], after: int
) -> None:
    with alive.unit_of_work(staff) as work:
        instance_id = engine.start(work, key, {"text": "Heard at the counter."}).id
    for element, values in filled:
        complete(alive, staff, element, **values)
    clock.advance(timedelta(days=after))
    work_off(alive)

    assert failures(alive) == []
    assert status(alive, instance_id) == "completed"


def test_what_is_distributed_is_a_task_of_theirs_and_its_answer_comes_back_to_the_advocates_case(
    alive: App, staff: Actor, say: Say
) -> None:
    item_id = say(text="How do I change my address?", channel="social", primary="question")
    complete(alive, staff, "choose_engage_or_distribute", choice="distribute", group_key="it", note="Asks how.")
    assert set(open_work(alive, staff)) == {"work_on_it"}
    complete(alive, staff, "work_on_it", outcome="answered", result="In the profile.")

    assert failures(alive) == []
    (waiting,) = [instance for _task, instance in open_work(alive, staff).values()]
    assert set(open_work(alive, staff)) == {"bring_answer"}
    assert variables(alive, waiting)["result"] == "In the profile."
    with alive.unit_of_work.reading() as work:
        rows = work.session.query(Distribution).filter_by(item_id=item_id)
        assert [row.result for row in rows] == ["In the profile."]


def test_a_form_without_what_it_needs_is_not_accepted(alive: App, staff: Actor, say: Say) -> None:
    say(text="Still no parcel!", channel="social", author_handle="@ada")
    work_off(alive)
    item_id, _instance = open_work(alive, staff)["choose_engage_or_distribute"]

    with pytest.raises(InvalidInputError) as refused, alive.unit_of_work(staff) as work:
        engine.complete(work, item_id, {"choice": "distribute"})
    assert set(refused.value.fields) == {"group_key", "note"}
