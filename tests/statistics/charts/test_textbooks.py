"""Charts of the textbooks come out as they are printed."""

from itertools import pairwise

import pytest

from bpm.statistics.charts import Kind, Settings, Spread, control_chart, series

LOANS = (310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304)
"""Costs of processing loans, Montgomery, Introduction to Statistical Quality Control, 7th ed., table 6.6."""
DRIFT = (
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40, 10.08,
    9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52,
)  # fmt: skip
"""Montgomery, table 9.1: the mean goes from 10 to 11 after the twentieth."""
VALVES = (286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214, 2831, 96)
"""Hours between failures of a valve, Montgomery, table 7.14."""
CANS = (
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22,
    8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
)  # fmt: skip
"""Cans of orange juice that leak, of 50, Montgomery, table 7.1."""
DEFICITS = (10.7, 13.0, 11.4, 11.5, 12.5, 14.1, 14.8, 14.1, 12.6, 16.0, 11.7, 10.6)
"""US trade deficits of 1987 by month, Wheeler, Understanding Variation (1993)."""

PRIMER = (33.75, 33.05, 34.0, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33.0, 33.54, 33.12, 33.84)
"""Viscosity of an aircraft primer paint, Montgomery, Introduction to Statistical Quality Control, 4th ed., 5.11."""
COMPUTERS = (10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5)
"""Nonconformities in samples of five personal computers, Montgomery, 4th ed., table 6.10."""
MADE = (
    (91, 7), (101, 11), (89, 5), (93, 9), (96, 3), (98, 10), (104, 8), (99, 6), (92, 12), (95, 4), (97, 9), (100, 7),
)  # fmt: skip


def test_single_values_of_montgomerys_paint() -> None:
    chart = control_chart(series(PRIMER), Kind.XMR)
    assert round(chart.centre, 2) == 33.52
    assert [round(limit, 2) for limit in chart.limits[0]] == [32.24, 34.8]
    assert not chart.signals


def test_counts_per_unit_of_montgomery_but_for_sigma_z() -> None:
    """u = 1.93 with limits .07 and 3.79 as printed, times Laney's sigma z (Quality Engineering 14, 2002)."""
    chart = control_chart(series(COMPUTERS, [5] * 20), Kind.U, baseline=20)
    assert chart.sigma_z is not None
    assert round(chart.centre, 2) == 1.93
    within = (chart.limits[0][1] - chart.centre) / chart.sigma_z
    assert [round(chart.centre + sign * within, 2) for sign in (-1, 1)] == [0.07, 3.79]
    z = [(each / 5 - chart.centre) / (chart.centre / 5) ** 0.5 for each in COMPUTERS]
    ranges = [abs(after - before) for before, after in pairwise(z)]
    assert chart.sigma_z == pytest.approx(sum(ranges) / len(ranges) / 1.128, abs=1e-3)


def test_shares_of_samples_of_unlike_sizes_have_limits_of_their_own_size() -> None:
    chart = control_chart(series([hits for _n, hits in MADE], [n for n, _hits in MADE]), Kind.P)
    p = sum(hits for _n, hits in MADE) / sum(n for n, _hits in MADE)
    assert chart.centre == pytest.approx(p)
    assert chart.sigma_z is not None
    for (n, _hits), (low, high) in zip(MADE, chart.limits, strict=True):
        half = 3 * chart.sigma_z * (p * (1 - p) / n) ** 0.5
        assert high == pytest.approx(p + half)
        assert low == pytest.approx(max(0.0, p - half))


def test_single_values_of_montgomery() -> None:
    chart = control_chart(series(LOANS), Kind.XMR)
    assert chart.centre == 300.5
    assert [round(limit, 2) for limit in chart.limits[0]] == [279.78, 321.22]
    assert not chart.provisional
    assert not chart.signals


def test_single_values_of_wheeler() -> None:
    chart = control_chart(series(DEFICITS), Kind.XMR)
    assert chart.centre == pytest.approx(12.75)
    assert [round(limit, 2) for limit in chart.limits[0]] == [8.32, 17.18]
    assert chart.provisional


def test_the_median_range_is_not_moved_by_one_outlier() -> None:
    """Wheeler (1993): mean ± 3.145 median moving ranges; the median of these is 9."""
    spoilt = (*LOANS[:10], 352, *LOANS[11:])
    narrow = control_chart(series(spoilt), Kind.XMR, settings=Settings(spread=Spread.MEDIAN))
    assert narrow.limits[0][1] == pytest.approx(sum(spoilt) / 20 + 3.145 * 9)
    assert [each.index for each in narrow.signals if each.rule == "3 sigma"] == [10]
    assert control_chart(series(spoilt), Kind.XMR).limits[0][1] > narrow.limits[0][1]


def test_the_weighted_averages_of_montgomery_alarm_where_printed() -> None:
    chart = control_chart(series(DRIFT), Kind.EWMA, settings=Settings(target=10, sigma=1))
    printed = {0: 9.945, 1: 9.7495, 2: 9.70355, 12: 10.1216, 27: 10.5731, 28: 10.6468, 29: 10.6341}
    for place, value in printed.items():
        assert chart.points[place] == pytest.approx(value, abs=6e-5)
    assert [round(limit, 2) for limit in chart.limits[0]] == [9.73, 10.27]
    assert [round(limit, 2) for limit in chart.limits[29]] == [9.38, 10.62]
    assert [each.points for each in chart.signals] == [(28, 29)]


def test_the_sums_of_montgomery_alarm_at_the_twenty_ninth() -> None:
    chart = control_chart(series(DRIFT), Kind.CUSUM, settings=Settings(target=10, sigma=1))
    assert [round(chart.points[place], 2) for place in (4, 27, 28, 29)] == [2.82, 4.47, 5.28, 5.3]
    assert [round(chart.below[place], 2) for place in (0, 1, 2, 6)] == [-0.05, -1.56, -1.77, -1.46]
    assert chart.limits[0] == (-5, 5)
    assert [(each.index, each.above) for each in chart.signals] == [(28, True)]


def test_times_between_failures_of_montgomery() -> None:
    chart = control_chart(series(VALVES), Kind.T)
    assert round(chart.centre**0.2777, 2) == 5.39
    assert round(chart.limits[0][1] ** 0.2777, 2) == 11.66
    assert not chart.signals


def test_laneys_chart_is_the_binomial_one_but_for_sigma_z() -> None:
    chart = control_chart(series(CANS, [50] * 30), Kind.P, baseline=30)
    assert round(chart.centre, 4) == 0.2313
    assert chart.sigma_z == pytest.approx(1.6609, abs=1e-4)
    within = (chart.limits[0][1] - chart.centre) / chart.sigma_z
    assert round(chart.centre + within, 4) == 0.4102
    assert round(chart.centre - within, 4) == 0.0524


def test_cases_between_events_by_kaminskys_formula() -> None:
    chart = control_chart(series([40, 25, 60, 35, 90] * 4), Kind.G)
    assert chart.centre == 50
    assert chart.limits[0] == (0, pytest.approx(50 + 3 * (50 * 51) ** 0.5))
