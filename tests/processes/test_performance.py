"""What a version does for customers: counted per element and version, silent where n is too small."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bpm import feedback, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Actor
from bpm.processes import queries
from bpm.processes.queries import ProcessMeasures
from tests.engine import acting
from tests.processes.conftest import GoLive, Say, make_person
from tests.processes.models import CARE

Month = tuple[datetime, datetime]


def measures(app: App, version_id: int, month: Month) -> ProcessMeasures:
    with app.unit_of_work.reading() as work:
        return queries.process_measures(work, "care", version_id=version_id, since=month[0], until=month[1])


def do_next(app: App, actor: Actor, clock: FixedClock, *, waits: timedelta, works: timedelta) -> None:
    """The oldest open work item is claimed after `waits` and completed `works` later."""
    clock.advance(waits)
    with app.unit_of_work(actor) as work:
        row = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows[0]
        engine.claim(work, row.id)
    clock.advance(works)
    with app.unit_of_work(actor) as work:
        engine.complete(work, row.id, {})


@pytest.mark.both_databases
def test_items_and_negative_share_stand_on_the_element_with_their_n(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, suffer: Say, month: Month
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    for number in range(12):
        suffer(sentiment=-0.9 if number < 9 else 0.4)
    say("Nothing of yours.", "praise")

    found = measures(app, version_id, month)

    (read,) = [m for m in found.elements if m.element == "read"]
    assert (found.items, found.started, found.running) == (12, 12, 12)
    assert (read.visits, read.open, read.items, read.recorded, read.by_hand) == (12, 12, 12, 12, 0)
    assert read.negative.verdict == "75 % (47 %–91 %), n = 12"
    assert read.items_per_100 == 100
    assert [m.items for m in found.elements if m.element == "mend"] == [0]


def test_few_items_give_a_count_but_no_share(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, month: Month
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    suffer()

    found = measures(app, version_id, month)

    assert found.items == 1
    assert found.negative.verdict == "not shown (n = 1)"
    assert found.elements[1].items_per_100 is None


def test_an_unsure_reading_counts_as_an_item_and_not_in_the_share(
    app: App, go_live: GoLive, say: Say, advocate: Actor, month: Month
) -> None:
    version_id = go_live(CARE, "care")
    item_id = say("Hmpf.", abstained=True)
    with app.unit_of_work(advocate) as work:
        processes.attribute(work, item_id, version_id=version_id, element="mend")

    found = measures(app, version_id, month)

    assert (found.items, found.unread, found.negative.n) == (1, 1, 0)
    assert (found.recorded, found.by_hand) == (0, 1)


@pytest.mark.both_databases
def test_waiting_and_work_are_told_apart_by_the_claim(
    app: App,
    go_live: GoLive,
    trigger: Callable[..., int],
    say: Say,
    clock: FixedClock,
    advocate: Actor,
    month: Month,
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    for hours in (1, 2, 3, 4, 5) * 2:
        say()
        do_next(app, advocate, clock, waits=timedelta(hours=hours / 2), works=timedelta(minutes=10))
        do_next(app, advocate, clock, waits=timedelta(0), works=timedelta(0))
    say()

    (read,) = [m for m in measures(app, version_id, month).elements if m.element == "read"]

    assert (read.waiting.n, read.waiting.running, read.work.n) == (10, 1, 10)
    # Times are kept in classes of 2 %.
    assert read.waiting.median == pytest.approx(timedelta(hours=1.5), rel=0.02)
    assert read.work.median == pytest.approx(timedelta(minutes=10), rel=0.02)


def test_time_to_the_first_human_answer_counts_the_unanswered_beside_it(
    app: App,
    go_live: GoLive,
    trigger: Callable[..., int],
    suffer: Say,
    clock: FixedClock,
    advocate: Actor,
    month: Month,
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    answered = [suffer() for _ in range(10)]
    suffer()
    clock.advance(timedelta(hours=4))
    for item_id in answered:
        with app.unit_of_work(advocate) as work:
            feedback.mark_sent(work, feedback.reply(work, item_id, "We are on it.").id)

    first = measures(app, version_id, month).first_answer

    assert (first.n, first.running) == (10, 1)
    assert first.median == pytest.approx(timedelta(hours=4), rel=0.02)


def test_versions_are_never_blended(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, month: Month
) -> None:
    old = go_live(CARE, "care")
    trigger()
    suffer()
    new = go_live(CARE.replace(b"Mend what broke", b"Mend it well"), "care")
    suffer()
    suffer()

    assert (measures(app, old, month).items, measures(app, new, month).items) == (1, 2)


def test_the_period_decides_by_when_it_was_said(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, month: Month
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    clock.advance(timedelta(days=45))
    say()

    assert measures(app, version_id, month).items == 0


def test_one_loud_channel_is_named(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, month: Month
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    for _ in range(10):
        suffer(channel="call", source="phone")

    assert "call" in measures(app, version_id, month).mix.bias_note


def test_every_figure_opens_its_rows(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, month: Month
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    expected = [suffer() for _ in range(3)]

    with app.unit_of_work.reading() as work:
        rows = queries.items_at(work, "care", version_id, since=month[0], until=month[1], element="read")

    assert sorted(row.item_id for row in rows) == expected
    assert len(rows) == measures(app, version_id, month).elements[1].items


def test_a_version_of_another_process_is_not_found(app: App, go_live: GoLive, month: Month) -> None:
    go_live(CARE, "care")
    with app.unit_of_work.reading() as work, pytest.raises(NotFoundError):
        queries.process_measures(work, "care", version_id=99, since=month[0], until=month[1])


CALLING = CARE.replace(b'process id="care" name="Care"', b'process id="desk" name="Desk"').replace(
    b'<userTask id="read" name="Read complaint" camunda:candidateGroups="service"/>',
    b'<callActivity id="read" name="Have it cared for" calledElement="care"/>',
)


@pytest.mark.both_databases
def test_what_runs_inside_a_called_process_counts_for_the_called_version(
    app: App, go_live: GoLive, month: Month
) -> None:
    called, caller = go_live(CARE, "care"), go_live(CALLING, "desk")
    with app.unit_of_work() as work:
        engine.start(work, "desk", {})

    care = measures(app, called, month)
    with app.unit_of_work.reading() as work:
        desk = queries.process_measures(work, "desk", version_id=caller, since=month[0], until=month[1])

    assert {m.element: m.visits for m in care.elements if m.seen} == {"heard": 1, "read": 1}
    assert {m.element: m.visits for m in desk.elements if m.seen} == {"heard": 1, "read": 1}
    assert next(m for m in desk.elements if m.element == "read").type == "callActivity"
    assert (care.started, desk.started) == (0, 1)


@pytest.mark.both_databases
def test_figures_and_attributions_survive_retention(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, clock: FixedClock, month: Month
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    for _ in range(3):
        suffer()
    do_next(
        app, make_person(app, "sam", "staff", "service"), clock, waits=timedelta(hours=1), works=timedelta(minutes=10)
    )
    with app.unit_of_work() as work:
        for row in engine_queries.list_instances(work, "care").rows:
            engine.cancel(work, row.id, reason="Over.")
    before = measures(app, version_id, month)
    acting.keep(app, version_id, 1)
    clock.advance(timedelta(days=3))

    assert engine.sweep_retention(app.unit_of_work) == 3
    after = measures(app, version_id, month)

    assert after == before
    (read,) = [m for m in after.elements if m.element == "read"]
    assert (read.visits, read.items, after.started) == (3, 3, 3)
    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, 2)
        assert (link.version_id, link.element, link.instance_status) == (version_id, "read", "cancelled")


@pytest.mark.both_databases
def test_starts_and_items_stay_with_a_version_whose_instances_are_migrated(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, month: Month
) -> None:
    old = go_live(CARE, "care")
    trigger()
    suffer()
    before = measures(app, old, month)
    new = go_live(CARE.replace(b"Mend what broke", b"Mend it"), "care")
    with app.unit_of_work() as work:
        engine.migrate(work, 1, engine.propose_plan(work, old, new), reason="It is better.")

    then, now = measures(app, old, month), measures(app, new, month)

    assert (then.started, now.started, before.started) == (1, 0, 1)
    assert (then.running, now.running) == (0, 1)
    assert then.items == before.items == 1
    assert {m.element: (m.visits, m.open) for m in now.elements if m.visits} == {"read": (1, 1)}
