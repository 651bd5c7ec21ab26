"""The effect of a change by the design of its plan; what stands in the way of one goes to the threats."""

import math
from dataclasses import replace

from bpm.foundation.texts import _
from bpm.statistics.verdicts.cases import Cases
from bpm.statistics.verdicts.effects import Effect
from bpm.statistics.verdicts.plan import Design, Outcome, Plan
from bpm.statistics.verdicts.randomised import FEW_CUSTOMERS, compare, worth_customers
from bpm.statistics.verdicts.series import EACH_SIDE, FEWEST_PERIODS, MOST_ALIKE, Interrupted, interrupted
from bpm.statistics.verdicts.staged import GROUPS_TELL, Staged, compare_staged
from bpm.statistics.verdicts.threats import Stage, Threats
from bpm.statistics.verdicts.unsure import widened

APART = 0.01
PLACEBO = 0.2
"""When more dates before the change show as sure a jump, the one at the change is not believed."""


def estimated(cases: Cases, plan: Plan, z: float, threats: Threats, facts: dict[str, float]) -> Effect | None:
    """New minus old per case, with the interval at `z`, made whole for what is unsure; None where there is none.

    Why there is none, and what is to be said beside one, goes to `threats`; what only some designs have to `facts`.
    """
    effect = _effect(cases, plan, z, threats, facts)
    if effect is None:
        return None
    if not all(map(math.isfinite, (effect.estimate, effect.error, *effect.interval))):
        threats.stop(Stage.NO_DATA, _("no data: all cases of an arm are of one customer."))
        return None
    return _corrected(widened(effect, cases, lambda other: _effect(other, plan, z, Threats(), {})), plan)


def _effect(cases: Cases, plan: Plan, z: float, threats: Threats, facts: dict[str, float]) -> Effect | None:
    if plan.design is Design.STAGED:
        return _of_stages(compare_staged(cases, z=z), threats, facts)
    if plan.design is Design.SERIES:
        return _of_series(interrupted(cases, z=z), threats, facts)
    for side, arm in enumerate(cases.arms):
        worth = worth_customers(cases.customer, cases.arm == side)
        if worth < FEW_CUSTOMERS:
            threats.stop(
                Stage.NO_DATA,
                _("no data: few customers have most cases of %(arm)s; they are worth %(n).1f customers, and below "
                  "%(fewest)s no figure is shown.") % {"arm": arm, "n": worth, "fewest": FEW_CUSTOMERS},
            )  # fmt: skip
            return None
    effect = compare(cases.outcome, cases.arm, cases.customer, shares=plan.outcome is Outcome.SHARE, z=z)
    if effect.error == 0:
        threats.stop(Stage.NO_DATA, _("no data: all cases of an arm have the same outcome, so chance cannot be told."))
    return effect


def _of_stages(found: Staged | None, threats: Threats, facts: dict[str, float]) -> Effect | None:
    if found is None:
        threats.stop(
            Stage.NO_DATA,
            _("no data: no group has cases before and after the change beside a group that did not change then."),
        )
        return None
    facts["groups"] = found.groups
    if found.apart is not None:
        facts["p_before"] = found.apart
    if found.apart is not None and found.apart < APART:
        threats.stop(
            Stage.WITHHELD,
            _("trends before: the groups that changed moved differently before anybody changed (p = %(p).2g).")
            % {"p": found.apart},
        )
    if found.groups < GROUPS_TELL:
        threats.others.append(
            _("few groups: with %(n)s groups, what shook one of them cannot be told from the change.")
            % {"n": found.groups}
        )
    if found.never == 0:
        threats.others.append(
            _("no group stayed with the old version: later ones are compared to those that changed before.")
        )
    if found.effect.error == 0:
        threats.stop(Stage.NO_DATA, _("no data: the outcome does not vary, so chance cannot be told."))
    return found.effect


def _of_series(found: Interrupted | None, threats: Threats, facts: dict[str, float]) -> Effect | None:
    if found is None:
        threats.stop(Stage.NO_DATA, _("no data: fewer than three periods before or after the change."))
        return None
    after = found.periods - found.before
    facts |= {"periods": found.periods, "before": found.before, "lag1": found.alike, "slope": found.slope}
    if found.periods < FEWEST_PERIODS:
        threats.stop(
            Stage.WITHHELD,
            _("too few periods: %(n)s; an interval holds from %(fewest)s on.")
            % {"n": found.periods, "fewest": FEWEST_PERIODS},
        )
    elif min(found.before, after) < EACH_SIDE:
        threats.stop(
            Stage.WITHHELD,
            _("too few periods: %(before)s before and %(after)s after the change; each side needs %(side)s.")
            % {"before": found.before, "after": after, "side": EACH_SIDE},
        )
    if found.alike > MOST_ALIKE + 1e-9:
        threats.stop(
            Stage.WITHHELD,
            _("neighbours are alike: lag-1 autocorrelation %(r).2f is above %(most)s.")
            % {"r": found.alike, "most": MOST_ALIKE},
        )
    if found.placebo is not None:
        facts["placebo"] = found.placebo
        if found.placebo > PLACEBO:
            threats.stop(
                Stage.WITHHELD,
                _("placebo dates: %(share).0f of 100 dates before the change show as sure a jump.")
                % {"share": 100 * found.placebo},
            )
    if found.empty:
        threats.others.append(_("%(n)s periods have no case.") % {"n": found.empty})
    if found.effect.error == 0:
        threats.stop(Stage.NO_DATA, _("no data: the outcome does not vary, so chance cannot be told."))
    return found.effect


def _corrected(effect: Effect, plan: Plan) -> Effect:
    """A difference of shares that a classifier saw, made whole (Rogan and Gladen, Am. J. Epidemiology 107, 1978)."""
    told = plan.sensitivity + plan.specificity - 1
    if plan.outcome is not Outcome.SHARE or told == 1:
        return effect
    ends = None if effect.ends is None else (effect.ends[0] / told, effect.ends[1] / told)
    return replace(effect, estimate=effect.estimate / told, error=effect.error / told, ends=ends)
