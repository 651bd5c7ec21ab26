"""What cases cost: working time at its rate, events, contacts and goodwill, to the cent."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import economics
from bpm.processes.models import Gesture
from bpm.processes.status import GestureStatus, Purpose
from tests.processes.conftest import GoLive, Say
from tests.processes.economics.conftest import SavePlan
from tests.processes.models import CARE


def claim(app: App, actor: Actor, *numbers: int) -> None:
    with app.unit_of_work(actor) as work:
        for number in numbers:
            engine.claim(work, number)


def complete(app: App, actor: Actor, *numbers: int) -> None:
    with app.unit_of_work(actor) as work:
        for number in numbers:
            engine.complete(work, number, {})


def open_tasks(app: App) -> list[int]:
    with app.unit_of_work.reading() as work:
        found = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows
        return sorted(row.id for row in found)


def give(app: App, actor: Actor, item_id: int, cost: int) -> None:
    with app.unit_of_work() as work:
        work.session.execute(
            insert(Gesture).values(
                item_id=item_id, user_id=actor.user_id, at=work.now(), what="a voucher", amount=cost, cost=cost,
                purpose=Purpose.SERVICE, why="late", status=GestureStatus.GIVEN, rule_given=True, rule_up_to=5000,
                rule_why="",
            )
        )  # fmt: skip


@pytest.mark.both_databases
def test_a_case_costs_its_shared_hours_at_the_rate_of_the_day_its_events_its_contact_and_its_goodwill(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor,
    office: None, save_plan: SavePlan,
) -> None:  # fmt: skip
    save_plan()
    go_live(CARE, "care")
    trigger()
    first, _second = say(), say(channel="call", source="phone")
    one, two = open_tasks(app)
    claim(app, advocate, one)  # Monday, 9:00
    clock.advance(timedelta(hours=1))
    claim(app, advocate, two)
    clock.advance(timedelta(hours=1))
    complete(app, advocate, one)  # 1 h alone, 1 h shared by two: 1.5 h
    clock.advance(timedelta(hours=1))
    complete(app, advocate, two)  # 0.5 h and 1 h: 1.5 h
    three, four = open_tasks(app)
    clock.advance(timedelta(hours=4))  # 16:00
    claim(app, advocate, three)
    clock.advance(timedelta(hours=18))  # Tuesday, 10:00: 2 open hours
    complete(app, advocate, three)
    clock.advance(timedelta(days=6) + timedelta(hours=6))  # Monday, 16:00, the 9th
    claim(app, advocate, four)
    clock.advance(timedelta(days=1) - timedelta(hours=5))  # Tuesday, 11:00: 1 h of the old rate, 2 h of the new
    give(app, advocate, first, 1999)
    complete(app, advocate, four)

    with app.unit_of_work.reading() as work:
        now = work.now()
        cases = economics.costs_of_cases(work, "care", 1, now - timedelta(days=30), now + timedelta(days=1))
        other = economics.costs_of_cases(work, "care", 2, now - timedelta(days=30), now + timedelta(days=1))

    assert other == []
    assert [(case.hours, case.goodwill) for case in cases] == [(3.5, 1999), (4.5, 0)]
    exact = [
        Decimal("36.50") * 3 / 2 + 48 * 2 + Decimal("0.333") + Decimal("2.35") + Decimal("19.99"),
        Decimal("36.50") * 3 / 2 + 48 + 60 * 2 + Decimal("0.333") + Decimal("6.015"),
    ]
    assert [case.cents for case in cases] == [pytest.approx(float(each * 100), abs=1) for each in exact]
    assert sum(case.cents for case in cases) == round(float(sum(exact) * 100))
    assert all(case.cents == case.time + case.events + case.contacts + case.goodwill for case in cases)
