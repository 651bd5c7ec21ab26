"""Figures keep their promises: intervals cover, small numbers stay silent, one loud channel is named."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.statistics import durations, percentile, share, source_mix


def test_a_share_has_the_interval_of_wilsons_paper() -> None:
    figure = share(8, 10)

    # Reference values of the score interval for 8 of 10 at 95 %.
    assert figure.low == pytest.approx(0.4902, abs=1e-4)
    assert figure.high == pytest.approx(0.9433, abs=1e-4)


def test_nothing_of_a_few_is_not_proof_of_nothing() -> None:
    figure = share(0, 10)

    assert figure.low == 0
    assert figure.high == pytest.approx(0.2775, abs=1e-4)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_interval_holds_the_share_and_stays_inside_the_scale(a: int, b: int) -> None:
    figure = share(min(a, b), max(a, b))

    assert 0 <= figure.low <= figure.high <= 1
    if figure.value is not None:
        assert figure.low <= figure.value <= figure.high


def test_a_share_of_few_cases_says_not_shown_and_its_n() -> None:
    assert share(3, 9).verdict == "not shown (n = 9)"
    assert share(3, 10).verdict == "30 % (11 %–60 %), n = 10"


def test_more_hits_than_cases_is_an_error_not_a_figure() -> None:
    with pytest.raises(ValueError, match="11 of 10"):
        share(11, 10)


def test_percentiles_lie_between_their_neighbours() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9) == pytest.approx(9.1)
    assert percentile([7], 0.9) == 7


def test_durations_count_what_still_runs_beside_the_median() -> None:
    figure = durations([timedelta(hours=h) for h in (1, 2, 3, 4, 50)], running=2)

    assert figure.median == timedelta(hours=3)
    assert (figure.n, figure.running, figure.shown) == (5, 2, True)
    assert not durations([timedelta(hours=1)] * 4).shown


def test_clocks_that_disagree_give_no_negative_waiting() -> None:
    assert durations([timedelta(hours=-1)] * 5).median == timedelta(0)


def test_one_channel_above_eighty_percent_prints_a_note() -> None:
    assert "90 % of these items came by call" in source_mix({"call": 18, "email": 2}).bias_note
    assert source_mix({"call": 16, "email": 4}).bias_note == ""


def test_a_handful_of_items_prints_no_note_about_their_mix() -> None:
    assert source_mix({"call": 3}).bias_note == ""
