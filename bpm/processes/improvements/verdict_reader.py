"""The narrow door to verdicts: whether a question was registered for an improvement, and what its answer is."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from bpm.foundation.work import Work
from bpm.processes.verdicts import VerdictRead, latest_of_improvement
from bpm.processes.verdicts.models import VerdictLook, VerdictPlan
from bpm.processes.verdicts.status import LookKind, PlanState, Said

__all__ = ["IMPROVED", "VerdictRead", "count_plans", "first_improved", "is_answered", "latest_of_improvement"]

IMPROVED = str(Said.IMPROVED)


def count_plans(work: Work, improvement_id: int) -> int:
    """Questions that were laid down for it and stand."""
    query = select(func.count()).select_from(VerdictPlan).where(VerdictPlan.improvement_id == improvement_id)
    return work.session.scalar(query.where(VerdictPlan.state != PlanState.WITHDRAWN)) or 0


def is_answered(work: Work, read: VerdictRead | None) -> bool:
    """Whether the answer stands: something is shown, or the last planned look is over."""
    if read is None:
        return False
    state = work.session.scalar(select(VerdictPlan.state).where(VerdictPlan.id == read.plan_id))
    return read.shown or state in (PlanState.READ, PlanState.DECIDED)


def first_improved(work: Work, improvement_ids: Sequence[int]) -> dict[int, datetime]:
    """{improvement: when a planned look first said that it improved}."""
    found = work.session.execute(
        select(VerdictPlan.improvement_id, func.min(VerdictLook.at))
        .join(VerdictLook, VerdictLook.plan_id == VerdictPlan.id)
        .where(
            VerdictPlan.improvement_id.in_(improvement_ids), VerdictLook.kind == LookKind.PLANNED,
            VerdictLook.verdict == Said.IMPROVED,
        )
        .group_by(VerdictPlan.improvement_id)
    )  # fmt: skip
    return {improvement_id: at for improvement_id, at in found if improvement_id is not None}
