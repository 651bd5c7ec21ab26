"""Slow growth: a theme that doubles its share is named within days; a business that grows is no theme that grows."""

import numpy as np

from bpm.statistics.growth import Growth, SlowGrowth


def _run(
    rng: np.random.Generator, days: int, rates: list[float], *, grows_from: int = 10**6, all_grow: float = 0.0
) -> list[tuple[int, Growth]]:
    slow, found = SlowGrowth(), []
    for day in range(days):
        for theme, rate in enumerate(rates):
            factor = (1 + all_grow) ** day * (2 if theme == 0 and day >= grows_from else 1)
            for number in range(rng.poisson(rate * factor * rng.gamma(10, 0.1))):
                found += [(day, each) for each in slow.feed(day, f"theme-{theme}", f"{day}-{theme}-{number}")]
    return found


def test_a_theme_that_doubles_is_named_within_a_fortnight_with_its_items() -> None:
    found = _run(np.random.default_rng(1), 90, [6.0, 20.0, 15.0, 4.0], grows_from=60)
    assert [each.theme for _, each in found] == ["theme-0"]
    day, growth = found[0]
    assert 60 < day <= 74
    assert growth.observed > 1.5 * growth.expected
    assert growth.items
    assert len(growth.items) <= 200


def test_in_control_and_while_the_whole_business_grows_hardly_a_theme_is_named() -> None:
    rng = np.random.default_rng(2)
    steady = sum(len(_run(rng, 120, [1.0, 5.0, 20.0, 0.3, 8.0])) for _ in range(3))
    growing = sum(len(_run(rng, 80, [1.0, 3.0, 6.0], all_grow=0.02)) for _ in range(3))
    assert steady + growing <= 2, "more than two false alarms in 3,000 days of themes"
