"""Verdicts on changes: laid down before, looked at by plan, read in one order, kept, and gathered by kind of change."""

from bpm.processes.verdicts.before import Foreseen, SelfTest, Wish, a_against_a, foresee, power_with
from bpm.processes.verdicts.checking import MOST_GUARDS, MOST_LOOKS, Guard, Plan, check_plan
from bpm.processes.verdicts.deciding import advice, decide, newest_look, sign_second, waiting
from bpm.processes.verdicts.looking import FOLLOW_UPS, amount
from bpm.processes.verdicts.models import ChangePattern, VerdictDecision, VerdictGuard, VerdictLook, VerdictPlan
from bpm.processes.verdicts.outcomes import MEASURES, CaseMeasure, PerCase
from bpm.processes.verdicts.patterns import Known, library, name_pattern, rename_pattern, retire_pattern
from bpm.processes.verdicts.plans import AMENDABLE, amend, get_plan_row, register, withdraw
from bpm.processes.verdicts.reading import (
    Badge,
    PlanDetail,
    PlanRow,
    VerdictRead,
    badges,
    cases_of_look,
    get_plan,
    latest_of_improvement,
    list_plans,
)
from bpm.processes.verdicts.rescoring import read_by, rescore
from bpm.processes.verdicts.status import Better, Choice, LookKind, PlanDesign, PlanState, Said
from bpm.processes.verdicts.sweeping import sweep_verdicts
from bpm.processes.verdicts.told import Standing, as_plain, row_as_plain, standing

__all__ = [
    "AMENDABLE", "FOLLOW_UPS", "MEASURES", "MOST_GUARDS", "MOST_LOOKS",
    "Badge", "Better", "CaseMeasure", "ChangePattern", "Choice", "Foreseen", "Guard", "Known", "LookKind",
    "PerCase", "Plan", "PlanDesign", "PlanDetail", "PlanRow", "PlanState", "Said", "SelfTest", "Standing",
    "VerdictDecision", "VerdictGuard", "VerdictLook", "VerdictPlan", "VerdictRead", "Wish",
    "a_against_a", "advice", "amend", "amount", "as_plain", "badges", "cases_of_look", "check_plan",
    "decide", "foresee",
    "get_plan", "get_plan_row", "latest_of_improvement", "library", "list_plans", "name_pattern", "newest_look",
    "power_with", "read_by", "register", "rename_pattern", "rescore", "retire_pattern", "row_as_plain", "sign_second",
    "standing", "sweep_verdicts", "waiting", "withdraw",
]  # fmt: skip
