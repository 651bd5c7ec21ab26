"""Centre and limits of each chart from the points of its baseline; every formula with its source."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.statistics.charts.series import Kind

D2 = 1.128
"""Mean range of two values of a normal distribution with standard deviation 1 (Montgomery, appendix VI)."""
BY_MEAN, BY_MEDIAN = 2.66, 3.145
"""3 sigma in mean and in median moving ranges (Wheeler, Understanding Variation, 1993; Wheeler, 2009)."""
RANGE_BY_MEAN, RANGE_BY_MEDIAN = 3.267, 3.865
"""Upper limit of the moving ranges themselves: D4 for two values; for medians Wheeler (2009)."""
_TO_NORMAL = 1 / 3.6
"""Poisson events' times between them, to this power, are nearly normal (Nelson, J. Quality Technology 26, 1994)."""


class Spread(StrEnum):
    """How the moving ranges are averaged: the median is not moved by one outlier in the baseline."""

    MEAN = "mean"
    MEDIAN = "median"


@dataclass(frozen=True)
class Settings:
    """What may be known or chosen: target and sigma from before, and how drift is weighed.

    EWMA with weight .1 and 2.7 sigma, CUSUM with allowance .5 and interval 5: false alarms every 500 and 465 points
    (Montgomery, Introduction to Statistical Quality Control, 7th ed., tables 9.10 and 9.3).
    """

    target: float | None = None
    sigma: float | None = None
    spread: Spread = Spread.MEAN
    weight: float = 0.1
    width: float = 2.7
    allowance: float = 0.5
    interval: float = 5.0


@dataclass(frozen=True)
class Limits:
    """What a chart draws for some points: each with its own limits; `deviations` in sigma, for runs."""

    centre: float
    points: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    deviations: tuple[float, ...]
    """How far each value lies from the middle of the chart, in sigma; runs are on one side of it."""
    sigma_z: float | None = None
    notes: tuple[str, ...] = field(default=())
    other_side: tuple[float, ...] = ()
    """The lower sums of a CUSUM, as numbers below zero."""


def limits_of(
    kind: Kind,
    values: Sequence[float],
    sizes: Sequence[float] | None,
    baseline: int,
    settings: Settings,
    *,
    factors: Sequence[float] | None = None,
    widen: float = 1.0,
) -> Limits:
    """Limits for all `values` from the first `baseline` of them.

    `factors` are how much of the centre a season expects (counts only), `widen` what estimating seasons costs.
    """
    if kind is Kind.P or kind is Kind.U:
        return _laney(kind, values, sizes or [1.0] * len(values), baseline, factors or [1.0] * len(values), widen)
    if kind is Kind.G:
        return _g(values, baseline)
    if kind is Kind.T:
        return _t(values, baseline, settings)
    if kind is Kind.XMR:
        return _xmr(values, baseline, settings, widen)
    return (_ewma if kind is Kind.EWMA else _cusum)(values, baseline, settings, widen)


def moving_ranges(values: Sequence[float]) -> list[float]:
    return [abs(later - earlier) for earlier, later in pairwise(values)]


def centre_and_sigma(values: Sequence[float], settings: Settings) -> tuple[float, float]:
    """Mean of `values` and sigma from their moving ranges, unless known; sigma is a third of Wheeler's 2.66 ranges."""
    ranges = moving_ranges(values)
    by_range = BY_MEAN / 3 * fmean(ranges) if settings.spread is Spread.MEAN else BY_MEDIAN / 3 * median(ranges)
    centre = fmean(values) if settings.target is None else settings.target
    return centre, by_range if settings.sigma is None else settings.sigma


def _xmr(values: Sequence[float], baseline: int, settings: Settings, widen: float) -> Limits:
    """Wheeler, Understanding Variation (1993): mean and 2.66 mean (3.145 median) moving ranges to both sides."""
    centre, sigma = centre_and_sigma(values[:baseline], settings)
    half = 3 * sigma * widen
    size = len(values)
    return Limits(
        centre,
        tuple(values),
        (centre - half,) * size,
        (centre + half,) * size,
        _in_sigma([value - centre for value in values], sigma),
        notes=_flat(sigma),
    )


def _laney(
    kind: Kind,
    values: Sequence[float],
    sizes: Sequence[float],
    baseline: int,
    factors: Sequence[float],
    widen: float,
) -> Limits:
    """P' and u': sigma within periods times sigma_z, the spread of z between them.

    Source: Laney, Improved control charts for attributes, Quality Engineering 14 (2002): z = (p - p̄)/sigma_p,
    sigma_z = mean moving range of z / 1.128, limits p̄ ± 3 sigma_p sigma_z. A sigma_z of 1 is a plain p or u chart.
    """
    total = sum(size * factor for size, factor in zip(sizes[:baseline], factors[:baseline], strict=True))
    centre = sum(values[:baseline]) / total
    if centre == 0 or (kind is Kind.P and centre == 1):
        raise InvalidInputError(
            _("Nothing varies in the baseline: %(centre)g of every n.") % {"centre": centre},
            remedy=_("Take a longer baseline, or count the cases between two events: --kind g."),
        )
    expected = [min(centre * factor, 1.0) if kind is Kind.P else centre * factor for factor in factors]
    within = [
        math.sqrt((mean * max(1 - mean, 1e-9) if kind is Kind.P else mean) / size)
        for mean, size in zip(expected, sizes, strict=True)
    ]
    points = tuple(value / size for value, size in zip(values, sizes, strict=True))
    z = [(point - mean) / sigma for point, mean, sigma in zip(points, expected, within, strict=True)]
    sigma_z = fmean(moving_ranges(z[:baseline])) / D2 * widen
    half = [3 * sigma * sigma_z for sigma in within]
    top = 1.0 if kind is Kind.P else math.inf
    return Limits(
        centre,
        points,
        tuple(max(0.0, mean - each) for mean, each in zip(expected, half, strict=True)),
        tuple(min(top, mean + each) for mean, each in zip(expected, half, strict=True)),
        _in_sigma(z, sigma_z),
        sigma_z=sigma_z,
        notes=_flat(sigma_z),
    )


def _g(values: Sequence[float], baseline: int) -> Limits:
    """Cases between events: mean ± 3 sqrt(mean (mean + 1)), of a geometric distribution that starts at 0.

    Source: Kaminsky, Benneyan, Davis, Burke, J. Quality Technology 24 (1992). Runs are counted about the median,
    ln 2 of the mean (Provost and Murray, The Health Care Data Guide, 2011, ch. 7): two of three values lie below the
    mean.
    """
    centre = fmean(values[:baseline])
    sigma = math.sqrt(centre * (centre + 1))
    size = len(values)
    middle = centre * math.log(2)
    return Limits(
        centre,
        tuple(values),
        (max(0.0, centre - 3 * sigma),) * size,
        (centre + 3 * sigma,) * size,
        _in_sigma([value - middle for value in values], sigma),
        notes=(
            *_flat(sigma),
            _("Without a change, 1 point of 55 lies above the upper limit: a long time without an event, good news."),
        ),
    )


def _t(values: Sequence[float], baseline: int, settings: Settings) -> Limits:
    """Time between events: an XmR chart of time to the power 1/3.6, its limits raised to 3.6 again.

    Source: Nelson, J. Quality Technology 26 (1994); Montgomery, 7th ed., example 7.6 (power .2777).
    """
    bent = [value**_TO_NORMAL for value in values]
    inner = _xmr(bent, baseline, Settings(spread=settings.spread), 1.0)
    back = [max(0.0, limit) ** (1 / _TO_NORMAL) for limit in (inner.centre, inner.lower[0], inner.upper[0])]
    size = len(values)
    return Limits(back[0], tuple(values), (back[1],) * size, (back[2],) * size, inner.deviations, notes=inner.notes)


def _ewma(values: Sequence[float], baseline: int, settings: Settings, widen: float) -> Limits:
    """z(i) = w x(i) + (1 - w) z(i-1) from the centre on; limits widen with i.

    Source: Roberts, Technometrics 1 (1959); Montgomery, 7th ed., (9.22) to (9.26).
    """
    centre, sigma = centre_and_sigma(values[:baseline], settings)
    weight, z = settings.weight, centre
    points, half = [], []
    for place, value in enumerate(values, 1):
        z = weight * value + (1 - weight) * z
        points.append(z)
        share = weight / (2 - weight) * (1 - (1 - weight) ** (2 * place))
        half.append(settings.width * sigma * widen * math.sqrt(share))
    return Limits(
        centre,
        tuple(points),
        tuple(centre - each for each in half),
        tuple(centre + each for each in half),
        _in_sigma([value - centre for value in values], sigma),
        notes=_flat(sigma),
    )


def _cusum(values: Sequence[float], baseline: int, settings: Settings, widen: float) -> Limits:
    """Sums of what lies beyond the target and an allowance, up and down; an alarm beyond the decision interval.

    Source: Page, Biometrika 41 (1954); tabular form of Montgomery, 7th ed., (9.2) and (9.3).
    """
    centre, sigma = centre_and_sigma(values[:baseline], settings)
    allowance, decide = settings.allowance * sigma, settings.interval * sigma * widen
    up = down = 0.0
    above, below = [], []
    for value in values:
        up = max(0.0, value - (centre + allowance) + up)
        down = max(0.0, (centre - allowance) - value + down)
        above.append(up)
        below.append(-down)
    size = len(values)
    return Limits(
        centre,
        tuple(above),
        (-decide,) * size,
        (decide,) * size,
        _in_sigma([value - centre for value in values], sigma),
        notes=_flat(sigma),
        other_side=tuple(below),
    )


def _in_sigma(differences: Sequence[float], sigma: float) -> tuple[float, ...]:
    return tuple(each / sigma if sigma else math.copysign(math.inf, each) if each else 0.0 for each in differences)


def _flat(sigma: float) -> tuple[str, ...]:
    if sigma > 0:
        return ()
    return (_("The baseline does not vary: the limits are its centre. Measure more finely or take longer periods."),)
