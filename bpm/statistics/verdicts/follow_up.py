"""Outcomes that come late: cases that were not looked at for long enough are left out, whatever came of them so far.

To leave out only those without an outcome would count the quick ones of young cases and make the newer version worse;
to keep all would make it better.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpm.statistics.verdicts.cases import Cases, Floats
from bpm.statistics.verdicts.distributions import chi_square_above
from bpm.statistics.verdicts.plan import Outcome, Plan

MOST = 0.95
"""A case has been looked at for long enough when this share of the outcomes has come."""
_SURE = 0.05
_DELAYS = np.exp(np.linspace(math.log(0.25), math.log(365), 60))
"""Mean delays of an outcome in days that are tried."""
OVERLAP = 0.5
DIFFERENT = 1.25
"""Arms whose medians differ by more were not looked at for equally long."""


@dataclass(frozen=True)
class FollowUp:
    """Which cases count; `days` they must have been looked at, `late` whether outcomes were seen to come late."""

    keep: NDArray[np.bool_]
    days: float
    late: bool
    unequal: bool
    """The arms were looked at so differently long that it cannot be told apart from their effect."""


def followed_up(cases: Cases, plan: Plan) -> FollowUp:
    """Cases that were looked at for the window of the plan, and until 95 of 100 late outcomes have come.

    How late outcomes come is told by the cases themselves: younger ones of an arm have fewer. Model: delays are
    exponential, each arm has its own level (Kalbfleisch and Lawless, JASA 84, 1989, for reporting delays); it counts
    where its likelihood ratio is sure at 5 %.
    """
    everything = np.ones(len(cases), dtype=bool)
    if cases.until is None:
        return FollowUp(everything, 0.0, late=False, unequal=False)
    length = cases.until - cases.started
    delay = _delay(cases, length) if plan.outcome is not Outcome.MEAN else 0.0
    days = max(plan.window_days, -math.log(1 - MOST) * delay)
    keep = length >= days - 1e-9
    unequal = delay == 0 and _unequal(length, cases.arm == 1, plan.window_days)
    return FollowUp(keep, days, late=delay > 0, unequal=unequal)


def _delay(cases: Cases, length: Floats) -> float:
    """The mean delay in days by maximum likelihood; 0 where no delay is seen."""
    finite = np.where(np.isfinite(length), length, 1e6)
    if cases.outcome.sum() == 0 or np.ptp(finite) == 0:
        return 0.0
    at_once = _likelihood(cases, np.ones(len(cases)))
    found = [_likelihood(cases, 1 - np.exp(-np.maximum(finite, 1e-3) / delay)) for delay in _DELAYS]
    best = int(np.argmax(found))
    sure = chi_square_above(max(0.0, 2 * (found[best] - at_once)), 1) < _SURE
    return float(_DELAYS[best]) if sure else 0.0


def _likelihood(cases: Cases, come: Floats) -> float:
    """Of counts with mean level(arm) times the share `come` that can have come by then."""
    total = 0.0
    for side in (0, 1):
        of = cases.arm == side
        some = float(cases.outcome[of].sum())
        if some > 0:
            level = some / float(come[of].sum())
            total += float((cases.outcome[of] * np.log(level * come[of])).sum())
    return total


def _unequal(length: Floats, new: NDArray[np.bool_], window: float) -> bool:
    """Arms that hardly share a length of time, where no window says that what came later does not count."""
    if not np.isfinite(length).all() or window > 0:
        return False
    medians = [float(np.median(length[new == side])) for side in (False, True)]
    if max(medians) <= DIFFERENT * max(min(medians), 1e-9):
        return False
    low = max(float(np.quantile(length[new == side], 0.05)) for side in (False, True))
    high = min(float(np.quantile(length[new == side], 0.95)) for side in (False, True))
    shared = min(float(((length >= low) & (length <= high))[new == side].mean()) for side in (False, True))
    return shared < OVERLAP
