"""The call that is not made: rules over data already held, before a contact, and while it waits."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback import incidents
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import attribute, guards
from tests.processes.conftest import GoLive, Say, make_person
from tests.processes.models import HEAD

RETURNS = Path(__file__).parents[3] / "process_models/returns"
CALLING = (
    HEAD
    + """<process id="calling" name="Calling" isExecutable="true">
  <startEvent id="begun"/>
  <sequenceFlow id="f1" sourceRef="begun" targetRef="call"/>
  <userTask id="call" name="Call the customer" camunda:candidateGroups="service"/>
  <sequenceFlow id="f2" sourceRef="call" targetRef="file"/>
  <userTask id="file" name="File it" camunda:candidateGroups="service"/>
  <sequenceFlow id="f3" sourceRef="file" targetRef="over"/>
  <endEvent id="over"/>
</process></definitions>"""
).encode()


@pytest.fixture
def calling(app: App, go_live: GoLive) -> int:
    return go_live(CALLING, "calling")


def guard(app: App, rule: str, effect: str = "avoid", **more: Any) -> int:
    with app.unit_of_work() as work:
        return guards.declare_guard(work, "calling", "call", rule=rule, effect=effect, **more).id


def begin(app: App, **variables: Any) -> int:
    with app.unit_of_work() as work:
        return engine.start(work, "calling", variables).id


def open_at(app: App, case: int) -> list[str]:
    with app.unit_of_work.reading() as work:
        rows = engine_queries.list_work_items(work, engine_queries.WorkItemFilter(scope="all")).rows
        return [row.element for row in rows if row.instance_id == case and row.status == "open"]


def task_of(app: App, case: int) -> int:
    with app.unit_of_work.reading() as work:
        rows = engine_queries.list_work_items(work, engine_queries.WorkItemFilter(scope="all")).rows
        return next(row.id for row in rows if row.instance_id == case and row.status == "open")


def values(app: App, case: int) -> dict[str, Any]:
    with app.unit_of_work.reading() as work:
        return dict(work.session.get_one(ProcessInstance, case).variables)


def figures(app: App) -> tuple[int, int, int]:
    with app.unit_of_work.reading() as work:
        found = guards.guard_figures(work)
        return found.avoided, found.held, found.overridden


def test_the_500_dollar_call_is_not_made_when_the_carrier_has_scanned_the_return(app: App, go_live: GoLive) -> None:
    """The shipped returns process brings its guard; a scan that comes while the call waits cancels it."""
    forms = {path.stem: json.loads(path.read_text("utf-8")) for path in (RETURNS / "forms").glob("*.json")}
    prepared = engine.check((RETURNS / "returns.bpmn").read_bytes(), "returns.bpmn", forms=forms)
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, key="returns")
        for department in work.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
    with app.unit_of_work.reading() as work:
        (row,) = guards.list_guards(work)
    assert (row.key, row.element, row.go_to, row.effect) == ("returns", "call_customer", "note_avoided_call", "avoid")
    with app.unit_of_work() as work:
        case = engine.start(work, "returns", {"order_number": "R-1"}).id
    with app.unit_of_work() as work:
        uid = engine.visit_at(work, case, "register_return")
        engine.move(work, case, uid, "call_customer", {"tracking_status": "in transit"}, reason="Test.")
    assert open_at(app, case) == ["call_customer"], "nothing is against it yet"
    with app.unit_of_work() as work:
        scan = {"tracking_events": [{"status": "Received at warehouse", "at": "2026-03-01T10:00:00Z"}]}
        engine.set_variables(work, case, scan, reason="The carrier scanned it.")
    assert guards.sweep_guards(app.unit_of_work) == 1
    while engine.sweep_jobs(app.unit_of_work, {}):
        pass
    assert open_at(app, case) == ["inspect_return"]
    assert values(app, case)["call_avoided_reason"].startswith("Tracking shows it as received")
    assert figures(app) == (1, 0, 0)


@pytest.mark.both_databases
def test_a_needless_contact_is_avoided_as_it_opens_and_counted_with_its_reason(app: App, calling: int) -> None:
    guard(app, "tracking")
    here, not_here = begin(app, tracking_status="Signed for"), begin(app, tracking_status="not yet delivered")
    assert open_at(app, here) == ["file"]
    assert open_at(app, not_here) == ["call"]
    assert values(app, here)["call_avoided"] is True
    with app.unit_of_work.reading() as work:
        (row,) = guards.list_outcomes(work)
        (told,) = guards.list_guards(work)
    assert (row.verdict, row.reason) == ("avoided", "Tracking shows it as received: “Signed for”.")
    assert (told.avoided, told.held) == (1, 0)


def test_what_came_in_before_it_is_done_counts_unless_a_person_says_why_not(app: App, calling: int) -> None:
    stella = make_person(app, "stella", "staff", "service")
    case = begin(app, insured="no")
    guard(app, "variable", variable="insured", value="Yes")
    with app.unit_of_work() as work:
        engine.set_variables(work, case, {"insured": "yes"}, reason="The insurer answered.")
    task = task_of(app, case)
    with pytest.raises(ConflictError, match="insured is Yes"), app.unit_of_work(stella) as work:
        engine.complete(work, task, {})
    assert open_at(app, case) == ["call"], "nothing of the completion is kept"
    with app.unit_of_work(stella) as work, pytest.raises(InvalidInputError):
        guards.override(work, task, " ")
    with app.unit_of_work(stella) as work:
        guards.override(work, task, "She asked to be called.")
        engine.complete(work, task, {})
    assert open_at(app, case) == ["file"]
    assert figures(app) == (0, 0, 1)


def test_a_contact_waits_while_an_incident_hits_the_customer_and_goes_on_after_it(
    app: App, clock: FixedClock, calling: int, say: Say, advocate: Actor
) -> None:
    guard(app, "incident", "hold")
    item = say("Everything is down", "outage_report")
    with app.unit_of_work(advocate) as work:
        outage = incidents.open_incident(work, "All is down", item_ids=[item]).id
        incidents.acknowledge(work, outage, "We know.", next_at=clock.now() + timedelta(hours=1))
    case = begin(app)
    with app.unit_of_work() as work:
        attribute(work, item, version_id=calling, element="call", instance_id=case)
    assert guards.sweep_guards(app.unit_of_work) == 1
    assert guards.sweep_guards(app.unit_of_work) == 0
    task = task_of(app, case)
    with app.unit_of_work.reading() as work:
        told = guards.guard_of_task(work, task, "call")
        row = feedback.items.get_current(work, item)
        assert "All is down" in guards.why_not_to_call(work, row)
    assert told is not None
    assert (told.verdict, told.reason) == ("held", "“All is down” hits this customer; its updates reach them.")
    with app.unit_of_work(advocate) as work:
        incidents.resolve(work, outage, reason="Repaired.", decide=False)
    assert guards.sweep_guards(app.unit_of_work) == 1
    with app.unit_of_work.reading() as work:
        told = guards.guard_of_task(work, task, "call")
    assert told is not None
    assert told.verdict == "let_go"


def test_words_that_came_in_since_and_quiet_time_let_a_call_wait(
    app: App, clock: FixedClock, calling: int, say: Say
) -> None:
    item = say("Where is it?")
    case = begin(app)
    with app.unit_of_work() as work:
        attribute(work, item, version_id=calling, element="call", instance_id=case)
    guard(app, "said_since", "hold")
    assert guards.sweep_guards(app.unit_of_work) == 0
    clock.advance(timedelta(minutes=10))
    say("It came, thank you.", "praise", author_email="customer1@example.org")
    assert guards.sweep_guards(app.unit_of_work) == 1
    assert figures(app) == (0, 1, 0)


def test_a_guard_that_is_taken_away_looks_no_more_and_one_that_does_not_fit_is_refused(app: App, calling: int) -> None:
    for wrong in (
        {"element": "begun"},
        {"rule": "weather"},
        {"rule": "variable"},
        {"go_to": "nowhere"},
    ):
        with app.unit_of_work() as work, pytest.raises(InvalidInputError):
            wanted = {"element": "call", "rule": "tracking", "effect": "avoid"} | wrong
            guards.declare_guard(work, "calling", **wanted)
    number = guard(app, "tracking")
    with app.unit_of_work() as work:
        guards.end_guard(work, number)
    assert open_at(app, begin(app, tracking_status="received")) == ["call"]


def test_a_case_that_comes_back_to_the_same_call_waits_for_a_person(app: App, go_live: GoLive) -> None:
    go_live(CALLING, "calling")
    guard(app, "tracking", go_to="call")
    case = begin(app, tracking_status="received")
    assert open_at(app, case) == ["call"]
    assert figures(app) == (3, 1, 0)


def test_a_case_of_a_version_without_the_step_to_go_on_at_waits_for_a_person(app: App, go_live: GoLive) -> None:
    go_live(CALLING, "calling")
    case = begin(app, tracking_status="in transit")
    go_live(CALLING.replace(b'id="file"', b'id="note"').replace(b'"file"', b'"note"'), "calling")
    guard(app, "tracking", go_to="note")
    with app.unit_of_work() as work:
        engine.set_variables(work, case, {"tracking_status": "received"}, reason="Scanned.")
    assert guards.sweep_guards(app.unit_of_work) == 1
    assert guards.sweep_guards(app.unit_of_work) == 0, "it is held, and nothing is tried again"
    assert open_at(app, case) == ["call"]
    assert figures(app) == (0, 1, 0)


def test_avoided_and_deflected_are_two_figures(app: App, calling: int, get_figures: Callable[[], Any]) -> None:
    """Nothing on the guards' side knows of deflected contacts, so nothing can add them up."""
    guard(app, "tracking")
    for _ in range(6):
        begin(app, tracking_status="received")
    found = get_figures()
    assert found.avoided == 6
    assert not hasattr(found, "deflected")


@pytest.fixture
def get_figures(app: App) -> Callable[[], Any]:
    def read() -> Any:
        with app.unit_of_work.reading() as work:
            return guards.guard_figures(work)

    return read
