"""Verdicts on changes of a process: registered before, cluster-robust, with their threats; loads NumPy and SciPy."""

from bpm.statistics.verdicts.cases import Cases, read_cases
from bpm.statistics.verdicts.plan import Design, Direction, Outcome, Plan, plan_of, read_plan
from bpm.statistics.verdicts.power import Needed, needed
from bpm.statistics.verdicts.verdict import Verdict, verdict
from bpm.statistics.verdicts.wording import Word

__all__ = [
    "Cases",
    "Design",
    "Direction",
    "Needed",
    "Outcome",
    "Plan",
    "Verdict",
    "Word",
    "needed",
    "plan_of",
    "read_cases",
    "read_plan",
    "verdict",
]
