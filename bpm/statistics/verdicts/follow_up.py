"""Outcomes that come late: cases that were not looked at for long enough are left out, whatever came of them so far.

To leave out only those without an outcome would count the quick ones of young cases and make the newer version worse;
to keep all would make it better.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpm.statistics.distributions import chi_square_above
from bpm.statistics.verdicts.cases import Cases, Floats
from bpm.statistics.verdicts.plan import Outcome, Plan

MOST = 0.95
"""A case has been looked at for long enough when this share of the outcomes has come."""
_SURE = 0.05
_DELAYS = np.exp(np.linspace(math.log(0.25), math.log(365), 60))
"""Mean delays of an outcome in days that are tried."""
FEW = 10
SOONER = 0.35
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
    outcome: Floats | None = None
    """What each case counts for instead, where `observed_until` is the instant at which its outcome came."""


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
    if plan.outcome is Outcome.SHARE and _ends_with_outcome(cases, length):
        days = plan.window_days or _shared_days(cases, length)
        return FollowUp(everything, days, late=True, unequal=False, outcome=_pseudo_values(cases, length, days))
    delay = _delay(cases, length) if plan.outcome is not Outcome.MEAN else 0.0
    days = max(plan.window_days, -math.log(1 - MOST) * delay)
    keep = length >= days - 1e-9
    unequal = delay == 0 and _unequal(length, cases.arm == 1, plan.window_days)
    return FollowUp(keep, days, late=delay > 0, unequal=unequal)


def _ends_with_outcome(cases: Cases, length: Floats) -> bool:
    """Whether a case was looked at until its outcome came: then those with one were looked at for less long.

    Where all are looked at until one day it is the other way round. By the chance that a case with an outcome was
    looked at for longer than one without (Mann and Whitney, 1947).
    """
    some = cases.outcome > 0
    if min(some.sum(), (~some).sum()) < FEW:
        return False
    order = np.sort(length[~some])
    longer = np.searchsorted(order, length[some], "left") + np.searchsorted(order, length[some], "right")
    return bool(longer.mean() / (2 * len(order)) < SOONER)


def _shared_days(cases: Cases, length: Floats) -> float:
    """As long as some of both arms were looked at: a tenth of an arm's cases without an outcome, and ten at least."""
    days = []
    for side in (0, 1):
        left = np.sort(length[(cases.arm == side) & (cases.outcome == 0)])
        if not len(left):
            return 0.0
        days.append(float(left[max(0, len(left) - max(FEW, len(left) // 10))]))
    return min(days)


def _pseudo_values(cases: Cases, length: Floats, days: float) -> Floats:
    """Values per case whose mean in an arm is the share with an outcome within `days`, and whose spread is its error.

    Kaplan and Meier, JASA 53 (1958); what each case adds to it is its influence (Andersen and Perme, Stat. Methods
    Med. Res. 19, 2010).
    """
    values = np.zeros(len(cases))
    for side in (0, 1):
        of = np.flatnonzero(cases.arm == side)
        time, came = length[of], cases.outcome[of] > 0
        instants = np.unique(time[came & (time <= days)])
        events = np.array([np.sum(came & (time == instant)) for instant in instants], dtype=float)
        at_risk = np.array([np.sum(time >= instant) for instant in instants], dtype=float)
        left = float(np.prod(1 - events / at_risk))
        hazard = np.concatenate([[0.0], np.cumsum(events / np.maximum(at_risk, 1) ** 2)])
        passed = hazard[np.searchsorted(instants, np.minimum(time, days), "right")]
        own = np.zeros(len(of))
        early = came & (time <= days)
        own[early] = 1 / at_risk[np.searchsorted(instants, time[early])]
        values[of] = 1 - left + len(of) * left * (own - passed)
    return values


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
