"""The narrow door to verdicts: whether a question was registered for an improvement, and what its answer is."""

from sqlalchemy import func, select

from bpm.foundation.work import Work
from bpm.processes.verdicts import VerdictRead, latest_of_improvement
from bpm.processes.verdicts.models import VerdictPlan

__all__ = ["VerdictRead", "count_plans", "latest_of_improvement"]


def count_plans(work: Work, improvement_id: int) -> int:
    """Questions that were laid down for it."""
    query = select(func.count()).select_from(VerdictPlan).where(VerdictPlan.improvement_id == improvement_id)
    return work.session.scalar(query) or 0
