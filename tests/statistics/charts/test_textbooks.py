"""Charts of the textbooks come out as they are printed."""

from itertools import pairwise

import pytest

from bpm.statistics.charts import ControlChart, Kind, Settings, Spread, control_chart, series

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

BOARDS = (
    21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15,
)  # fmt: skip
"""Nonconformities in samples of 100 printed circuit boards, Montgomery, 7th ed., table 7.7."""
LATER_CANS = (9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5)
"""The orange juice after the machine was adjusted, Montgomery, table 7.2."""
ORDERS = (
    (100, 12), (80, 8), (80, 6), (100, 9), (110, 10), (110, 12), (100, 11), (100, 16), (90, 10), (90, 6), (110, 20),
    (120, 15), (120, 9), (120, 8), (110, 6), (80, 8), (80, 10), (80, 7), (90, 5), (100, 8), (100, 5), (100, 8),
    (100, 10), (90, 6), (90, 9),
)  # fmt: skip
"""Purchase orders of a week and errors among them, Montgomery, table 7.4."""
CLOTH = (
    (10, 14), (8, 12), (13, 20), (10, 11), (9.5, 7), (10, 10), (12, 21), (10.5, 16), (12, 19), (12.5, 23),
)  # fmt: skip
"""Rolls of dyed cloth in inspection units of 50 square metres, and faults, Montgomery, table 7.10."""

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


def plain(chart: ControlChart, place: int = 0) -> tuple[float, float]:
    """Limits as a chart without Laney's sigma z has them; below 0 there are none."""
    assert chart.sigma_z is not None
    half = (chart.limits[place][1] - chart.centre) / chart.sigma_z
    return max(0.0, chart.centre - half), chart.centre + half


def test_counts_of_montgomerys_boards_before_and_after_two_samples_went() -> None:
    """19.85 with 6.48 and 33.22, beyond which samples 6 and 20 lie; without them 19.67 with 6.36 and 32.97."""
    chart = control_chart(series(BOARDS, [1] * 26), Kind.U, baseline=26)
    low, high = plain(chart)
    assert (chart.centre, low, high) == pytest.approx((19.85, 6.48, 33.22), abs=1e-2)
    assert [place + 1 for place, each in enumerate(BOARDS) if not low <= each <= high] == [6, 20]
    rest = [each for place, each in enumerate(BOARDS) if place + 1 not in (6, 20)]
    revised = control_chart(series(rest, [1] * 24), Kind.U, baseline=24)
    assert [round(each, 2) for each in (revised.centre, *plain(revised))] == [19.67, 6.36, 32.97]


def test_shares_of_montgomerys_orange_juice_revised_and_after_the_machine_was_adjusted() -> None:
    """.2150 with .0407 and .3893 without samples 15 and 23; .1108 with no lower and .2440 as upper limit later."""
    rest = [each for place, each in enumerate(CANS) if place + 1 not in (15, 23)]
    revised = control_chart(series(rest, [50] * 28), Kind.P, baseline=28)
    assert [round(each, 4) for each in (revised.centre, *plain(revised))] == [0.2150, 0.0407, 0.3893]
    later = control_chart(series(LATER_CANS, [50] * 24), Kind.P, baseline=24)
    assert [round(each, 4) for each in (later.centre, *plain(later))] == [0.1108, 0.0, 0.2440]


def test_shares_of_montgomerys_purchase_orders_have_the_limits_of_their_week() -> None:
    """.0955, printed as .096; the limits of 80 to 120 orders; the eleventh week lies beyond."""
    chart = control_chart(series([hits for _n, hits in ORDERS], [n for n, _hits in ORDERS]), Kind.P, baseline=25)
    assert round(chart.centre, 4) == 0.0955
    printed = {100: (0.007, 0.184), 80: (0.0, 0.194), 110: (0.011, 0.180), 90: (0.003, 0.188), 120: (0.015, 0.176)}
    found = {n: plain(chart, place) for place, (n, _hits) in enumerate(ORDERS)}
    assert found.keys() == printed.keys()
    for n, limits in printed.items():
        assert found[n] == (pytest.approx(limits[0], abs=1.1e-3), pytest.approx(limits[1], abs=1.1e-3))
    beyond = [place + 1 for place, (n, hits) in enumerate(ORDERS) if hits / n > found[n][1]]
    assert beyond == [11]


def test_faults_per_unit_of_montgomerys_cloth() -> None:
    """1.42 faults a unit; table 7.11's limits of each roll, which are worked out from 1.42."""
    chart = control_chart(series([hits for _n, hits in CLOTH], [n for n, _hits in CLOTH]), Kind.U, baseline=10)
    assert round(chart.centre, 2) == 1.42
    printed = {10: (0.29, 2.55), 8: (0.16, 2.68), 13: (0.43, 2.41), 9.5: (0.26, 2.58), 12: (0.39, 2.45),
               10.5: (0.32, 2.52), 12.5: (0.41, 2.43)}  # fmt: skip
    found = {n: plain(chart, place) for place, (n, _hits) in enumerate(CLOTH)}
    assert {n: pytest.approx(limits, abs=9e-3) for n, limits in printed.items()} == found
