"""The alarm budget over many series."""

import numpy as np
import pytest

from bpm.statistics import Look, alarms, benjamini_hochberg
from bpm.statistics.charts import Kind, control_chart, p_of_looks, series
from tests.thoroughness import TIMES

MONTHS, SERIES = 50 * TIMES, 20


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


def _month(moved: int, draw: np.random.Generator) -> list[tuple[float, ...]]:
    """P of 30 daily looks at series with a baseline of 40 days; the first `moved` move by two sigma at its end."""
    found = []
    for place in range(SERIES):
        values = draw.normal(size=70)
        values[40:] += 2.0 * (place < moved)
        chart = control_chart(series(values.tolist()), Kind.XMR, baseline=40, watched=True, seasons=False)
        found.append(p_of_looks(chart))
    return found


@pytest.mark.proof(examples=2 * MONTHS)
def test_over_simulated_months_no_more_alarms_are_false_than_the_budget_says() -> None:
    """Each day is a look; where nothing moved the chance of any alarm at a look is the budget, else its false share."""
    draw = np.random.default_rng(7)
    shares: dict[int, list[float]] = {0: [], 4: []}
    seen = []
    for _each in range(MONTHS):
        for moved, found in shares.items():
            month = _month(moved, draw)
            days = [alarms([Look(str(place), ps[day]) for place, ps in enumerate(month)]).series for day in range(30)]
            found.append(
                float(np.mean([sum(int(name) >= moved for name in names) / max(1, len(names)) for names in days]))
            )
            seen += [len(days[-1])] if moved else []
    for found in shares.values():
        assert np.mean(found) <= 0.1 + 2 * np.std(found) / MONTHS**0.5
    assert np.mean(seen) >= 3
