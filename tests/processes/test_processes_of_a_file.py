"""A file with several processes: a trigger names the one that it starts, and each has figures of its own."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bpm.app import App
from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.processes import TriggerDraft, check_triggers, queries, save_trigger
from bpm.processes.queries import ProcessMeasures
from bpm.processes.triggers.of_version import ensure_triggers
from tests.engine.definitions.test_processes_of_a_file import BOTH, deploy
from tests.processes.conftest import Say

pytestmark = pytest.mark.both_databases


def measures(app: App, key: str, version_id: int, month: tuple[datetime, datetime]) -> ProcessMeasures:
    with app.unit_of_work.reading() as work:
        return queries.process_measures(work, key, version_id=version_id, since=month[0], until=month[1])


def running(app: App, key: str) -> int:
    with app.unit_of_work.reading() as work:
        return engine_queries.list_versions(work, key)[0].running


def test_a_trigger_starts_the_process_that_it_names(app: App, trigger: Callable[..., int], say: Say) -> None:
    deploy(app, BOTH)
    trigger("order", process_id="refund")
    say()
    with app.unit_of_work.reading() as work:
        (case,) = engine_queries.list_instances(work, "refund").rows
        (row,) = queries.list_triggers(work, key="refund")
        assert queries.list_triggers(work, key="order") == []
    assert case.business_key
    assert (row.process_name, row.fired, row.failed) == ("Refund", 1, 0)


def test_a_second_item_joins_the_case_of_the_same_process_alone(
    app: App, trigger: Callable[..., int], say: Say
) -> None:
    deploy(app, BOTH)
    trigger("order", process_id="refund")
    say(author_email="kim@example.org")
    trigger("order")
    say(author_email="kim@example.org")
    with app.unit_of_work.reading() as work:
        refunds = engine_queries.list_instances(work, "refund").rows
        everything = engine_queries.list_instances(work, "order").rows
    assert (len(refunds), len(everything)) == (1, 2)


def test_each_process_has_figures_of_its_own(
    app: App, trigger: Callable[..., int], suffer: Say, month: tuple[datetime, datetime]
) -> None:
    version_id = deploy(app, BOTH)
    trigger("order", process_id="refund")
    suffer()
    refund, order = (measures(app, key, version_id, month) for key in ("refund", "order"))
    assert (refund.name, refund.started, refund.running, refund.items) == ("Refund", 1, 1, 1)
    assert (order.name, order.started, order.running, order.items) == ("Order", 0, 0, 0)
    assert {each.element for each in refund.elements} == {"refund_s", "refund_t", "refund_e"}
    with app.unit_of_work.reading() as work:
        rows = {
            key: queries.items_at(work, key, version_id, since=month[0], until=month[1]) for key in ("refund", "order")
        }
    assert [len(rows["refund"]), len(rows["order"])] == [1, 0]


def test_a_process_that_the_file_does_not_have_is_named(app: App) -> None:
    deploy(app, BOTH)
    with app.unit_of_work() as work, pytest.raises(InvalidInputError) as caught:
        save_trigger(work, TriggerDraft("order", process_id="return"))
    assert "no process “return”" in caught.value.fields["process"]
    (finding,) = check_triggers([{"name": "Back", "process": "return"}], {"order", "refund"})
    assert "'return', which is no process of the file" in finding.message
    assert finding.remedy == "Processes of it are: order, refund."


def test_an_entry_of_a_file_names_the_process(app: App) -> None:
    deploy(app, BOTH)
    entries = [{"process": "refund", "active": True}, {"name": "Orders"}]
    assert check_triggers(entries, {"order", "refund"}) == ()
    with app.unit_of_work() as work:
        ensure_triggers(work, "order", entries)
        (refund,) = queries.list_triggers(work, key="refund")
        (order,) = queries.list_triggers(work, key="order")
    assert (refund.name, refund.active, order.name) == ("refund from feedback", True, "Orders")
