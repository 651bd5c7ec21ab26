"""Items are given to people: to the trained alone, by hand with a reason on the trail, or by itself where wanted."""

from datetime import date, timedelta

import pytest

from bpm import audit, feedback, identity
from bpm.app import App
from bpm.audit import Filters
from bpm.engine import teamwork
from bpm.feedback import Taker
from bpm.feedback.queries import ItemFilter, list_items
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import handing_over, routing
from bpm.processes.handing_over import Order
from bpm.processes.routing import ADVOCATES, Table, UntrainedError
from tests.processes.conftest import Say, make_person


def train(app: App, person: Actor, skill: str, until: date | None = None) -> None:
    with app.unit_of_work() as work:
        identity.set_skills(work, person.user_id or 0, {skill: until})


def owner(app: App, item_id: int) -> str | None:
    with app.unit_of_work.reading() as work:
        found = routing.owners(work, [item_id]).get(item_id)
        return found.name if found else None


def switch_on(app: App, *inboxes: str) -> None:
    with app.unit_of_work() as work:
        table = routing.get_table(work)
        routing.save_table(work, Table(table.rows, table.from_level, frozenset(inboxes)), reason="Too many to choose.")


def test_the_untrained_get_nothing_unless_a_reason_is_on_the_trail(
    app: App, say: Say, advocate: Actor, clock: FixedClock
) -> None:
    able, late = make_person(app, "able", "advocate", "it"), make_person(app, "late", "advocate", "it")
    train(app, able, "delivery")
    train(app, late, "delivery", clock.now().date() - timedelta(days=1))
    item_id = say(topic="Delivery / Late")
    for person in (late, advocate):
        with pytest.raises(UntrainedError, match="not trained for delivery"), app.unit_of_work(advocate) as work:
            routing.assign(work, item_id, person.user_id or 0)
    with pytest.raises(UntrainedError), app.unit_of_work(advocate) as work:
        handing_over.hand_over(work, item_id, Order((Taker(user_id=late.user_id),)))

    with app.unit_of_work(advocate) as work:
        routing.assign(work, item_id, able.user_id or 0)
    assert owner(app, item_id) == "Able"
    with app.unit_of_work(advocate) as work:
        routing.assign(work, item_id, late.user_id or 0, override="She knows the customer.")
        handing_over.hand_over(work, item_id, Order((Taker(user_id=late.user_id),), override="She knows the customer."))
    with app.unit_of_work.reading() as work:
        rows = audit.list_rows(work, Filters(), limit=50).rows
        assert {row.verb for row in rows if row.reason == "She knows the customer."} == {
            "feedback.assign",
            "feedback.untrained",
        }
    assert owner(app, item_id) == "Late"

    with app.unit_of_work(advocate) as work:
        feedback.decide(work, item_id, "no", reason="Told her.", knowing=True)
    assert owner(app, item_id) is None


def test_new_items_go_by_themselves_to_who_is_trained_here_and_has_least_and_never_by_reach(
    app: App, say: Say, clock: FixedClock
) -> None:
    people = {name: make_person(app, name, "advocate") for name in ("ann", "ben", "cem")}
    for name in ("ann", "ben"):
        train(app, people[name], "delivery")
    train(app, people["cem"], "delivery", clock.now().date() - timedelta(days=1))
    items = [say(channel="social", extra={"followers": number * 100_000}) for number in range(3)]
    with app.unit_of_work.reading() as work:
        assert routing.get_table(work).assigning == frozenset()
    assert routing.sweep_assignments(app.unit_of_work) == 0

    switch_on(app, ADVOCATES)
    assert routing.sweep_assignments(app.unit_of_work) == 3
    assert [owner(app, each) for each in items] == ["Ann", "Ben", "Ann"]
    assert routing.sweep_assignments(app.unit_of_work) == 0

    with app.unit_of_work(people["ben"]) as work:
        routing.set_presence(work, is_away=True)
    later = say(channel="social")
    assert routing.sweep_assignments(app.unit_of_work) == 1
    assert owner(app, later) == "Ann"
    with app.unit_of_work(people["ann"]) as work:
        teamwork.plan_absence(work, people["ben"].user_id or 0, clock.now(), clock.now() + timedelta(days=2))
    last = say(channel="social")
    assert routing.sweep_assignments(app.unit_of_work) == 0  # both are away, and Cem's training is over
    with app.unit_of_work(people["ben"]) as work:
        routing.set_presence(work, is_away=False)
    assert routing.sweep_assignments(app.unit_of_work) == 1
    assert owner(app, last) == "Ben"


def test_an_inbox_holds_what_lands_there_and_the_table_keeps_its_reason(app: App, say: Say, advocate: Actor) -> None:
    social, mail = say(channel="social"), say(topic="fraud")
    with app.unit_of_work() as work:
        identity.ensure_group(work, "service")

    def listed(inbox: str) -> list[int]:
        with app.unit_of_work.reading() as work:
            landing, hard = routing.places_of(routing.get_table(work), inbox)
            return [row.id for row in list_items(work, ItemFilter(landing=landing, hard=hard)).rows]

    simple = say()
    assert set(listed(ADVOCATES)) == {social, mail}
    assert listed("service") == [simple]
    with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
        routing.save_table(work, Table(), reason="  ")
    with app.unit_of_work(advocate) as work:
        routing.save_table(work, Table(), reason="We are all advocates.")
    assert set(listed(ADVOCATES)) == {social, mail, simple}
