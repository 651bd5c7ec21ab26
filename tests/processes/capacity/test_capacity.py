"""Load is held against staffed hours: people by their part, absences off, weeks above it flagged."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bpm.app import App
from bpm.engine.task_models import Absence
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import capacity
from bpm.processes.capacity import GroupCapacity, Staffing
from tests.processes.conftest import make_person

Period = tuple[datetime, datetime]


def of(app: App, group: str) -> GroupCapacity:
    with app.unit_of_work.reading() as work:
        return next(each for each in capacity.list_capacity(work) if each.group == group)


def test_a_week_with_more_work_than_hours_is_flagged_and_people_in_two_groups_count_half(
    app: App, busy: Period, clock: FixedClock, manager: Actor
) -> None:
    clock.advance(timedelta(days=7))
    found = of(app, "service")

    week = found.weeks[-1]
    assert found.people == 1.5, "Mona is in service alone, Maya in operations, too"
    assert (week.tasks, found.ended) == (10, 10)
    assert week.staffed == 1.5 * 40
    assert found.hours_each is not None
    assert week.load == pytest.approx(10 * found.hours_each)
    assert not week.is_over
    assert not found.always_open
    assert (found.outlook.shown, len(found.weeks)) == (False, 8)

    with app.unit_of_work(manager) as work:
        plan = {"service": Staffing(share=Decimal("0.05"), people=Decimal("0.1"), wip=2)}
        capacity.save_staffing(work, plan, reason="Mostly on the phone.")
    found = of(app, "service")
    assert found.weeks[-1].staffed == pytest.approx(0.1 * 40 * 0.05)
    assert (found.weeks[-1].is_over, found.over_weeks) == (True, 1)
    assert (found.open_tasks, found.is_over_wip) == (3, True)


def test_an_absence_takes_its_open_hours_off(app: App, office: None, manager: Actor, clock: FixedClock) -> None:
    make_person(app, "olga", "staff", "service")
    monday = clock.now() - timedelta(days=7)
    with app.unit_of_work() as work:
        work.session.add(
            Absence(user_id=manager.user_id, deputy_id=manager.user_id, from_at=monday.replace(hour=13),
                    until_at=monday + timedelta(days=2))
        )  # fmt: skip

    week = of(app, "service").weeks[-1]

    assert week.staffed == 2 * 40 - (4 + 8), "Monday afternoon and Tuesday"
    assert week.load is None, "nobody finished ten tasks"


def test_tasks_of_half_a_year_are_forecast_where_that_is_worth_it() -> None:
    """See tests/statistics/test_forecast.py for the method; here that a week to come is held against hours, too."""
    from bpm.processes.capacity.load import _Staffed, _weeks
    from bpm.processes.daybook.shared_time import OpenHours
    from bpm.statistics.forecast import BackTest, Outlook
    from tests.processes.economics.conftest import OFFICE
    from tests.processes.economics.test_books import AT

    today = AT.replace(hour=0)
    clock = OpenHours(OFFICE, today - timedelta(days=200), today + timedelta(days=40))
    said = Outlook((90.0, 90.0), BackTest(10, 5.0, 8.0, (6.0, 7.0)), None)
    weeks = _weeks([10.0] * 182, said, _Staffed(clock, {1: 1.0}, {}, Staffing()), today=today, each=0.5)

    assert [(week.tasks, week.is_over) for week in weeks if week.is_forecast] == [(90.0, True), (90.0, True)]
    assert (weeks[-1].low, weeks[-1].high) == (83.0, 97.0)
    assert {week.load for week in weeks if not week.is_forecast} == {35.0}
