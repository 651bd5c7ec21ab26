"""People of two groups with office hours, and a plan of what their work costs."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from bpm import calendars
from bpm.app import App
from bpm.calendars import Calendar, Week
from bpm.foundation.work import Actor
from bpm.processes import economics
from bpm.processes.economics import BudgetLine, CostPlan, EventCost, Rate, Side
from tests.processes.conftest import make_person

OFFICE = Calendar("UTC", (Week((((9 * 60, 17 * 60),),) * 5 + ((),) * 2),))
"""Nine to five, Monday to Friday."""
PLAN = CostPlan(
    rates=(
        Rate("service", Decimal("36.50")),
        Rate("operations", Decimal("48.00")),
        Rate("marketing", Decimal(60), Side.MARKETING),
        Rate("operations", Decimal(60), valid_from=date(2026, 3, 10)),
    ),
    events=(
        EventCost(Decimal("2.35"), channel="email"),
        EventCost(Decimal("6.015"), channel="call"),
        EventCost(Decimal("0.333"), process="care", element="mend"),
    ),
    budgets=(
        BudgetLine("Service team", Decimal(3100)),
        BudgetLine("Posts", Decimal("310.01"), Side.MARKETING, "social"),
    ),
)

SavePlan = Callable[..., int]


@pytest.fixture
def manager(app: App) -> Actor:
    return make_person(app, "mona", "manager", "service")


@pytest.fixture
def office(app: App) -> None:
    """Everybody works nine to five."""
    with app.unit_of_work() as work:
        calendars.save_calendar(work, "Office", OFFICE, groups=[calendars.EVERYBODY])


@pytest.fixture
def save_plan(app: App, manager: Actor) -> SavePlan:
    def save(plan: CostPlan = PLAN, reason: str = "Agreed with finance.") -> int:
        with app.unit_of_work(manager) as work:
            return economics.save_plan(work, plan, reason=reason)

    return save
