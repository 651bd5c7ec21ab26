"""What cases lived through is handed out so that other tools read it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Actor
from bpm.processes import event_log
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

XES = {"x": "http://www.xes-standard.org/"}


@pytest.fixture
def lived(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor
) -> event_log.Cases:
    """Three cases of two versions, each opened by what a customer said; one task of the first is done."""
    go_live(CARE, "care")
    trigger()
    say("My parcel <never> came\x00.")
    clock.advance(timedelta(hours=1))
    with app.unit_of_work(advocate) as work:
        task = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows[0]
        engine.claim(work, task.id)
    clock.advance(timedelta(minutes=10))
    with app.unit_of_work(advocate) as work:
        engine.complete(work, task.id, {})
    say("Where is it?", said_at=None)
    go_live(CARE.replace(b"Mend what broke", b"Mend &amp; learn"), "care")
    say("And mine?")
    return lambda: event_log.read_cases(app.unit_of_work, "care")


def written(form: str, cases: event_log.Cases) -> bytes:
    return b"".join(event_log.FORMATS[form].written(cases))


@pytest.mark.both_databases
def test_the_table_has_a_row_for_each_visit_with_its_version(lived: event_log.Cases) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", lived).decode())))
    assert {row["case_id"]: row["version"] for row in rows} == {"1": "1", "2": "1", "3": "2"}
    (read,) = [row for row in rows if (row["case_id"], row["element"]) == ("1", "read")]
    assert read["activity"] == "Read complaint"
    assert (read["opened_at"] < read["started_at"] < read["completed_at"]) is True
    (open_one,) = [row for row in rows if (row["case_id"], row["element"]) == ("3", "read")]
    assert open_one["completed_at"] == ""
    assert rows[0]["customer"]


def test_xes_tells_when_a_visit_was_opened_taken_and_ended_and_what_was_said(lived: event_log.Cases) -> None:
    log = etree.fromstring(written("xes", lived))
    traces = log.findall("x:trace", XES)
    assert len(traces) == 3
    events = [{each.get("key"): each.get("value") for each in event} for event in traces[0].findall("x:event", XES)]
    read = [e["lifecycle:transition"] for e in events if e.get("earshot:element") == "read" and "earshot:type" in e]
    assert read == ["schedule", "start", "complete"]
    assert [e["time:timestamp"] for e in events] == sorted(e["time:timestamp"] for e in events)
    (said,) = [e for e in events if e["concept:name"] == "Customer said"]
    assert (said["earshot:kind"], said["earshot:link"]) == ("complaint", "recorded")
    undated = [each.get("value") for each in traces[1].iterfind(".//x:string[@key='earshot:date']", XES)]
    assert undated == ["unknown"]


def test_ocel_keeps_cases_customers_and_items_apart_and_names_each_link(lived: event_log.Cases) -> None:
    log = json.loads(written("ocel", lived))
    assert {each["type"] for each in log["objects"]} == {"case", "customer", "item"}
    ids = {each["id"] for each in log["objects"]}
    assert len(ids) == len(log["objects"]) == 9
    declared = {each["name"] for each in log["eventTypes"]}
    assert {event["type"] for event in log["events"]} <= declared
    assert {each["objectId"] for event in log["events"] for each in event["relationships"]} <= ids
    said = [event for event in log["events"] if event["type"] == "customer said"]
    assert {each["qualifier"] for event in said for each in event["relationships"]} == {"item", "recorded", "said by"}
    assert len({event["id"] for event in log["events"]}) == len(log["events"])


def test_no_such_process_is_said_before_anything_is_written(app: App) -> None:
    with pytest.raises(NotFoundError):
        event_log.read_cases(app.unit_of_work, "nothing")
