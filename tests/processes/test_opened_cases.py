"""One sentence that opens several cases says so at each of them, and one of them leads."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.processes import Conditions, queries
from bpm.processes.queries import OpenedCase
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE, WAITS

Trigger = Callable[..., int]
STARTED_BY_MESSAGE = CARE.replace(b'id="care"', b'id="heard"').replace(
    b'<startEvent id="heard"/>',
    b'<startEvent id="heard_of"><messageEventDefinition messageRef="m"/></startEvent>',
).replace(b'sourceRef="heard"', b'sourceRef="heard_of"').replace(
    b'<process ', b'<message id="m" name="a complaint"/><process '
).replace(b'name="Care"', b'name="Heard"')  # fmt: skip


@pytest.fixture
def two_processes(go_live: GoLive) -> None:
    go_live(CARE, "care")
    go_live(WAITS, "waits")


def opened_by(app: App, item_id: int) -> tuple[OpenedCase, ...]:
    with app.unit_of_work.reading() as work:
        return queries.cases_opened_by(work, item_id)


def opened_with(app: App, instance_id: int) -> tuple[OpenedCase, ...]:
    with app.unit_of_work.reading() as work:
        return queries.cases_opened_with(work, instance_id)


def names(cases: tuple[OpenedCase, ...]) -> list[tuple[str, bool]]:
    return [(case.process_name, case.leads) for case in cases]


@pytest.mark.both_databases
@pytest.mark.usefixtures("two_processes")
def test_the_item_and_both_cases_know_both_and_the_closer_trigger_leads(app: App, trigger: Trigger, say: Say) -> None:
    trigger("care")
    trigger("waits", conditions=Conditions(kinds=("complaint",), topics=("delivery",)))

    cases = opened_by(app, say())

    assert names(cases) == [("Waits", True), ("Care", False)]
    for case in cases:
        assert opened_with(app, case.instance_id) == cases


@pytest.mark.usefixtures("two_processes")
def test_of_two_triggers_that_ask_for_as_much_the_older_one_leads(app: App, trigger: Trigger, say: Say) -> None:
    trigger("care")
    trigger("waits")

    assert names(opened_by(app, say())) == [("Care", True), ("Waits", False)]


@pytest.mark.usefixtures("two_processes")
def test_a_sentence_that_opens_one_case_opens_no_other(app: App, trigger: Trigger, say: Say) -> None:
    trigger("care")
    item_id = say()
    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, item_id)

    assert opened_by(app, item_id) == ()
    assert link.instance_id is not None
    assert opened_with(app, link.instance_id) == ()


@pytest.mark.usefixtures("two_processes")
def test_a_later_sentence_that_joins_both_cases_has_opened_none(app: App, trigger: Trigger, say: Say) -> None:
    trigger("care")
    trigger("waits")
    first = say(author_email="ada@example.org")
    later = say("And still nothing.", author_email="ada@example.org")

    assert len(opened_by(app, first)) == 2
    assert opened_by(app, later) == ()


def test_a_case_that_the_message_of_a_trigger_opens_counts_as_opened(
    app: App, go_live: GoLive, trigger: Trigger, say: Say
) -> None:
    go_live(CARE, "care")
    go_live(STARTED_BY_MESSAGE, "heard")
    trigger("care", conditions=Conditions(kinds=("complaint",), topics=("delivery",)))
    trigger("heard", action="correlate", message="a complaint")

    assert names(opened_by(app, say())) == [("Heard", True), ("Care", False)]


@pytest.mark.usefixtures("two_processes")
def test_the_lead_changes_no_figure(app: App, trigger: Trigger, say: Say) -> None:
    trigger("care")
    trigger("waits")
    item_id = say()

    with app.unit_of_work.reading() as work:
        links = queries.item_links(work, item_id)
    assert [(link.process_name, link.method, link.confidence) for link in links] == [
        ("Care", "recorded", 1.0),
        ("Waits", "recorded", 1.0),
    ]
