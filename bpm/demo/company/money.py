"""What work costs in the demo: rates of the departments, costs of contacts and parcels, budgets of a month."""

from decimal import Decimal

from bpm.app import App
from bpm.foundation.work import Actor
from bpm.processes import economics
from bpm.processes.economics import BudgetLine, CostPlan, EventCost, Rate, Side

PLAN = CostPlan(
    rates=(
        Rate("service", Decimal(34)),
        Rate("operations", Decimal(36)),
        Rate("it", Decimal(58)),
        Rate("marketing", Decimal(48), Side.MARKETING),
        Rate("", Decimal(40)),
    ),
    events=(
        EventCost(Decimal("1.40"), channel="call"),
        EventCost(Decimal("0.05"), channel="email"),
        EventCost(Decimal("0.12"), channel="chat"),
        EventCost(Decimal("0.09"), channel="social", side=Side.MARKETING),
        EventCost(Decimal("5.20"), process="returns", element="inspect_return"),
    ),
    budgets=(
        BudgetLine("Care team", Decimal(14_000)),
        BudgetLine("Telephone lines", Decimal(1_100), channel="call"),
        BudgetLine("Help pages and chat", Decimal(900), channel="chat"),
        BudgetLine("Agency for social channels", Decimal(2_400), Side.MARKETING, channel="social"),
        BudgetLine("Newsletter", Decimal(600), Side.MARKETING, channel="email"),
        BudgetLine("Campaigns", Decimal(5_500), Side.MARKETING),
    ),
)


def settle(app: App, actors: dict[str, Actor]) -> None:
    """Let the plan hold."""
    with app.unit_of_work(actors["mia"]) as work:
        economics.save_plan(work, PLAN, reason="From the books of last year, with the new rates.")
