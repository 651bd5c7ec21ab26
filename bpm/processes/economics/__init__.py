"""Economics: what work costs, who can do how much of it, and which causes of contact cost most."""

from bpm.processes.economics.cases import CaseCost, costs_of_cases
from bpm.processes.economics.plan import BudgetLine, CostPlan, EventCost, Rate, Side
from bpm.processes.economics.plans import get_plan, list_plans, save_plan

__all__ = [
    "BudgetLine",
    "CaseCost",
    "CostPlan",
    "EventCost",
    "Rate",
    "Side",
    "costs_of_cases",
    "get_plan",
    "list_plans",
    "save_plan",
]
