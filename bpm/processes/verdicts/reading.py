"""Verdicts as other rooms and pages read them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm.foundation.work import Work
from bpm.processes.verdicts.models import VerdictLook, VerdictPlan
from bpm.processes.verdicts.status import LookKind, Said


@dataclass(frozen=True)
class VerdictRead:
    """The newest planned look at a change; figures in the unit of the measure per case."""

    plan_id: int
    look_id: int
    verdict: str
    """improved, worse, no difference or not shown."""
    sentence: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    n_old: int
    n_new: int
    at: datetime

    @property
    def shown(self) -> bool:
        """Whether an effect may be claimed."""
        return self.verdict != Said.NOT_SHOWN


def latest_of_improvement(work: Work, improvement_id: int) -> VerdictRead | None:
    """The newest planned look of any plan of the improvement; None before the first."""
    found = work.session.execute(
        select(VerdictPlan.measure, VerdictLook)
        .join(VerdictPlan, VerdictPlan.id == VerdictLook.plan_id)
        .where(VerdictPlan.improvement_id == improvement_id, VerdictLook.kind == LookKind.PLANNED)
        .order_by(VerdictLook.id.desc())
        .limit(1)
    ).first()
    return None if found is None else _read(*found)


def _read(measure: str, look: VerdictLook) -> VerdictRead:
    return VerdictRead(
        look.plan_id, look.id, str(look.verdict), look.sentence, measure, look.estimate, look.low, look.high,
        look.n_old, look.n_new, look.at,
    )  # fmt: skip
