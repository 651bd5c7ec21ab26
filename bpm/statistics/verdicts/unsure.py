"""What is only suggested as uncertainty of an effect: the interval is as wide as any confirming could make it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bpm.statistics.verdicts.cases import Cases
from bpm.statistics.verdicts.effects import Effect


def widened(effect: Effect, cases: Cases, again: Callable[[Cases], Effect | None]) -> Effect:
    """The effect with both ends of its interval where confirming all suggestions of one arm, or of both, takes them.

    `again` works an effect out.
    """
    if cases.maybe is None or not (cases.maybe != cases.outcome).any():
        return effect
    low, high = effect.interval
    for arms in ((0,), (1,), (0, 1)):
        confirmed = np.where(np.isin(cases.arm, arms), cases.maybe, cases.outcome)
        other = again(replace(cases, outcome=confirmed, maybe=None))
        if other is not None:
            low, high = min(low, other.interval[0]), max(high, other.interval[1])
    return replace(effect, ends=(low, high))
