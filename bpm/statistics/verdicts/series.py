"""An interrupted series: level and slope before and after one date, with neighbours that are alike."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bpm.statistics.verdicts.cases import Cases, Floats
from bpm.statistics.verdicts.distributions import normal_below, t_below_each
from bpm.statistics.verdicts.effects import TWO_SIDED, Effect

FEWEST_PERIODS = 52
MOST_ALIKE = 0.3
"""Beyond this lag-1 autocorrelation no interval is kept to, and nothing is shown."""
EACH_SIDE = 8
"""So many periods before and after are needed."""
_ALIKE = tuple(place / 40 for place in range(39))


@dataclass(frozen=True)
class Interrupted:
    """`effect` is the change of the level at the change; `slope` how much the trend changed per period."""

    effect: Effect
    slope: float
    periods: int
    before: int
    alike: float
    """Lag-1 autocorrelation of the residuals, by restricted maximum likelihood."""
    placebo: float | None
    """Share of dates before the change at which as large a jump would be seen; None with too few."""
    empty: int
    """Periods without a case."""


def interrupted(cases: Cases, *, z: float = TWO_SIDED) -> Interrupted | None:
    """Means per period, then `segmented`. None without enough periods on both sides to fit two lines."""
    number = int(cases.period.max()) + 1
    sizes = np.bincount(cases.period, minlength=number).astype(float)
    sums = np.bincount(cases.period, weights=cases.outcome, minlength=number)
    new = np.bincount(cases.period, weights=cases.arm, minlength=number)
    some = sizes > 0
    values = sums[some] / sizes[some]
    mostly_new = new[some] / sizes[some] > 0.5
    if not mostly_new.any():
        return None
    start = int(np.argmax(mostly_new))
    if start < 3 or len(values) - start < 3:
        return None
    effect, slope, alike = segmented(values, start, z=z)
    return Interrupted(
        effect, slope, len(values), start, alike, _placebo(values[:start], effect, alike), int((~some).sum())
    )


def segmented(values: Floats, start: int, *, z: float = TWO_SIDED) -> tuple[Effect, float, float]:
    """(jump of the level at `start`, change of the slope, lag-1 autocorrelation) of one value per period.

    Model: Wagner, Soumerai, Zhang, Ross-Degnan, J. Clin. Pharm. Ther. 27 (2002), with residuals of an AR(1) process.
    Interval: t intervals of generalised least squares for each autocorrelation from 0 to .95, weighed by its
    restricted likelihood with equal weights beforehand (Zellner and Tiao, JASA 59, 1964): that it is not known is in
    the interval, so that it covers with 52 periods, where Newey-West gives 88 of 100 for 95.
    """
    fits = [_fit(values, start, alike) for alike in _ALIKE]
    jumps, errors, slopes, logs = (np.array(column) for column in zip(*fits, strict=True))
    df = len(values) - 4
    weights: Floats = np.exp(logs - logs.max())
    weights /= weights.sum()
    outside = 1 - normal_below(z)
    low, high = (_quantile(share, weights, jumps, errors, df) for share in (outside, 1 - outside))
    effect = Effect(
        float(weights @ jumps),
        (high - low) / (2 * z),
        df,
        float(values[:start].mean()),
        ends=(low, high),
        z=z,
    )
    return effect, float(weights @ slopes), _ALIKE[int(logs.argmax())]


def _fit(values: Floats, start: int, alike: float) -> tuple[float, float, float, float]:
    """(jump, its error, change of the slope, log restricted likelihood) by generalised least squares."""
    along, inverse, log = _model(len(values), start, alike)
    white = _whitened(values, alike)
    part = along.T @ white
    df = len(values) - 4
    rest = max(float(white @ white - part @ part), 1e-300)
    found = inverse @ part
    error = math.sqrt(rest / df * float((inverse[2] ** 2).sum()))
    return float(found[2]), error, float(found[3]), log - df / 2 * math.log(rest)


@lru_cache(maxsize=8192)
def _model(size: int, start: int, alike: float) -> tuple[Floats, Floats, float]:
    """Two lines that may meet with a jump, whitened: its orthogonal part, the inverse of the rest, and their log."""
    time = np.arange(size, dtype=float) - start
    after = (time >= 0).astype(float)
    along, rest = np.linalg.qr(_whitened(np.column_stack([np.ones(size), time, after, after * time]), alike))
    log = 0.5 * math.log(1 - alike**2) - float(np.log(np.abs(np.diag(rest))).sum())
    return along, np.linalg.inv(rest), log


def _whitened(values: Floats, alike: float) -> Floats:
    """Prais and Winsten (1954): neighbours made independent, the first one kept."""
    out: Floats = values.copy()
    out[1:] = values[1:] - alike * values[:-1]
    out[0] = values[0] * math.sqrt(1 - alike**2)
    return out


def _quantile(share: float, weights: Floats, centres: Floats, errors: Floats, df: int) -> float:
    """Of a mixture of t distributions, by halving."""
    errors = np.maximum(errors, 1e-12)
    low, high = float((centres - 60 * errors).min()), float((centres + 60 * errors).max())
    for _halving in range(60):
        middle = (low + high) / 2
        below = float(weights @ t_below_each((middle - centres) / errors, df))
        low, high = (middle, high) if below < share else (low, middle)
    return (low + high) / 2


def _placebo(before: Floats, effect: Effect, alike: float) -> float | None:
    """At what share of the dates before the change the same model sees as sure a jump the same way."""
    dates = range(EACH_SIDE, len(before) - EACH_SIDE + 1)
    if len(dates) < EACH_SIDE or effect.error <= 0:
        return None
    seen = effect.estimate / effect.error
    more = 0
    for date in dates:
        jump, error, _slope, _log = _fit(before, date, alike)
        more += jump / max(error, 1e-12) * math.copysign(1, seen) >= abs(seen)
    return more / len(dates)
