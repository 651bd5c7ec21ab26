"""How long each department had it, in its own open hours, and whose promise was kept."""

from datetime import datetime, timedelta

import pytest

from bpm import calendars
from bpm.app import App
from bpm.calendars import Calendar, Week
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine import teamwork
from bpm.engine.queries import WorkItemFilter
from bpm.engine.teamwork import Recipient
from bpm.feedback import Taker
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import handing_over
from bpm.processes.handing_over import Order
from bpm.processes.handing_over.crossings import Passing, measured, stretches
from tests.conftest import MONDAY
from tests.processes.conftest import Say, make_person


def hours(number: float) -> datetime:
    return MONDAY + timedelta(hours=number)


def test_each_stretch_is_one_departments_and_they_leave_no_gap() -> None:
    moves = [Passing(hours(2), "it", "operations"), Passing(hours(1), "it", "it"), Passing(hours(9), "x", "y")]
    found = stretches("marketing", "it", begun=hours(0), ended=hours(5), passings=moves)
    assert [(each.from_group, each.group, each.since, each.until) for each in found] == [
        ("marketing", "it", hours(0), hours(2)),
        ("it", "operations", hours(2), hours(5)),
    ]


@pytest.mark.parametrize(
    ("due", "ended", "kept"),
    [
        (None, 5, [None, None]),
        (6, 5, [None, True]),  # handed on in time, done in time
        (3, 5, [None, False]),  # the second was late
        (1, 5, [False, None]),  # the first let it pass; the second cannot be late any more
        (8, None, [None, None]),  # still to come
        (3, None, [None, False]),
    ],
)
def test_a_promise_is_kept_or_broken_by_who_had_it_when_it_fell_due(
    due: int | None, ended: int | None, kept: list[bool | None]
) -> None:
    end = hours(ended) if ended is not None else None
    found = stretches("marketing", "it", begun=hours(0), ended=end, passings=[Passing(hours(2), "it", "operations")])
    told = measured(found, due_at=hours(due) if due is not None else None, now=hours(7), hours={}, names={"it": "IT"})
    assert [each.kept for each in told] == kept
    assert (told[0].to_name, told[1].from_name) == ("IT", "IT")


def test_only_the_hours_count_in_which_the_department_works(
    app: App, say: Say, advocate: Actor, clock: FixedClock
) -> None:
    it, operations = (make_person(app, f"of_{key}", "staff", key) for key in ("it", "operations"))
    with app.unit_of_work() as work:
        nine_to_five = Week((((9 * 60, 17 * 60),),) * 5 + ((), ()))
        calendars.save_calendar(work, "Office", Calendar("UTC", (nine_to_five,)), groups=("it",))
    item_id = say()
    with app.unit_of_work(advocate) as work:
        handing_over.hand_over(work, item_id, Order((Taker(group_key="it"),), due_at=hours(48)))
    clock.advance(timedelta(hours=10))  # 19:00: IT went home at 17:00
    with app.unit_of_work(it) as work:
        (task,) = engine_queries.list_work_items(work, WorkItemFilter()).rows
        teamwork.hand_over(work, task.id, Recipient(group="operations"), text="Yours.")
    clock.advance(timedelta(hours=3))
    with app.unit_of_work(operations) as work:
        engine.complete(work, task.id, {"outcome": "done", "result": "Found it."}, by_form=True)

    with app.unit_of_work.reading() as work:
        (row,) = handing_over.handed_over(work, item_id)
        table = handing_over.between_departments(work, since=hours(-24), until=hours(24))
    assert [(each.from_name, each.to_name, each.open_for, each.kept) for each in row.crossings] == [
        ("Operations", "It", timedelta(hours=8), None),
        ("It", "Operations", timedelta(hours=3), True),
    ]
    assert [(each.from_name, each.to_name, each.times, each.took.n, each.kept.hits) for each in table] == [
        ("It", "Operations", 1, 1, 1),
        ("Operations", "It", 1, 1, 0),
    ]
