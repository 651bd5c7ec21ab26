"""Rates of many places, shrunk: formulas to the digit, intervals as SciPy has them, and no worst cell by luck."""

import random

import numpy as np
import pytest
from scipy import stats

from bpm.statistics.estimates.shrinkage import gamma_below, gamma_quantile, shrunk


@pytest.mark.parametrize("shape", [0.1, 0.5, 1, 3.7, 40, 900])
def test_the_gamma_distribution_is_that_of_scipy(shape: float) -> None:
    for share in (0.025, 0.975):
        exact = stats.gamma.ppf(share, shape)
        assert gamma_quantile(share, shape) == pytest.approx(exact, rel=1e-6)
        assert gamma_below(exact, shape) == pytest.approx(share, rel=1e-7)


def test_the_posterior_is_that_of_integration_over_means_and_weights() -> None:
    """Both parameters of the prior on a fine grid, by SciPy's negative binomial."""
    counts = [(2, 100), (12, 100), (10, 200), (1, 20), (9, 150)]
    usual = sum(n for _, n in counts) / len(counts)
    grid = [
        (mean, usual * b / (1 - b))
        for mean in (0.002 * step for step in range(3, 100))
        for b in ((step + 0.5) / 60 for step in range(60))
    ]
    weights, means = np.array([rate for _, rate in grid]), np.array([mean for mean, _ in grid])
    parts = [stats.nbinom.pmf(y, means * weights, weights / (weights + n)) for y, n in counts]
    likely = np.prod(parts, axis=0) / means  # the mean is a scale: even in its logarithm
    for (y, n), found in zip(counts, shrunk(counts), strict=True):
        exact = float(np.average((means * weights + y) / (weights + n), weights=likely))
        assert found.value == pytest.approx(exact, rel=0.05)
        assert found.low < found.value < found.high


def test_a_place_that_few_pass_is_not_the_worst_for_one_event() -> None:
    few, many = shrunk([(1, 2), (60, 200), *[(4, 100)] * 8])[:2]
    assert (few.raw or 0) > (many.raw or 0)
    assert few.value < many.value
    assert not few.shown
    assert few.verdict == "not shown (n = 2)"


def test_what_waits_for_a_person_moves_the_upper_end_alone() -> None:
    counts = [(5, 100), (9, 100), (2, 100)]
    sure, unsure = shrunk(counts)[1], shrunk(counts, maybe=[0, 4, 0])[1]
    assert (sure.value, sure.low) == (unsure.value, unsure.low)
    assert unsure.high > sure.high


def test_without_events_or_passes_nothing_is_claimed() -> None:
    (nothing, never) = shrunk([(0, 40), (0, 0)])
    assert (nothing.value, nothing.low) == (0.0, 0.0)
    assert nothing.high == pytest.approx(stats.gamma.ppf(0.975, 0.5) / 40, rel=1e-5)
    assert (never.raw, never.high) == (None, float("inf"))
    with pytest.raises(ValueError, match="counts"):
        shrunk([(-1, 4)])


def test_intervals_cover_and_shrunk_rates_are_nearer_than_raw_ones() -> None:
    draw = random.Random(5)
    covered = places = 0
    nearer_by = 0.0
    for _ in range(60):
        truths = [draw.gammavariate(3, 0.02) for _ in range(20)]
        passes = [draw.choice((15, 40, 150)) for _ in truths]
        counts = [(_poisson(draw, t * n), n) for t, n in zip(truths, passes, strict=True)]
        for truth, rate in zip(truths, shrunk(counts), strict=True):
            covered += rate.low <= truth <= rate.high
            places += 1
            nearer_by += ((rate.raw or 0) - truth) ** 2 - (rate.value - truth) ** 2
    assert covered / places > 0.9
    assert nearer_by > 0


def _poisson(draw: random.Random, mean: float) -> int:
    """By counting arrivals of rate one within `mean`."""
    at, count = draw.expovariate(1), 0
    while at < mean:
        at, count = at + draw.expovariate(1), count + 1
    return count
