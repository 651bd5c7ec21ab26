"""How well a process keeps limits that its customers set: met rate, defects per million, sigma, Cp and Cpk. Pure.

Sources: Montgomery, Introduction to Statistical Quality Control, 7th ed., chapter 8 (Cp, Cpk, their intervals);
Harry and Schroeder, Six Sigma (2000), for the shift of 1.5; Bissell, Applied Statistics 39 (1990), for Cpk's interval.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

from bpm.foundation.texts import _
from bpm.statistics.charts.chart import autocorrelation
from bpm.statistics.charts.limits import D2, moving_ranges
from bpm.statistics.figures import Share, share

SHIFT = 1.5
"""By how many sigma a process is taken to drift in the long run: 3.4 defects per million are called 6 sigma with it."""
MILLION = 1_000_000
CAPABLE_FROM = 30
"""Fewer values say nothing of a spread: at 30 the interval of Cp is still a quarter of it wide on either side."""
MOST_CORRELATED, MOST_SKEWED = 0.3, 1.0
BEYOND = 0.0027
"""Share of a normal distribution beyond 3 sigma on both sides."""
_Z95 = 1.959964


def met_rate(values: Sequence[float], *, lower: float | None, upper: float | None) -> Share:
    """Which share of `values` lies within the limits, the limits themselves included; ValueError without any limit."""
    if lower is None and upper is None:
        raise ValueError("limits")
    return share(sum(is_within(value, lower=lower, upper=upper) for value in values), len(values))


def is_within(value: float, *, lower: float | None, upper: float | None) -> bool:
    return (lower is None or value >= lower) and (upper is None or value <= upper)


def defects_per_million(defects: int, units: int, *, opportunities: int = 1) -> float:
    """DPMO: defects per million opportunities, `opportunities` in each unit. ValueError for none, or for more of them.

    Montgomery 7.3.3: DPMO = defects / (units x opportunities) x 1,000,000.
    """
    chances = units * opportunities
    if chances <= 0 or not 0 <= defects <= chances:
        raise ValueError("defects")
    return defects / chances * MILLION


def sigma_level(dpmo: float, *, shift: float = SHIFT) -> float | None:
    """The normal quantile of the share without defects, plus the shift; None where all or nothing is a defect."""
    if not 0 < dpmo < MILLION:
        return None
    return NormalDist().inv_cdf(1 - dpmo / MILLION) + shift


@dataclass(frozen=True)
class Capability:
    """Cp and Cpk with their 95 % intervals; both None, and `why_not` in words, where they would say nothing.

    `cp` needs both limits.
    """

    n: int
    cp: float | None = None
    cpk: float | None = None
    cp_interval: tuple[float, float] | None = None
    cpk_interval: tuple[float, float] | None = None
    why_not: str = ""


def capability(values: Sequence[float], *, lower: float | None, upper: float | None) -> Capability:
    """Of continuous values in the order of time, where they are many enough, stable, and not skewed.

    Sigma is that within the process, mean moving range / 1.128. Cp = (upper - lower) / 6 sigma, Cpk = the smaller of
    (upper - mean) and (mean - lower) / 3 sigma (Montgomery 8.9, 8.10).
    """
    n = len(values)
    if n < CAPABLE_FROM:
        return Capability(n, why_not=_("Fewer than %(n)s values say nothing of a spread.") % {"n": CAPABLE_FROM})
    mean, sigma = fmean(values), fmean(moving_ranges(values)) / D2
    why_not = _unfit(values, mean, sigma)
    if why_not:
        return Capability(n, why_not=why_not)
    room = ([upper - mean] if upper is not None else []) + ([mean - lower] if lower is not None else [])
    if not room:
        return Capability(n, why_not=_("There is no limit."))
    cpk = min(room) / (3 * sigma)
    if lower is None or upper is None:
        return Capability(n, cpk=cpk, cpk_interval=cpk_interval(cpk, n))
    cp = (upper - lower) / (6 * sigma)
    return Capability(n, cp, cpk, cp_interval(cp, n), cpk_interval(cpk, n))


def _unfit(values: Sequence[float], mean: float, sigma: float) -> str:
    """Why no capability can be told of them; empty where it can."""
    if sigma <= 0:
        return _("The values do not vary.")
    beyond = sum(abs(value - mean) > 3 * sigma for value in values)
    expected = len(values) * BEYOND
    if beyond > expected + 3 * math.sqrt(expected):
        return _("It is not stable: %(n)s values lie beyond 3 sigma.") % {"n": beyond}
    lag1 = autocorrelation(values)
    if lag1 is not None and lag1 > MOST_CORRELATED:
        return _("It is not stable: each value follows the one before (lag-1 %(lag)s).") % {"lag": f"{lag1:.2f}"}
    skew = skewness(values)
    if abs(skew) > MOST_SKEWED:
        return _("The values are far from normal (skewness %(skew)s): the met rate speaks.") % {"skew": f"{skew:.1f}"}
    return ""


def skewness(values: Sequence[float]) -> float:
    """The third moment about the mean, in standard deviations; 0 where nothing varies."""
    spread = stdev(values) if len(values) > 1 else 0.0
    if spread <= 0:
        return 0.0
    mean = fmean(values)
    return fmean([((value - mean) / spread) ** 3 for value in values])


def cpk_interval(cpk: float, n: int) -> tuple[float, float]:
    """95 % (Bissell 1990; Montgomery 8.21): Cpk (1 -+ z sqrt(1 / (9 n Cpk^2) + 1 / (2 (n - 1))))."""
    half = _Z95 * math.sqrt(1 / (9 * n) + cpk * cpk / (2 * (n - 1)))
    return cpk - half, cpk + half


def cp_interval(cp: float, n: int) -> tuple[float, float]:
    """95 % (Montgomery 8.19): Cp sqrt(chi-square / (n - 1)), the quantiles by Wilson and Hilferty (1931)."""
    df = n - 1
    return cp * math.sqrt(_chi_square(0.025, df) / df), cp * math.sqrt(_chi_square(0.975, df) / df)


def _chi_square(below: float, df: int) -> float:
    z = NormalDist().inv_cdf(below)
    return float(df * (1 - 2 / (9 * df) + z * math.sqrt(2 / (9 * df))) ** 3)
