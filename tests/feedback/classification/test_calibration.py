"""Calibration: what is said to hold at 0.8 holds eight times of ten."""

import numpy as np
import pytest

from bpm.feedback.classification.pipeline.calibration import (
    brier,
    calibration_error,
    fit_line,
    probability,
    threshold_for,
)


def test_the_line_of_known_odds_is_found_again() -> None:
    chance = np.random.default_rng(1)
    scores = chance.normal(0, 2, 4000)
    holds = chance.random(4000) < probability(1.7 * scores - 0.6)
    line = fit_line(scores, holds)
    assert line.slope == pytest.approx(1.7, abs=0.15)
    assert line.offset == pytest.approx(-0.6, abs=0.15)
    assert calibration_error(probability(line.slope * scores + line.offset), holds) < 0.03


def test_a_label_that_never_holds_stays_improbable_but_not_impossible() -> None:
    line = fit_line(np.linspace(-3, 3, 50), np.zeros(50, dtype=bool))
    assert 0 < probability(np.array([line.slope * 0 + line.offset]))[0] < 0.2


def test_the_threshold_is_the_lowest_confidence_that_is_right_often_enough() -> None:
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, False, True, False])
    assert threshold_for(chances, right, wanted=0.75) == 0.6
    assert threshold_for(chances, ~right, wanted=0.75) == 1.0


def test_a_coin_has_a_quarter_of_squared_error() -> None:
    assert brier(np.array([0.5, 0.5]), np.array([True, False])) == 0.25
