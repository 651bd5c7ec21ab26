"""95 % intervals of rates, means and medians, and times kept as counts of narrow classes. Pure, without SciPy."""

import math
from collections.abc import Mapping

from bpm.statistics.figures import Z95

WIDTH = 1.02
"""A class of times ends 2 % above its begin: a figure from them is within 1 % of the exact one."""


def rate_interval(events: float, exposure: float) -> tuple[float, float]:
    """Of events per unit of exposure: Byar's approximation to the exact Poisson limits (Breslow and Day 1987, p. 69).

    ValueError for no exposure.
    """
    if exposure <= 0:
        raise ValueError("a rate needs exposure")
    low = events * (1 - 1 / (9 * events) - Z95 / (3 * math.sqrt(events))) ** 3 if events else 0.0
    more = events + 1
    high = more * (1 - 1 / (9 * more) + Z95 / (3 * math.sqrt(more))) ** 3
    return max(0.0, low) / exposure, high / exposure


def mean_interval(total: float, squares: float, n: int) -> tuple[float, float]:
    """Of a mean, from the sum and the sum of squares of its values; t by its expansion (Abramowitz and Stegun 26.7.5).

    For -100, 0 and 100 it is the interval of a net promoter score. ValueError under two values.
    """
    if n < 2:
        raise ValueError("a mean of fewer than two values has no interval")
    mean = total / n
    variance = max(0.0, squares - n * mean * mean) / (n - 1)
    half = _t95(n - 1) * math.sqrt(variance / n)
    return mean - half, mean + half


def _t95(df: int) -> float:
    z = Z95
    return (
        z
        + (z**3 + z) / (4 * df)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * df**3)
    )


def class_of(seconds: float) -> int:
    """Number of the class of times that it is in; under a second: 0. What is negative (clocks that disagree) is 0."""
    return 0 if seconds < 1 else 1 + math.floor(math.log(seconds) / math.log(WIDTH) + 1e-9)


def middle_of(number: int) -> float:
    """Seconds in the middle of a class."""
    return 0.0 if number == 0 else WIDTH ** (number - 0.5)


def quantile_of(classes: Mapping[int, int], q: float) -> float:
    """The `q` quantile, in seconds, of times counted by class. ValueError for none."""
    n = sum(classes.values())
    return _at_rank(classes, round(q * (n - 1)), n)


def median_interval(classes: Mapping[int, int]) -> tuple[float, float]:
    """Of the median, by ranks: n/2 -+ 0.98 sqrt(n) (Conover 1999, 3.2). ValueError for no times."""
    n = sum(classes.values())
    half = Z95 / 2 * math.sqrt(n)
    low, high = math.floor(n / 2 - half), math.ceil(n / 2 + half)
    return _at_rank(classes, max(0, low), n), _at_rank(classes, min(n - 1, high), n)


def _at_rank(classes: Mapping[int, int], rank: int, n: int) -> float:
    if n == 0:
        raise ValueError("a quantile needs values")
    seen = 0
    for number in sorted(classes):
        seen += classes[number]
        if seen > rank:
            return middle_of(number)
    raise ValueError("a rank beyond the last value")
