"""What the alarm budget asks of a chart: one p for each look, the chance of so much drift if nothing had changed."""

import math

from bpm.statistics.charts.chart import ControlChart

WEIGHT = 0.2
"""Of the newest point in the weighted average: a shift of one sigma is seen within about nine points."""
_RANGES_TELL = 0.62
"""Sigma from moving ranges of m points is worth .62 (m - 1) degrees of freedom (Wheeler, Advanced Topics, 1995)."""


def p_of_looks(chart: ControlChart) -> tuple[float, ...]:
    """Two-sided p at each point after the baseline of the newest phase; empty while there is none.

    The EWMA of the deviations in sigma, started behind the baseline (Roberts 1959), against Student's t, since centre
    and sigma were estimated: its variance is w/(2-w) (1 - (1-w)^2i) for the points, and what the mean of m points is
    off. Loads SciPy.
    """
    from bpm.statistics.distributions import t_below

    df = max(1.0, _RANGES_TELL * (chart.phases[-1].baseline - 1))
    return tuple(2 * t_below(-abs(each), df) if math.isfinite(each) else 0.0 for each in drift_of_looks(chart))


def drift_of_looks(chart: ControlChart) -> tuple[float, ...]:
    """The same average at each look, in its own standard deviations: above zero it drifts up."""
    phase = chart.phases[-1]
    if not phase.baseline or phase.baseline < 2:
        return ()
    average, found = 0.0, []
    for place, deviation in enumerate(chart.deviations[phase.first + phase.baseline :], 1):
        average = WEIGHT * deviation + (1 - WEIGHT) * average
        left = (1 - WEIGHT) ** place
        variance = WEIGHT / (2 - WEIGHT) * (1 - left**2) + (1 - left) ** 2 / phase.baseline
        found.append(average / math.sqrt(variance))
    return tuple(found)
