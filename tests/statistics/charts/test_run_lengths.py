"""How often a stable chart alarms: exactly for known limits, by simulation for limits from a baseline."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bpm.statistics.charts import Kind, control_chart, series
from bpm.statistics.charts.run_lengths import Rules, alarm_within, average_run_length
from tests.thoroughness import TIMES

WEEKS = 26
SERIES = 100 * TIMES


@pytest.mark.parametrize(
    ("rules", "printed"),
    [
        (Rules(), 370.4),
        (Rules(in_a_row=8), 152.7),
        (Rules(in_a_row=9), 216.7),
        # Champ and Woodall (1987), table 1: all four rules of Western Electric.
        (Rules(in_a_row=8, warning_zones=True), 91.75),
    ],
)
def test_average_run_lengths_are_those_of_the_literature(rules: Rules, printed: float) -> None:
    assert average_run_length(rules) == pytest.approx(printed, abs=0.05)


@pytest.mark.parametrize(
    ("rules", "shift", "printed"),
    [
        (Rules(), 0.2, 308.43),
        (Rules(), 0.4, 200.08),
        (Rules(), 0.6, 119.67),
        (Rules(), 0.8, 71.55),
        (Rules(), 1.4, 18.25),
        (Rules(), 2.0, 6.30),
        (Rules(warning_zones=True), 0.0, 132.89),
    ],
)
def test_shifts_are_found_as_late_as_champ_and_woodall_print(rules: Rules, shift: float, printed: float) -> None:
    """Technometrics 29 (1987), table 1: rule 1 alone by the size of the shift, and the first three of four rules."""
    assert average_run_length(rules, shift) == pytest.approx(printed, abs=0.006)


def test_a_shift_of_one_sigma_is_found_sooner_with_eight_in_a_row() -> None:
    # Champ and Woodall (1987), table 1: 43.89 for rule 1, 9.22 with all four.
    assert average_run_length(Rules(), 1.0) == pytest.approx(43.89, abs=0.01)
    assert average_run_length(Rules(in_a_row=8, warning_zones=True), 1.0) == pytest.approx(9.22, abs=0.01)


def test_within_half_a_year_of_weeks_seven_of_a_hundred_stable_charts_alarm() -> None:
    assert alarm_within(WEEKS, Rules()) == pytest.approx(1 - 0.9973002**WEEKS, abs=1e-5)
    assert alarm_within(WEEKS, Rules(in_a_row=8)) == pytest.approx(0.14, abs=0.005)


def _overdispersed(number: int, draw: np.random.Generator) -> NDArray[np.float64]:
    """Weekly counts with mean 20 to 200 and three times the variance of Poisson (negative binomial)."""
    mean = draw.uniform(20, 200)
    return np.asarray(draw.negative_binomial(mean / 2, 1 / 3, size=number), dtype=float)


def _share_with_alarm(baseline: int, seed: int) -> float:
    draw, alarms = np.random.default_rng(seed), 0
    for _ in range(SERIES):
        counts = _overdispersed(baseline + WEEKS, draw)
        chart = control_chart(
            series(counts.tolist(), [1.0] * len(counts)), Kind.U, baseline=baseline, watched=True, seasons=False
        )
        alarms += any(each.index >= baseline for each in chart.signals)
    return alarms / SERIES


@pytest.mark.proof(examples=3 * SERIES)
def test_stable_overdispersed_counts_seldom_alarm_on_laneys_chart_and_nearly_always_on_a_plain_one() -> None:
    error = 2 * (0.3 * 0.7 / SERIES) ** 0.5
    assert _share_with_alarm(20, seed=1) <= 0.30 + error
    assert _share_with_alarm(400, seed=2) <= 0.12 + error
    draw, plain = np.random.default_rng(3), 0
    for _ in range(SERIES):
        counts = _overdispersed(20 + WEEKS, draw)
        centre = counts[:20].mean()
        plain += bool((np.abs(counts[20:] - centre) > 3 * centre**0.5).any())
    assert plain / SERIES >= 0.85 - error
