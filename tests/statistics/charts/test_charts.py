"""Baselines, phases, seasons and signals of a chart."""

import random

import pytest

from bpm.foundation.errors import InvalidInputError
from bpm.statistics.charts import Kind, Series, control_chart, read_series, series
from bpm.statistics.periods import Step, periods_of


def _noise(number: int, *, seed: int = 1, mean: float = 50) -> list[float]:
    draw = random.Random(seed)
    return [draw.gauss(mean, 4) for _ in range(number)]


def test_limits_are_frozen_on_the_baseline() -> None:
    calm = _noise(20)
    short, long = (control_chart(series([*calm, *more]), Kind.XMR) for more in ([50], [50, 400, 500]))
    assert short.limits[0] == long.limits[-1]
    assert [each.index for each in long.signals if each.rule == "3 sigma"] == [21, 22]


def test_a_baseline_below_twenty_is_provisional_and_below_twelve_calls_nothing_a_signal() -> None:
    values = [*_noise(12), 400]
    assert control_chart(series(values), Kind.XMR, baseline=20).provisional
    twelve = control_chart(series(values), Kind.XMR, baseline=12)
    assert twelve.provisional
    assert twelve.signals
    eight = control_chart(series(values), Kind.XMR, baseline=8)
    assert not eight.signals
    assert "nothing is called a signal" in " ".join(eight.notes)


def test_eight_in_a_row_is_one_signal_at_the_eighth_and_is_off_where_many_series_are_watched() -> None:
    values = [*([48, 52] * 10), 50.5, *[51] * 10]
    chart = control_chart(series(values), Kind.XMR)
    assert [(each.rule, each.index, each.points[-1]) for each in chart.signals] == [("8 in a row", 26, 30)]
    assert not control_chart(series(values), Kind.XMR, watched=True).signals


def test_a_new_version_has_limits_of_its_own_once_it_has_twelve_points() -> None:
    values = [*_noise(20), *_noise(20, seed=2, mean=30)]
    names = tuple(str(place) for place in range(40))

    def chart(points: int) -> tuple[list[tuple[str, int]], int]:
        given = Series(names[:points], tuple(values[:points]), phases=("1",) * 20 + ("2",) * (points - 20))
        found = control_chart(given, Kind.XMR)
        return [(phase.name, phase.baseline) for phase in found.phases], len(found.signals)

    young, signals = chart(26)
    assert young == [("1", 20), ("2", 0)]
    assert signals > 0
    assert chart(40) == ([("1", 20), ("2", 20)], 0)


def test_days_of_the_week_are_taken_out_before_limits() -> None:
    by_day = (120, 110, 105, 100, 95, 40, 30)
    draw = random.Random(4)
    rows = [f"2026-{3 + day // 28:02}-{day % 28 + 1:02},{draw.gauss(by_day[day % 7], 4):.1f}" for day in range(28)]
    found = read_series("period,value\n" + "\n".join(rows), Kind.XMR)
    chart = control_chart(found, Kind.XMR)
    plain = control_chart(found, Kind.XMR, seasons=False)
    assert chart.season is not None
    assert chart.season.length == 7
    assert not chart.signals
    width, plainly = (high - low for low, high in (chart.limits[0], plain.limits[0]))
    assert width < plainly / 1.5


def test_counts_with_seasons_keep_their_n() -> None:
    draw = random.Random(5)
    n = [200 if day % 7 < 5 else 60 for day in range(35)]
    hits = [sum(draw.random() < (0.3 if day % 7 == 0 else 0.1) for _ in range(n[day])) for day in range(35)]
    names = tuple(f"2026-03-{day + 1:02}" if day < 31 else f"2026-04-{day - 30:02}" for day in range(35))
    chart = control_chart(Series(names, tuple(hits), tuple(n)), Kind.P)
    assert chart.season is not None
    assert not [each for each in chart.signals if each.rule == "3 sigma"]
    assert chart.limits[0][1] > chart.limits[1][1]


def test_neighbours_that_are_alike_are_said() -> None:
    draw, value, values = random.Random(3), 0.0, []
    for _ in range(60):
        value = 0.8 * value + draw.gauss(0, 1)
        values.append(value)
    chart = control_chart(series(values), Kind.XMR)
    assert chart.correlated
    assert "autocorrelation" in " ".join(chart.notes)


def test_runs_of_rare_events_are_counted_about_the_median() -> None:
    """Two of three gaps are below the mean: about it, eight in a row would be nothing special."""
    values = [30, 150, 35, 20, 40, 160, 90, 100, 10, 170] * 2 + [60, 62, 65, 68, 70, 66, 60, 64]
    chart = control_chart(series(values), Kind.G)
    assert not [each for each in chart.signals if each.rule == "8 in a row" and not each.above]


def test_a_baseline_without_an_event_has_no_limits_and_says_what_to_do() -> None:
    with pytest.raises(InvalidInputError, match="--kind g"):
        control_chart(series([0] * 20 + [3], [100] * 21), Kind.P)
    with pytest.raises(InvalidInputError, match="three"):
        control_chart(series([1, 2]), Kind.XMR)


@pytest.mark.parametrize(
    ("names", "step"),
    [
        (["2026-01-31", "2026-02-28", "2026-03-31"], Step.MONTHS),
        (["2026-03-02", "2026-03-09", "2026-03-16"], Step.WEEKS),
        (["2025-W52", "2026-W01"], Step.WEEKS),
        (["2026-02", "2026-03"], Step.MONTHS),
        (["2026Q1", "2026Q2"], Step.QUARTERS),
        (["3", "4"], Step.NUMBERS),
        (["2026-03-06", "2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"], Step.WORKDAYS),
        (["2026-03-02T08:00", "2026-03-03T08:00"], Step.DAYS),
        (["spring", "summer"], Step.NAMES),
    ],
)
def test_periods_are_read_as_people_write_them(names: list[str], step: Step) -> None:
    found = periods_of(names)
    assert found.step is step
    assert [later - earlier for earlier, later in zip(found.places, found.places[1:], strict=False)] == [1] * (
        len(names) - 1
    )
