"""The same list ranked by two groups: gap of the mean ranks, and how far both orders agree, with bootstrap intervals.

Pure; NumPy is loaded at the first call. The same rankings give the same intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from bpm.foundation.texts import _

ROUNDS = 1_000
_SEED = 20261130


@dataclass(frozen=True)
class RankGap:
    """One item: mean rank in each group (1 is first), and second less first with its 95 % interval."""

    first: float
    second: float
    gap: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """Kendall's tau between the two mean orders: 1 the same, -1 the reverse; with its 95 % interval."""

    tau: float
    low: float
    high: float
    gaps: tuple[RankGap, ...]


def kendall_tau(one: Sequence[float], other: Sequence[float]) -> float:
    """Tau-b, which allows ties (Kendall, Biometrika 33, 1945); 0 where all of one side are tied."""
    concordant = tied_one = tied_other = pairs = 0
    for i, j in combinations(range(len(one)), 2):
        a, b = one[i] - one[j], other[i] - other[j]
        pairs += 1
        tied_one += a == 0
        tied_other += b == 0
        concordant += (a * b > 0) - (a * b < 0)
    whole = ((pairs - tied_one) * (pairs - tied_other)) ** 0.5
    return concordant / whole if whole else 0.0


def agreement(first: Sequence[Sequence[int]], second: Sequence[Sequence[int]]) -> Agreement:
    """Of two groups of rankings; each ranking holds the place (from 1) of every item, in one order of items.

    Percentile bootstrap over people, each group by itself (Efron 1979), 1,000 rounds. ValueError for an empty group.
    """
    import numpy as np

    if not first or not second:
        raise ValueError(_("both groups need rankings"))
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    draw = np.random.default_rng(_SEED)
    gaps, taus = np.empty((ROUNDS, one.shape[1])), np.empty(ROUNDS)
    for place in range(ROUNDS):
        mean_one = one[draw.integers(0, len(one), len(one))].mean(axis=0)
        mean_other = other[draw.integers(0, len(other), len(other))].mean(axis=0)
        gaps[place] = mean_other - mean_one
        taus[place] = kendall_tau(mean_one.tolist(), mean_other.tolist())
    means = one.mean(axis=0).tolist(), other.mean(axis=0).tolist()
    low, high = np.quantile(gaps, 0.025, axis=0).tolist(), np.quantile(gaps, 0.975, axis=0).tolist()
    rows = tuple(RankGap(a, b, b - a, lower, upper) for a, b, lower, upper in zip(*means, low, high, strict=True))
    return Agreement(kendall_tau(*means), float(np.quantile(taus, 0.025)), float(np.quantile(taus, 0.975)), rows)
