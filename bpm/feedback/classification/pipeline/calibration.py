"""Makes probabilities honest: what is said to hold at 0.8 holds eight times of ten, on texts not learned from.

Platt scaling (Platt 1999): a line through the scores' log-odds per label, fitted on out-of-fold scores with his
smoothed targets, so that a thin label is never sure.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """Log-odds = slope * score + offset."""

    slope: float
    offset: float


def fit_line(scores: Floats, holds: NDArray[np.bool_], *, rounds: int = 100) -> Line:
    """The line with the greatest likelihood, by Newton's method; a label that never holds stays improbable."""
    yes = int(holds.sum())
    no = len(holds) - yes
    targets = np.where(holds, (yes + 1) / (yes + 2), 1 / (no + 2))
    slope, offset = 1.0, 0.0
    for _ in range(rounds):
        chance = probability(slope * scores + offset)
        slack, spread = chance - targets, np.maximum(chance * (1 - chance), 1e-9)
        gradient = np.array([scores @ slack + 1e-3 * (slope - 1), slack.sum()])
        cross = float(spread @ scores)
        curve = np.array([[spread @ scores**2 + 1e-3, cross], [cross, spread.sum() + 1e-9]])
        step = np.linalg.solve(curve, gradient)
        step *= min(1.0, 5 / max(1e-9, float(np.abs(step).max())))
        slope, offset = slope - step[0], offset - step[1]
        if float(np.abs(step).max()) < 1e-7:
            break
    return Line(max(float(slope), 0.01), float(offset))


def probability(log_odds: Floats) -> Floats:
    """The logistic function, safe for large numbers."""
    return 1 / (1 + np.exp(-np.minimum(np.maximum(log_odds, -30.0), 30.0)))


def with_odds(chance: float, factor: float) -> float:
    """The probability whose odds are `factor` times those of `chance`."""
    odds = chance / max(1e-9, 1 - chance) * factor
    return odds / (1 + odds)


def brier(chances: Floats, holds: NDArray[np.bool_]) -> float:
    """Mean squared distance of probability and truth; 0 is perfect, 0.25 is a coin."""
    return float(np.mean((chances - holds) ** 2))


def calibration_error(chances: Floats, holds: NDArray[np.bool_], *, bins: int = 10) -> float:
    """Expected calibration error: mean gap of probability and share that held, over equal-width bins, by size."""
    if not len(chances):
        return 0.0
    places = np.minimum((chances * bins).astype(int), bins - 1)
    gap = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            gap += inside.mean() * abs(float(chances[inside].mean()) - float(holds[inside].mean()))
    return float(gap)


def threshold_for(chances: Floats, right: NDArray[np.bool_], *, wanted: float) -> float:
    """Lowest confidence at which the share that is right among all surer ones reaches `wanted`; 1 if none does."""
    order = np.argsort(-chances, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= wanted)
    return float(chances[order][enough[-1]]) if len(enough) else 1.0
