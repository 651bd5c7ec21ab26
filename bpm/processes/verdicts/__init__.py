"""Verdicts on changes: laid down before, looked at by plan, read in one order, kept, and gathered by kind of change."""

from bpm.processes.verdicts.outcomes import MEASURES, CaseMeasure
from bpm.processes.verdicts.plans import Guard, Plan, amend, register, withdraw
from bpm.processes.verdicts.reading import VerdictRead, latest_of_improvement

__all__ = [
    "MEASURES",
    "CaseMeasure",
    "Guard",
    "Plan",
    "VerdictRead",
    "amend",
    "latest_of_improvement",
    "register",
    "withdraw",
]
