"""Due, follow-up and priority of work items: as models write them, as people set them, as the service clock runs."""

from datetime import UTC, datetime, timedelta

import pytest

from bpm import calendars
from bpm.app import App
from bpm.calendars import Calendar, Week, read_hours
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.engine.queries import find_base_version, get_work_item
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import begin, go_live
from tests.engine.refund_forms import FOR_SERVICE

pytestmark = pytest.mark.both_databases

SPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:flowable="http://flowable.org/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OFFICE = Calendar("UTC", (Week((*((read_hours("8-16"),) * 5), (), ())),))


def one_task(attributes: str = "", extension: str = "") -> bytes:
    inside = f"<extensionElements>{extension}</extensionElements>" if extension else ""
    return (
        f'<definitions {SPACES} targetNamespace="t"><process id="one" isExecutable="true"><startEvent id="s"/>'
        f'<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><userTask id="a" name="Answer" {attributes}>{inside}'
        '</userTask><sequenceFlow id="f2" sourceRef="a" targetRef="e"/><endEvent id="e"/></process></definitions>'
    ).encode()


@pytest.mark.parametrize(
    ("attributes", "extension"),
    [
        ('camunda:dueDate="2026-03-03T12:00:00Z" camunda:followUpDate="PT3H" camunda:priority="80"', ""),
        ('camunda:dueDate="${until}" camunda:followUpDate="${later}" camunda:priority="${how}"', ""),
        ('flowable:dueDate="P1DT3H" flowable:followUpDate="2026-03-02T12:00:00Z" flowable:priority="#{how}"', ""),
        (
            "",
            '<zeebe:taskSchedule dueDate="=until" followUpDate="=later"/><zeebe:priorityDefinition priority="=how"/>',
        ),
    ],
)
def test_every_vendors_dates_and_priority_mean_what_they_say(
    app: App, anna: Actor, attributes: str, extension: str
) -> None:
    go_live(app, one_task(attributes, extension))
    begin(app, "one", {"until": "2026-03-03T12:00:00Z", "later": "PT3H", "how": 80})
    (item,) = acting.items(app, anna)
    assert (item.due_at, item.follow_up_at, item.priority) == (NOON + timedelta(days=1), NOON, 80)


def test_a_task_of_which_nothing_is_said_has_the_usual_priority_and_no_dates(app: App, anna: Actor) -> None:
    go_live(app, one_task())
    begin(app, "one")
    (item,) = acting.items(app, anna)
    assert (item.due_at, item.follow_up_at, item.priority) == (None, None, 50)


def test_a_priority_that_comes_to_no_number_is_a_failure_that_says_so(app: App) -> None:
    go_live(app, one_task('camunda:priority="${how}"'))
    begin(app, "one", {"how": "very"})
    (failure,) = acting.failures(app)
    assert "priority of 'Answer' has to be a whole number, not 'very'" in failure.message


def test_dates_and_priorities_that_are_none_are_named_at_the_upload() -> None:
    prepared = engine.check(one_task('camunda:dueDate="soon" camunda:priority="high"'), "one.bpmn")
    told = [finding.message for finding in prepared.findings]
    assert [text for text in told if "'soon', is neither a date nor a duration" in text]
    assert [text for text in told if "'high', is no whole number" in text]


def test_the_service_target_runs_in_the_hours_of_the_group(app: App, clock: FixedClock, anna: Actor) -> None:
    go_live(app, FOR_SERVICE)
    with app.unit_of_work() as work:
        engine.set_service_target(work, "served", "PT4H")
        calendars.save_calendar(work, "Office", OFFICE, groups=["service"])
    clock.advance(timedelta(days=4, hours=5))  # Friday, 14:00
    begin(app, "served")
    (item,) = acting.items(app, anna)
    assert item.due_at == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert item.target_seconds == 4 * 3600


def test_the_target_of_an_activity_comes_before_its_groups_and_that_before_the_processes(app: App, anna: Actor) -> None:
    go_live(app, FOR_SERVICE)
    with app.unit_of_work() as work:
        element = find_base_version(work, "served").elements
        task = next(each["id"] for each in element if each["type"] == "userTask")
    due = []
    for owner in ({}, {"group": "service"}, {"element": task}):
        with app.unit_of_work() as work:
            engine.set_service_target(work, "served", f"PT{8 - 2 * len(due)}H", **owner)
        begin(app, "served")
        due.append(acting.items(app, anna)[-1].target_seconds)
    assert due == [8 * 3600, 6 * 3600, 4 * 3600]


def test_a_suspended_case_stops_the_service_clock(app: App, clock: FixedClock, anna: Actor) -> None:
    go_live(app, FOR_SERVICE)
    with app.unit_of_work() as work:
        engine.set_service_target(work, "served", "PT4H")
        calendars.save_calendar(work, "Office", OFFICE, groups=["service"])
    instance_id = begin(app, "served")  # Monday, 9:00; due at 13:00
    clock.advance(timedelta(hours=2))
    with app.unit_of_work() as work:
        engine.suspend(work, instance_id, reason="The customer is asked.")
    clock.advance(timedelta(hours=8))  # Monday, 19:00: five open hours have gone by
    with app.unit_of_work() as work:
        engine.resume(work, instance_id, reason="She has answered.")
    (item,) = acting.items(app, anna)
    assert item.due_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
    with app.unit_of_work.reading() as work:
        assert work.session.get_one(WorkItem, item.id).paused_seconds == 5 * 3600


def test_a_date_that_the_model_names_stays_where_it_is(app: App, clock: FixedClock, anna: Actor) -> None:
    go_live(app, one_task('camunda:dueDate="2026-03-02T12:00:00Z"'))
    with app.unit_of_work() as work:
        engine.set_service_target(work, "one", "PT1H")
    instance_id = begin(app, "one")
    with app.unit_of_work() as work:
        engine.suspend(work, instance_id, reason="It waits.")
    clock.advance(timedelta(hours=1))
    with app.unit_of_work() as work:
        engine.resume(work, instance_id, reason="It goes on.")
    assert [item.due_at for item in acting.items(app, anna)] == [NOON]


def test_people_set_dates_and_priority_and_read_what_they_were(app: App, anna: Actor, ben: Actor, cleo: Actor) -> None:
    go_live(app, FOR_SERVICE)
    begin(app, "served")
    (item,) = acting.items(app, anna)
    with app.unit_of_work(anna) as work:
        engine.claim(work, item.id)
        before = engine.schedule(work, item.id, {"due_at": NOON, "follow_up_at": NOON, "priority": 70})
    assert before == {"due_at": None, "follow_up_at": None, "priority": 50}
    with app.unit_of_work.reading(anna) as work:
        row = get_work_item(work, item.id).row
    assert (row.due_at, row.follow_up_at, row.priority) == (NOON, NOON, 70)
    with pytest.raises(ConflictError, match="Anna has this work item"), app.unit_of_work(ben) as work:
        engine.schedule(work, item.id, {"priority": 1})
    with pytest.raises(NotFoundError), app.unit_of_work(cleo) as work:
        engine.schedule(work, item.id, {"priority": 1})
    with pytest.raises(InvalidInputError), app.unit_of_work(anna) as work:
        engine.schedule(work, item.id, {"priority": "high"})


@pytest.mark.parametrize("text", ["4 hours", "P1M", "P2D", "-PT4H", "PT0H", "P", "PT", "R3/PT1H"])
def test_a_service_target_that_is_no_time_of_work_is_refused(app: App, text: str) -> None:
    go_live(app, one_task())
    with pytest.raises(InvalidInputError, match="no service target"), app.unit_of_work() as work:
        engine.set_service_target(work, "one", text)


def test_a_calendar_taken_away_leaves_its_groups_with_the_usual_one(app: App) -> None:
    with app.unit_of_work() as work:
        usual = calendars.save_calendar(work, "Usual", OFFICE, groups=[calendars.EVERYBODY])
        night = calendars.save_calendar(
            work, "Night", Calendar("UTC", (Week((read_hours("0-6"),) * 7),)), groups=["it"]
        )
    with app.unit_of_work() as work:
        assert calendars.calendars_of(work, {"it"})["it"] != OFFICE
        calendars.remove_calendar(work, night)
        assert calendars.calendars_of(work, {"it", None}) == {"it": OFFICE, None: OFFICE}
        calendars.remove_calendar(work, usual)
        assert calendars.calendars_of(work, {"it"})["it"].is_always_open
        with pytest.raises(InvalidInputError, match="never opens"):
            calendars.save_calendar(work, "Never", Calendar("UTC", (Week(((),) * 7),)))
