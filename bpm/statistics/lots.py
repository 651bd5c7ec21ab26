"""Whether a lot was drawn as planned: exact tests of observed counts against planned shares. Pure, without SciPy.

A sample ratio that does not fit says that something chose who takes part, so that no comparison can be believed
(A. Fabijan and others: Diagnosing Sample Ratio Mismatch in Online Controlled Experiments, KDD 2019).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

SURE = 0.001
"""A split or mix that is as unlikely as this by chance is no chance."""
MOST_EXACT = 20_000
"""Draws up to which the binomial is summed; beyond that its normal limit is as good to three digits."""
_ALIKE = 1e-9


@dataclass(frozen=True)
class Drawn:
    """`hits` of `n` draws, each a hit with probability `share`."""

    hits: int
    n: int
    share: float

    @property
    def expected(self) -> float:
        return self.n * self.share


def split_p(drawn: Drawn) -> float:
    """Two-sided exact binomial p: all outcomes that are no likelier than the one seen (Clopper and Pearson's test).

    Source of the two-sided rule: A. Agresti, Categorical Data Analysis, 3rd ed., section 1.4.4 (method of small p).
    """
    hits, n, share = drawn.hits, drawn.n, drawn.share
    if not 0 <= hits <= n or not 0 <= share <= 1:
        raise ValueError(f"{hits} of {n} at {share} is no lot")
    if n == 0:
        return 1.0
    if share in (0.0, 1.0):
        return 1.0 if hits == n * share else 0.0
    if n > MOST_EXACT:
        z = (hits - n * share) / math.sqrt(n * share * (1 - share))
        return math.erfc(abs(z) / math.sqrt(2))
    logs = [_log_chance(k, n, share) for k in range(n + 1)]
    seen = logs[hits] + _ALIKE
    return min(1.0, math.fsum(math.exp(each) for each in logs if each <= seen))


def splits_p(drawn: Sequence[Drawn]) -> float:
    """One p for lots drawn one after the other at different shares: the smallest, times their number (Bonferroni)."""
    seen = [split_p(each) for each in drawn if each.n]
    return min(1.0, min(seen) * len(seen)) if seen else 1.0


def _log_chance(k: int, n: int, share: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return ways + k * math.log(share) + (n - k) * math.log1p(-share)
