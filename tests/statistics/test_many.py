"""The alarm budget over many series."""

import numpy as np
import pytest

from bpm.statistics import Look, alarms, benjamini_hochberg
from tests.thoroughness import TIMES

MONTHS = 100 * TIMES


def test_the_example_of_benjamini_and_hochberg() -> None:
    """Their section 4.1: fifteen p, of which Bonferroni rejects three and theirs four."""
    ps = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]
    assert benjamini_hochberg([*ps, 0.7590, 1.0], 0.05) == (0, 1, 2, 3)
    assert benjamini_hochberg([], 0.05) == ()
    with pytest.raises(ValueError, match="between"):
        benjamini_hochberg([1.2], 0.05)


def test_parts_of_a_quiet_whole_are_quiet() -> None:
    looks = [
        Look("returns", 0.001),
        Look("returns/inspect", 0.002, "returns"),
        Look("returns/pay", 0.8, "returns"),
        Look("orders", 0.7),
        Look("orders/pick", 0.0001, "orders"),
    ]
    found = alarms(looks)
    assert found.series == ("returns", "returns/inspect")
    assert found.words == "2 of 5 series alarm; on average at most 0.2 of these is false."
    assert alarms([Look("a", 0.5)]).words == "No alarm among 1 series."


@pytest.mark.proof(examples=MONTHS)
def test_over_many_months_at_most_the_budget_of_alarms_is_false() -> None:
    """200 series, ten of which moved by four sigma; daily looks of a month are one look here."""
    draw = np.random.default_rng(7)
    from statistics import NormalDist

    shares = []
    for _month in range(MONTHS):
        z = draw.normal(size=200)
        z[:10] += 4
        ps = [2 * NormalDist().cdf(-abs(each)) for each in z]
        found = alarms([Look(str(place), p) for place, p in enumerate(ps)]).series
        shares.append(sum(int(name) >= 10 for name in found) / max(1, len(found)))
    assert np.mean(shares) <= 0.1 + 2 * np.std(shares) / MONTHS**0.5
