"""Seasons first: whether days of the week, months or quarters differ in the baseline, and by how much."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from bpm.statistics.periods import Periods, Step

ROUNDS = 3
"""So many times each season has to be in the baseline."""
_SHUFFLES = 999
_SURE = 0.01


@dataclass(frozen=True)
class Season:
    """`length` periods make a round; `effects` by the place in it: differences for values, factors for counts."""

    length: int
    effects: tuple[float, ...]
    rounds: int

    @property
    def widen(self) -> float:
        """What it costs that the effects were estimated: degrees of freedom lost, and each effect's own error."""
        lost = self.rounds / (self.rounds - 1)
        return float((lost * (1 + 1 / self.rounds)) ** 0.5)


def baseline_for(length: int) -> int:
    """How many periods a baseline needs so that seasons of this length can be told: four weeks, three years."""
    return max(length * ROUNDS, 28 if length == 7 else 20)


def needed_for_seasons(periods: Periods) -> int:
    """How many periods it takes to tell seasons; 0 without any, and for weeks, whose season is the year."""
    return 0 if periods.season is None or periods.step is Step.WEEKS else baseline_for(periods.season)


def season_of(
    periods: Periods, values: Sequence[float], baseline: int, *, as_factors: bool, sizes: Sequence[float] | None
) -> Season | None:
    """The season of the first `baseline` values if it is there beyond chance, else None.

    A permutation test of the sum of squares between seasons (Edgington, Randomization Tests, 1995) at 1 %, with the
    same 999 shuffles for the same number of values.
    """
    length = periods.season
    if length is None or baseline < length * ROUNDS:
        return None
    places = [place % length for place in periods.places[:baseline]]
    rates = list(values[:baseline])
    if sizes is not None:
        rates = [value / size for value, size in zip(rates, sizes[:baseline], strict=True)]
    seen = _between(rates, places, length)
    shuffled, chance, more = list(rates), random.Random(baseline), 0  # noqa: S311 (shuffles, no secrets)
    for _round in range(_SHUFFLES):
        chance.shuffle(shuffled)
        more += _between(shuffled, places, length) >= seen
    if (more + 1) / (_SHUFFLES + 1) > _SURE:
        return None
    means = [fmean([rate for rate, at in zip(rates, places, strict=True) if at == place]) for place in range(length)]
    whole = fmean(means)
    if as_factors and whole > 0 and min(means) > 0:
        return Season(length, tuple(mean / whole for mean in means), baseline // length)
    return None if as_factors else Season(length, tuple(mean - whole for mean in means), baseline // length)


def _between(rates: Sequence[float], places: Sequence[int], length: int) -> float:
    """Sum of squares between seasons, but for what a shuffle leaves the same."""
    sums, counts = [0.0] * length, [0] * length
    for rate, place in zip(rates, places, strict=True):
        sums[place] += rate
        counts[place] += 1
    if not all(counts):
        return 0.0
    return sum(total * total / count for total, count in zip(sums, counts, strict=True))
