"""When the departments of the demo work, how many they are, and until when their work is due."""

from decimal import Decimal

from bpm import calendars
from bpm.app import App
from bpm.calendars import Calendar, Week, read_hours
from bpm.engine import api as engine
from bpm.foundation.work import Actor
from bpm.processes import capacity, guards
from bpm.processes.capacity import Staffing
from bpm.processes.status import GuardEffect, GuardRule

ZONE = "Europe/Berlin"
SHOP, OFFICE = read_hours("08:00-20:00"), read_hours("08:00-17:00")
WEEKS = {
    "Care and depot": ((SHOP,) * 6 + ((),), ("service", "operations")),
    "Office": ((OFFICE,) * 5 + ((),) * 2, ("it", "marketing")),
}
"""Calendar -> hours from Monday on, and whose they are."""
STAFFING = {
    "service": Staffing(Decimal("0.8"), Decimal(6), 60),
    "operations": Staffing(Decimal("0.7"), Decimal(4), 80),
    "it": Staffing(Decimal("0.4"), Decimal(3), 30),
    "marketing": Staffing(Decimal("0.3"), Decimal(2), 20),
}
DUE = (
    ("complaint_to_resolution", "", "", "PT8H"),
    ("complaint_to_resolution", "put_order_right", "", "PT16H"),
    ("complaint_to_resolution", "fix_fault", "", "PT16H"),
    ("returns", "", "", "PT16H"),
    ("suggestion_to_improvement", "", "", "PT40H"),
    ("social_engagement", "", "", "PT4H"),
)
"""(process, activity, group, open hours until a task is due)."""

HELD = ("complaint_to_resolution", "acknowledge_complaint")
"""(process, activity) at which nobody writes to customers who are hit by an open incident: its updates reach them."""


def settle(app: App, actors: dict[str, Actor]) -> None:
    """Calendars of the groups, how many people are planned, and service targets of the processes."""
    with app.unit_of_work(actors["alex"]) as work:
        for name, (week, groups) in WEEKS.items():
            calendars.save_calendar(work, name, Calendar(ZONE, (Week(week),), country="DE"), groups=groups)
        for key, element, group, target in DUE:
            engine.set_service_target(work, key, target, element=element, group=group)
    with app.unit_of_work(actors["dana"]) as work:
        guards.declare_guard(work, *HELD, rule=GuardRule.INCIDENT, effect=GuardEffect.HOLD)
    with app.unit_of_work(actors["mia"]) as work:
        capacity.save_staffing(work, STAFFING, reason="As agreed with the leads for this half-year.")
