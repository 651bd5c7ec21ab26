"""Whether a lot was drawn as planned, to the digits of what is known."""

import pytest

from bpm.statistics.lots import Drawn, split_p, splits_p


@pytest.mark.parametrize(
    ("hits", "n", "share", "p"),
    [
        (7, 24, 0.5, 0.0639146566),  # scipy.stats.binomtest; R: binom.test(7, 24)
        (682, 925, 0.75, 0.3824915595),  # R's own example of binom.test (Conover 1971, Mendelian inheritance)
        (0, 10, 0.5, 0.001953125),
        (5, 10, 0.5, 1.0),
        (0, 0, 0.3, 1.0),
        (3, 3, 1.0, 1.0),
        (2, 3, 1.0, 0.0),
    ],
)
def test_the_p_of_a_split_is_that_of_the_exact_binomial_test(hits: int, n: int, share: float, p: float) -> None:
    assert split_p(Drawn(hits, n, share)) == pytest.approx(p, rel=1e-6)


def test_far_out_it_goes_over_into_the_normal_limit_without_a_step() -> None:
    assert split_p(Drawn(10_200, 20_000, 0.5)) == pytest.approx(split_p(Drawn(10_200, 20_001, 0.5)), rel=0.03)


def test_several_steps_share_one_level_and_empty_ones_cost_nothing() -> None:
    fair, skewed = Drawn(50, 1000, 0.05), Drawn(300, 1000, 0.2)
    assert splits_p([fair]) > 0.9
    assert splits_p([fair, skewed, Drawn(0, 0, 0.5)]) == pytest.approx(2 * split_p(skewed))
    assert splits_p([]) == 1.0


@pytest.mark.parametrize("drawn", [Drawn(4, 3, 0.5), Drawn(-1, 3, 0.5), Drawn(1, 3, 1.5)])
def test_what_is_no_lot_is_refused(drawn: Drawn) -> None:
    with pytest.raises(ValueError, match="is no lot"):
        split_p(drawn)
