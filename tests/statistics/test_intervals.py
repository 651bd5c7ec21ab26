"""Intervals of rates, means and medians, corrected shares and comparisons, against printed figures."""

import math
import random

import pytest

from bpm.statistics import percentile, share
from bpm.statistics.alike import compare_shares, compare_times
from bpm.statistics.estimates.intervals import class_of, mean_interval, median_interval, quantile_of, rate_interval
from bpm.statistics.estimates.misread import Audit, corrected


def test_a_rate_has_the_interval_of_byar() -> None:
    """Breslow and Day 1987, table 2.11: exact limits of 10 observed are 4.80 and 18.39; Byar's are within .05."""
    low, high = rate_interval(10, 1)
    assert (low, high) == (pytest.approx(4.80, abs=0.05), pytest.approx(18.39, abs=0.05))
    assert rate_interval(0, 1)[0] == 0


@pytest.mark.parametrize(
    ("observed", "low", "high"), [(1, 0.025, 5.57), (5, 1.62, 11.67), (20, 12.22, 30.89), (100, 81.36, 121.63)]
)
def test_rates_of_few_and_of_many_are_those_of_the_table(observed: int, low: float, high: float) -> None:
    """Breslow and Day 1987, table 2.11, exact limits of a Poisson mean; Byar's are within .02."""
    assert rate_interval(observed, 1) == (pytest.approx(low, abs=0.02), pytest.approx(high, abs=0.02))


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share_is_wilsons(hits: int, n: int, low: float, high: float) -> None:
    """Newcombe, Stat. Med. 17 (1998), 857-872, table I, method 3."""
    found = share(hits, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_net_promoter_score_has_its_own_arithmetic_and_interval() -> None:
    """5 promoters, 3 passives, 2 detractors: 30 points; variance of -100, 0, 100 around it, t with 9 degrees."""
    scores = [100.0] * 5 + [0.0] * 3 + [-100.0] * 2
    low, high = mean_interval(sum(scores), sum(each * each for each in scores), 10)
    sd = math.sqrt((5 * 70**2 + 3 * 30**2 + 2 * 130**2) / 9)
    assert (low + high) / 2 == pytest.approx(30)
    assert (high - low) / 2 == pytest.approx(2.262 * sd / math.sqrt(10), rel=0.001)


def test_times_by_class_are_within_one_percent_of_the_exact_ones() -> None:
    chance = random.Random(3)
    times = sorted(chance.expovariate(1 / 7200) + 1 for _ in range(2001))
    classes: dict[int, int] = {}
    for each in times:
        classes[class_of(each)] = classes.get(class_of(each), 0) + 1
    for q in (0.5, 0.9, 0.95):
        assert quantile_of(classes, q) == pytest.approx(percentile(times, q), rel=0.011)
    low, high = median_interval(classes)
    assert low < percentile(times, 0.5) < high
    assert class_of(-5) == class_of(0.5) == 0


def test_a_share_is_corrected_for_what_the_classifier_misreads() -> None:
    """Rogan and Gladen 1978: p = .3, sensitivity .9, specificity .8 give (.3 + .8 - 1) / .7 = .143."""
    found = corrected(share(300, 1000), Audit(90, 10, 20, 80))
    assert found is not None
    assert found.value == pytest.approx(0.1 / 0.7)
    assert found.low < found.value < found.high
    assert corrected(share(3, 10), Audit(5, 5, 5, 5)) is None


def test_two_shares_are_compared_by_newcombe() -> None:
    """Newcombe 1998, table II: 56/70 less 48/80 is .2, method 10: .0524 to .3339."""
    found = compare_shares(56, 70, 48, 80)
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=1e-4), pytest.approx(0.3339, abs=1e-4))
    assert 0.005 < found.p < 0.01


def test_times_are_compared_as_a_ratio() -> None:
    chance = random.Random(5)
    slow, fast = ([chance.lognormvariate(8 + more, 1) for _ in range(200)] for more in (math.log(2), 0.0))
    found = compare_times(slow, fast)
    assert found.low < 2 < found.high
    assert found.p < 0.001
    assert compare_times(fast[:100], fast[100:]).p > 0.01
