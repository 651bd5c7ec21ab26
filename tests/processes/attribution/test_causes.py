"""A case that a complaint opened points back at what caused it; the complaint counts at that activity."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bpm import search
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import causes, outside, queries
from bpm.processes.causes.numbers import numbers_in, numbers_of_values, spellings
from bpm.processes.models import Attribution
from bpm.wiring import SEARCHED
from tests.processes.attribution.test_recording import complete_next
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

ORDER = (
    CARE.replace(b'process id="care" name="Care"', b'process id="order" name="Order"')
    .replace(b"Read complaint", b"Pack the order")
    .replace(b"Mend what broke", b"Hand it to the carrier")
)


def sweep(app: App) -> None:
    while search.sweep_waiting(app.unit_of_work, SEARCHED):
        pass
    while causes.sweep_causes(app.unit_of_work):
        pass


def start(app: App, key: str, **values: object) -> int:
    with app.unit_of_work() as work:
        return engine.start(work, "order", values, business_key=key).id


def links(app: App, item: int) -> dict[int | None, tuple[str, str]]:
    with app.unit_of_work.reading() as work:
        return {link.instance_id: (link.kind, link.element) for link in queries.item_links(work, item)}


@pytest.mark.both_databases
def test_a_complaint_is_charged_to_the_activity_of_the_case_that_it_names(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor
) -> None:
    for source, key in ((ORDER, "order"), (CARE, "care")):
        go_live(source, key)
    trigger()
    packing, done, by_value = start(app, "order-4711"), start(app, "order-4712"), start(app, "x", invoice_no="R-20931")
    clock.advance(timedelta(hours=1))
    named = say("Where is order 4711? It was to come on Monday.")
    object_named = say("Invoice R-20931 is wrong.")
    nothing = say("You never listen, 4711 times I called.")
    clock.advance(timedelta(minutes=1))
    sweep(app)

    with app.unit_of_work.reading() as work:
        by = {
            item: next(iter(causes.causes_of(work, case)), None)
            for item in (named, object_named, nothing)
            for case, kind in [(each.instance_id or 0, each.kind) for each in queries.item_links(work, item)]
            if kind == "opened_by"
        }
        effects = causes.caused_by(work, packing)
    assert by[nothing] is None
    key, thing = by[named], by[object_named]
    assert key is not None
    assert thing is not None
    assert (key.causing_instance_id, key.how, key.status, key.element) == (packing, "key", "found", "read")
    assert (thing.causing_instance_id, thing.how) == (by_value, "object")
    assert links(app, named)[packing] == ("said_during", "read")
    assert [each.instance_id for each in effects] == [key.instance_id]
    assert done not in links(app, named)

    with app.unit_of_work(advocate) as work:
        causes.drop_cause(work, key.id)
    assert packing not in links(app, named)


def test_where_several_fit_a_person_is_asked_and_nothing_is_charged_before(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor
) -> None:
    for source, key in ((ORDER, "order"), (CARE, "care")):
        go_live(source, key)
    trigger()
    first, second = start(app, "order-4711"), start(app, "ORDER 4711")
    clock.advance(timedelta(hours=1))
    item = say("Order 4711 came broken.")
    clock.advance(timedelta(minutes=1))
    sweep(app)
    with app.unit_of_work.reading() as work:
        asked = causes.causes_asked(work)
        assert causes.count_asked(work) == 1
    assert {each.causing_instance_id for each in asked} == {first, second}
    assert {first, second}.isdisjoint(links(app, item))
    with app.unit_of_work(advocate) as work:
        causes.confirm_cause(work, next(each.id for each in asked if each.causing_instance_id == second))
    assert links(app, item)[second] == ("said_during", "read")
    with app.unit_of_work.reading() as work:
        (row,) = causes.causes_of(work, asked[0].instance_id)
        assert (row.status, causes.causes_asked(work)) == ("confirmed", [])


def test_after_an_earlier_case_of_the_customer_the_next_complaint_is_about_that(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor
) -> None:
    go_live(CARE, "care")
    trigger()
    ada = {"author_email": "ada@example.org"}
    say(**ada)
    clock.advance(timedelta(hours=1))
    for _ in range(2):
        complete_next(app, advocate)
        clock.advance(timedelta(hours=1))
    clock.advance(timedelta(days=2))
    again = say("It broke again.", **ada)
    clock.advance(timedelta(minutes=1))
    sweep(app)
    assert links(app, again) == {1: ("said_after", "mend"), 2: ("opened_by", "heard")}
    with app.unit_of_work.reading() as work:
        (cause,) = causes.causes_of(work, 2)
    assert (cause.causing_instance_id, cause.how, cause.element_name) == (1, "customer", "Mend what broke")


LOG = """case_id,activity,started_at,completed_at,customer
A-90017,Pack,2026-03-01T08:00:00Z,2026-03-01T09:00:00Z,ada@example.org
A-90017,Deliver,2026-03-01T10:00:00Z,,ada@example.org
"""


def test_a_case_that_runs_elsewhere_is_found_by_its_key_or_its_customer_and_counted_on_its_activity(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, tmp_path: Path
) -> None:
    go_live(CARE, "care")
    trigger()
    log = tmp_path / "l.csv"
    log.write_text(LOG)
    outside.import_log(app.unit_of_work, log, key="logistics")
    keyed = say("A-90017 never came.", author_email="bo@example.org")
    known = say("Nothing came.", author_email="ada@example.org")
    clock.advance(timedelta(minutes=1))
    sweep(app)
    with app.unit_of_work.reading() as work:
        rows = causes.list_caused_elsewhere(work, "logistics", "Deliver")
        assert causes.caused_elsewhere(work, "logistics") == [("Deliver", 2)]
        assert len(work.session.scalars(select(Attribution.id)).all()) == 2  # nothing of ours is charged
        assert work.session.get_one(FeedbackItem, keyed).current
    assert {(each.item_id, each.how) for each in rows} == {(keyed, "key"), (known, "customer")}


def test_numbers_are_those_of_things_alone() -> None:
    text = "Order no. 483388 of 2026-03-01, invoice INV-20931: I paid 1200 euros in 2025 and called 5 times on 0815."
    assert numbers_in(text) == [("order", "483388"), ("invoice", "INV-20931")]
    assert numbers_of_values({"order_id": 4711, "item_id": 99, "invoiceNumber": "R-1", "text": "order 5"}) == [
        ("order", "4711"),
        ("invoice", "R-1"),
    ]
    assert {"4711", "order-4711", "Order 4711", "ORDER-4711"} <= spellings([("order", "4711")])
