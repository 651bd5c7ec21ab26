"""Call guards: rules over data already held, asked before a customer is contacted; the call that is not made counts."""

from bpm.processes.guards.acting import check_again, override, sweep_guards, why_not_to_call, wire
from bpm.processes.guards.declaring import declare_guard, end_guard
from bpm.processes.guards.judging import RULES, Finding, GuardFacts, judge
from bpm.processes.guards.reading import (
    GuardFigures,
    GuardRow,
    MissingFacts,
    OutcomeRow,
    TaskGuard,
    guard_figures,
    guard_of_task,
    list_guards,
    list_outcomes,
    missing_facts,
)

__all__ = [
    "RULES",
    "Finding",
    "GuardFacts",
    "GuardFigures",
    "GuardRow",
    "MissingFacts",
    "OutcomeRow",
    "TaskGuard",
    "check_again",
    "declare_guard",
    "end_guard",
    "guard_figures",
    "guard_of_task",
    "judge",
    "list_guards",
    "list_outcomes",
    "missing_facts",
    "override",
    "sweep_guards",
    "why_not_to_call",
    "wire",
]
