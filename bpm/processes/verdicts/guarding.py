"""Guards: measures that must not become worse while a change is tried; looked at at any time, with a bound that may be.

The bound is one-sided and always valid, tuned to the planned number of cases; five guards share its five in a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.verdicts.arms import arm_cases
from bpm.processes.verdicts.gathering import gather
from bpm.processes.verdicts.looking import amount, effect_of
from bpm.processes.verdicts.models import VerdictGuard, VerdictPlan
from bpm.processes.verdicts.outcomes import MEASURES
from bpm.processes.verdicts.status import Better

ALPHA = 0.05


@dataclass(frozen=True)
class GuardReading:
    """How a guard stands: how much worse the new version is, and at least is; None with too few cases."""

    measure: str
    tolerated: float
    n_old: int
    n_new: int
    harm: float | None = None
    at_least: float | None = None

    @property
    def crossed(self) -> bool:
        return self.at_least is not None and self.at_least > self.tolerated


def read_guards(work: Work, row: VerdictPlan) -> list[GuardReading]:
    """How the guards stand now; nothing is kept yet.

    Young cases count as far as they went: the draw makes them equally young in both arms.
    """
    if not row.guards:
        return []
    cases = arm_cases(work, row, until=work.now())
    found = gather(work, cases, [each["measure"] for each in row.guards])
    new = sum(case.new for case in cases)
    old = len(cases) - new
    readings = []
    for each in row.guards:
        known, effect = MEASURES[each["measure"]], effect_of(row, found, cases, each["measure"])
        harm = at_least = None
        if effect is not None and effect.error > 0:
            harm = effect.estimate if known.better is Better.LOWER else -effect.estimate
            at_least = harm - _bound(row, min(old, new)) * effect.error
        readings.append(GuardReading(known.name, each["tolerated"], old, new, harm, at_least))
    return readings


def _bound(row: VerdictPlan, per_arm: int) -> float:
    from bpm.statistics.verdicts.sequential import always_valid

    return always_valid(per_arm, row.per_arm, ALPHA / max(1, len(row.guards)))


def keep_guards(work: Work, row: VerdictPlan, readings: Sequence[GuardReading]) -> str:
    """Keep how they stand; gives why the rollout must pause, once for each guard, or nothing."""
    crossed = []
    for each in readings:
        kept = _kept(work, row, each.measure)
        kept.checked_at, kept.n_old, kept.n_new = work.now(), each.n_old, each.n_new
        if each.at_least is None:
            continue
        kept.harm, kept.at_least = each.harm, each.at_least
        if each.crossed and kept.crossed_at is None:
            kept.crossed_at = work.now()
            known = MEASURES[each.measure]
            crossed.append(
                _("guard: “%(measure)s” is worse by at least %(by)s.")
                % {"measure": known.title, "by": amount(known, each.at_least)}
            )
    return " ".join(crossed)


def _kept(work: Work, row: VerdictPlan, measure: str) -> VerdictGuard:
    found = work.session.scalar(
        select(VerdictGuard).where(VerdictGuard.plan_id == row.id, VerdictGuard.measure == measure)
    )
    if found is None:
        found = VerdictGuard(plan_id=row.id, measure=measure, checked_at=work.now(), n_old=0, n_new=0)
        work.session.add(found)
    return found
