"""Guards: measures that must not become worse while a change is tried; looked at at any time, with a bound that may be.

The bound is one-sided and always valid, tuned to the planned number of cases; five guards share its five in a hundred.
"""

from sqlalchemy import select

from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.verdicts.gathering import arm_cases, gather
from bpm.processes.verdicts.looking import amount, effect_of
from bpm.processes.verdicts.models import VerdictGuard, VerdictPlan
from bpm.processes.verdicts.outcomes import MEASURES
from bpm.processes.verdicts.status import Better

ALPHA = 0.05


def check_guards(work: Work, row: VerdictPlan) -> str:
    """Look at the guards; gives why the rollout must pause, once, or nothing.

    Young cases count as far as they went: the draw makes them equally young in both arms.
    """
    if not row.guards:
        return ""
    cases = arm_cases(work, row, until=work.now())
    found = gather(work, cases, [each["measure"] for each in row.guards])
    crossed = []
    for each in row.guards:
        known, effect = MEASURES[each["measure"]], effect_of(row, found, cases, each["measure"])
        kept = _kept(work, row, known.name)
        kept.checked_at = work.now()
        kept.n_new = sum(case.new for case in cases)
        kept.n_old = len(cases) - kept.n_new
        if effect is None or effect.error <= 0:
            continue
        worse = 1 if known.better is Better.LOWER else -1
        kept.harm = worse * effect.estimate
        kept.at_least = kept.harm - _bound(row, min(kept.n_old, kept.n_new)) * effect.error
        if kept.crossed_at is None and kept.at_least > each["tolerated"]:
            kept.crossed_at = work.now()
            crossed.append(
                _("guard: “%(measure)s” is worse by at least %(by)s.")
                % {"measure": known.title, "by": amount(known, kept.at_least)}
            )
    return " ".join(crossed)


def _bound(row: VerdictPlan, per_arm: int) -> float:
    from bpm.statistics.verdicts.sequential import always_valid

    return always_valid(per_arm, row.per_arm, ALPHA / max(1, len(row.guards)))


def _kept(work: Work, row: VerdictPlan, measure: str) -> VerdictGuard:
    found = work.session.scalar(
        select(VerdictGuard).where(VerdictGuard.plan_id == row.id, VerdictGuard.measure == measure)
    )
    if found is None:
        found = VerdictGuard(plan_id=row.id, measure=measure, checked_at=work.now(), n_old=0, n_new=0)
        work.session.add(found)
    return found
