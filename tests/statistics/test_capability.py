"""Met rates, defects per million, sigma, Cp and Cpk against printed digits; silence where they would say nothing."""

import random

import pytest

from bpm.statistics.capability import (
    capability,
    cp_interval,
    cpk_interval,
    defects_per_million,
    met_rate,
    sigma_level,
    skewness,
)


def test_the_limits_themselves_are_met_and_one_side_is_enough() -> None:
    assert met_rate([1, 2, 3, 4, 5], lower=2, upper=4).hits == 3
    assert met_rate([1, 2, 3, 4, 5], lower=None, upper=4).hits == 4
    assert met_rate([], lower=0, upper=None).value is None
    with pytest.raises(ValueError, match="limits"):
        met_rate([1], lower=None, upper=None)


@pytest.mark.parametrize(
    ("dpmo", "sigma"), [(3.4, 6.0), (233, 5.0), (6_210, 4.0), (66_807, 3.0), (308_538, 2.0), (691_462, 1.0)]
)
def test_the_table_of_six_sigma(dpmo: float, sigma: float) -> None:
    """Harry and Schroeder's table, with the shift of 1.5."""
    assert sigma_level(dpmo) == pytest.approx(sigma, abs=0.005)


def test_defects_per_million_count_opportunities() -> None:
    assert defects_per_million(21, 300, opportunities=6) == pytest.approx(11_666.67, abs=0.01)
    assert sigma_level(0) is None
    assert sigma_level(1_000_000) is None
    with pytest.raises(ValueError, match="defects"):
        defects_per_million(5, 4)


def test_intervals_are_those_of_the_book() -> None:
    """Montgomery, examples 8.4 (limits 38 and 62, s = 1.75, n = 20) and 8.5 (Cpk = 1.33, n = 20)."""
    low, high = cpk_interval(1.33, 20)
    assert (round(low, 2), round(high, 2)) == (0.88, 1.78)
    low, high = cp_interval(2.29, 20)
    assert (round(low, 2), round(high, 2)) == (1.57, 3.01)


def test_capability_is_told_of_many_stable_values_alone() -> None:
    draw = random.Random(7)
    steady = [draw.gauss(10, 1) for _ in range(200)]
    found = capability(steady, lower=6, upper=14)
    assert found.cp is not None
    assert found.cp == pytest.approx(4 / 3, rel=0.1)
    assert found.cpk is not None
    assert found.cpk <= found.cp
    assert capability(steady, lower=None, upper=14).cp is None
    assert capability(steady, lower=None, upper=9).cpk == pytest.approx(-1 / 3, abs=0.1)
    assert "Fewer than 30" in capability(steady[:29], lower=6, upper=14).why_not
    assert "do not vary" in capability([3.0] * 40, lower=1, upper=4).why_not
    drifting = [each + place / 20 for place, each in enumerate(steady)]
    assert "not stable" in capability(drifting, lower=6, upper=14).why_not
    skewed = [draw.lognormvariate(0, 0.5) for _ in range(60)]
    assert abs(skewness(skewed)) > 1
    assert capability(skewed, lower=None, upper=9).cpk is None
