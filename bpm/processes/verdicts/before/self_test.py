"""A against A: cases of one version split by lot again and again; how often a difference is seen that is none."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.verdicts.arms import history, mature
from bpm.processes.verdicts.comparing import DAY, compared
from bpm.processes.verdicts.gathering import gather
from bpm.processes.verdicts.outcomes import MEASURES, PerCase

ROUNDS = 200
FEWEST = 20
LOOKED_BACK = timedelta(days=182)


@dataclass(frozen=True)
class SelfTest:
    """Of `rounds` splits of `n` cases by customer, how often the 95 % interval left zero out; 5 % are expected."""

    n: int
    customers: int
    rounds: int
    wrong: int
    most: int
    """More than so many of the rounds would come by chance once in a hundred."""

    @property
    def sound(self) -> bool:
        return self.wrong <= self.most


def a_against_a(work: Work, version_id: int, measure: str, *, window_days: float, element: str = "") -> SelfTest:
    """Split what the version's cases of half a year gave; InvalidInputError with too few cases.

    The same question has the same answer: the splits are drawn from a fixed seed.
    """
    import numpy as np

    from bpm.statistics.verdicts.randomised import compare

    now, window = work.now(), window_days * DAY
    cases = mature(history(work, version_id, since=now - LOOKED_BACK - window, until=now), window, at=now)
    found = gather(work, cases, (measure,))
    given = compared(found, cases, measure, window, element)
    if len(cases) < FEWEST or len(set(given.outcomes)) < 2:
        raise InvalidInputError(
            _("%(n)s cases were watched for long enough; twenty with outcomes that differ are needed.")
            % {"n": len(cases)},
            remedy=_("Choose another measure or a shorter window."),
        )
    names = {name: place for place, name in enumerate(dict.fromkeys(given.customers))}
    customer = np.array([names[each] for each in given.customers], dtype=np.intp)
    outcome = np.array(given.outcomes, dtype=np.float64)
    draw = np.random.default_rng(1)
    shares = MEASURES[measure].per_case is PerCase.SHARE
    seen: Counter[bool] = Counter()
    for _round in range(ROUNDS):
        arm = draw.integers(0, 2, len(names))[customer].astype(np.intp)
        if 0 < arm.sum() < len(arm):
            low, high = compare(outcome, arm, customer, shares=shares).interval
            seen[low > 0 or high < 0] += 1
    return SelfTest(len(cases), len(names), seen.total(), seen[True], _most(seen.total()))


def _most(rounds: int) -> int:
    """The 99 % point of how often 5 % happens, by the normal curve."""
    return round(0.05 * rounds + 2.326 * math.sqrt(0.05 * 0.95 * rounds) + 0.5)
