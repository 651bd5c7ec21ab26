"""Economics: what work costs, how it meets the budget, and which causes of contact cost most."""

from bpm.processes.economics.cases import CaseCost, costs_of_cases, costs_of_versions, each_case_of_versions
from bpm.processes.economics.cause_of import SERVICE, Contact
from bpm.processes.economics.causes import VITAL, By, Cause, Causes, Weight, items_of_cause, list_causes
from bpm.processes.economics.demand import REFERENCES, SIMPLE, ChannelDemand, Demand, Reference, demand_by_channel
from bpm.processes.economics.entries import Sum
from bpm.processes.economics.ledger import ActivityCosts, Ledger, Line, PerUnit, VersionCosts, books_of, per_unit
from bpm.processes.economics.opening import open_improvement
from bpm.processes.economics.plan import BudgetLine, CostPlan, EventCost, Rate, Side, amount_of, day_of
from bpm.processes.economics.plans import PlanVersion, get_plan, list_plans, save_plan
from bpm.processes.economics.spending import Spender, spender
from bpm.processes.economics.stopping import Doing, Doings, ProposalRow, list_doings, list_proposals, propose_stop

__all__ = [
    "REFERENCES",
    "SERVICE",
    "SIMPLE",
    "VITAL",
    "ActivityCosts",
    "BudgetLine",
    "By",
    "CaseCost",
    "Cause",
    "Causes",
    "ChannelDemand",
    "Contact",
    "CostPlan",
    "Demand",
    "Doing",
    "Doings",
    "EventCost",
    "Ledger",
    "Line",
    "PerUnit",
    "PlanVersion",
    "ProposalRow",
    "Rate",
    "Reference",
    "Side",
    "Spender",
    "Sum",
    "VersionCosts",
    "Weight",
    "amount_of",
    "books_of",
    "costs_of_cases",
    "costs_of_versions",
    "day_of",
    "demand_by_channel",
    "each_case_of_versions",
    "get_plan",
    "items_of_cause",
    "list_causes",
    "list_doings",
    "list_plans",
    "list_proposals",
    "open_improvement",
    "per_unit",
    "propose_stop",
    "save_plan",
    "spender",
]
