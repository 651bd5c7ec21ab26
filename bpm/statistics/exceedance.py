"""How unlikely the newest day's count is, given the days before it: the exceedance of a seasonal model. Pure.

A level that follows (exponentially weighted, half forgotten within three weeks), times the shape of the week drawn
towards flat (Winters 1960), with the overdispersion by moments: a negative binomial, as for reports of illness
(Farrington 1996, Noufaily 2013). Counts are whole numbers, so p is too large rather than too small.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bpm.statistics.bursts import tail

HALF_LIFE = 21.0
"""Days."""
FEWEST_DAYS = 12
"""Days before the newest one, below which nothing is said."""
_SPREAD, _SPREAD_DAYS = 1.5, 3.0
"""Variance over mean that is assumed before anything is known, and how many reports stand for it."""
_ESTIMATED = 1.35
"""Level and shape are estimated: by so much the next count varies more than the model says."""


@dataclass(frozen=True)
class Exceedance:
    """`observed` where `expected` were to be expected; `p` is the chance of at least so many."""

    observed: int
    expected: float
    p: float


def exceedance(counts: Sequence[int], weekday: int) -> Exceedance | None:
    """Of the last of daily `counts` (oldest first, none left out), which fell on `weekday` (0 is Monday).

    None while fewer than twelve days are known before it.
    """
    before = list(counts[:-1])
    if len(before) < FEWEST_DAYS:
        return None
    days = [(weekday - len(before) + place) % 7 for place in range(len(before))]
    weights = [0.5 ** ((len(before) - place) / HALF_LIFE) for place in range(len(before))]
    level = _level(before, weights)
    shape = _shape(before, days, level)
    means = [level * shape[day] for day in days]
    squares = sum((count - mean) ** 2 for count, mean in zip(before, means, strict=True))
    spread = (squares + _SPREAD_DAYS * _SPREAD) / (sum(means) + _SPREAD_DAYS)
    expected = level * shape[weekday % 7]
    return Exceedance(counts[-1], expected, tail(counts[-1], expected, max(1.05, spread) * _ESTIMATED))


def _level(counts: Sequence[int], weights: Sequence[float]) -> float:
    """Counts a day; half a count is added, so that a subject nobody spoke of for weeks is not impossible."""
    return (sum(count * weight for count, weight in zip(counts, weights, strict=True)) + 0.5) / (sum(weights) + 1)


def _shape(counts: Sequence[int], days: Sequence[int], level: float) -> list[float]:
    """How many times the level each day of the week brings; two mean days and three counts draw it towards 1."""
    flat = 2 * level + 3
    came, of = [0.0] * 7, [0.0] * 7
    for count, day in zip(counts, days, strict=True):
        came[day] += count
        of[day] += level
    return [(each + flat) / (mean + flat) for each, mean in zip(came, of, strict=True)]
