"""A forecast is shown only where its back-test beats repeating the last week."""

import random

import pytest

from bpm.statistics.forecast import BackTest, Why, back_test, outlook, smoothed, weeks_ahead

WEEKDAYS = (30, 24, 22, 20, 18, 4, 2)


def test_a_week_that_comes_again_is_forecast_to_the_day() -> None:
    state = smoothed(list(WEEKDAYS) * 4 + [30, 24])

    assert state.level + state.season[0] == pytest.approx(22), "Wednesday is next"
    assert weeks_ahead(state, 2) == pytest.approx([120, 120])


def test_noise_around_a_steady_week_is_forecast_better_than_by_repeating_it_and_errors_are_printed() -> None:
    chance = random.Random(5)
    days = [max(0, round(chance.gauss(mean, 6))) for _week in range(26) for mean in WEEKDAYS]

    said = outlook(days)

    assert said.shown
    assert said.back_test is not None
    assert said.back_test.origins == 18
    assert said.back_test.error < said.back_test.naive_error
    assert said.weeks[0] == pytest.approx(120, abs=15)
    assert len(said.back_test.half_widths) == len(said.weeks) == 4


def test_where_repeating_the_week_is_as_good_nothing_is_shown() -> None:
    jumps = (20, 50, 10, 70, 30, 90, 15, 60, 25)
    said = outlook([float(jumps[place // 21]) for place in range(7 * 26)])

    assert (said.shown, said.why) == (False, Why.NO_BETTER)
    assert said.back_test is not None
    assert said.back_test.error >= said.back_test.naive_error


def test_a_short_series_says_so() -> None:
    assert outlook([1.0] * 60).why == Why.TOO_SHORT
    assert back_test([1.0] * 57) is None
    assert not BackTest(5, 1.0, 2.0, (1.0,)).is_better, "five tries prove nothing"
    with pytest.raises(ValueError, match="two weeks"):
        smoothed([1.0] * 13)


def test_equal_errors_are_not_better() -> None:
    assert outlook([0.0] * 182).why == Why.NO_BETTER
