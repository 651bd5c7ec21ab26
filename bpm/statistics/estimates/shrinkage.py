"""Rates of many places at once, drawn towards what they have in common, so that the worst of them is not luck. Pure.

Of forty activities that are all alike, one has the highest rate of complaints by chance alone, mostly one that few
cases pass. Counts are taken as Poisson with the passes as exposure, the true rates as a gamma distribution that the
places themselves tell: empirical Bayes (D. Clayton and J. Kaldor, Biometrics 43, 1987). Neither its mean nor how far
the places differ is taken as known: both are weighed over what they may be, the second with a uniform prior on the
share that a place is drawn in (C. L. Christiansen and C. N. Morris, JASA 92, 1997, section 2), and each posterior is
given as the gamma distribution with its mean and variance, as there. A single guess by moments covers 80 of 100 true
rates of 8 places where it says 95.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bpm.statistics.figures import SHOWN_FROM

_Z95 = 1.959964
_CLOSE = 1e-10
_STEPS = 20


@dataclass(frozen=True)
class Rate:
    """`events` over `exposure`: as counted (`raw`) and shrunk (`value`, with its 95 % interval), all per one pass.

    `maybe` more events wait for a person; the upper end of the interval counts them.
    """

    events: int
    exposure: int
    maybe: int
    value: float
    low: float
    high: float

    @property
    def raw(self) -> float | None:
        """As counted; None without a pass."""
        return self.events / self.exposure if self.exposure else None

    @property
    def shown(self) -> bool:
        return self.exposure >= SHOWN_FROM

    @property
    def verdict(self) -> str:
        """In words, per 100: `9.8 per 100 (5.1–15.2), n = 60 passes`, or why there is no figure."""
        if not self.shown:
            return f"not shown (n = {self.exposure})"
        return f"{100 * self.value:.1f} per 100 ({100 * self.low:.1f}–{100 * self.high:.1f}), n = {self.exposure}"


def shrunk(counts: Sequence[tuple[int, int]], *, maybe: Sequence[int] = ()) -> list[Rate]:
    """The rate of each place of (events, exposure), drawn towards all of them; `maybe`: events not yet sure.

    ValueError for a negative count. Intervals have equal tails.
    """
    if any(y < 0 or n < 0 for y, n in counts):
        raise ValueError("events and passes are counts")
    priors = weighed_priors(counts)
    waiting = [*maybe, *[0] * (len(counts) - len(maybe))]
    return [_rate(y, n, more, priors) for (y, n), more in zip(counts, waiting, strict=True)]


@dataclass(frozen=True)
class Prior:
    """Gamma distribution of the true rates: its mean with that one's variance, and how likely it is by the counts."""

    mean: float
    variance: float
    """Of the mean: the places tell it, and are few."""
    weight: float
    """It counts like so many passes."""
    likely: float


def weighed_priors(counts: Sequence[tuple[int, int]]) -> list[Prior]:
    """Priors whose weight stands evenly between none and all of what the usual place knows; empty without events."""
    passed = [(y, n) for y, n in counts if n > 0]
    if not any(y for y, _ in passed):
        return []
    usual = sum(n for _, n in passed) / len(passed)
    found = []
    for weight in (usual * b / (1 - b) for b in ((step + 0.5) / _STEPS for step in range(_STEPS))):
        # Given the weight, a place tells as much of the mean as its passes and the prior's together.
        known = sum(n * weight / (n + weight) for _, n in passed)
        mean = sum(y * weight / (n + weight) for y, n in passed) / known
        found.append(Prior(mean, mean / known, weight, _log_likelihood(passed, mean * weight, weight)))
    most = max(each.likely for each in found)
    likely = [math.sqrt(each.variance) * math.exp(each.likely - most) for each in found]
    return [replace(each, likely=share / sum(likely)) for each, share in zip(found, likely, strict=True)]


def _log_likelihood(counts: Sequence[tuple[int, int]], shape: float, rate: float) -> float:
    """Of the negative binomial distribution of the counts, but for what is the same for all priors."""
    return sum(
        math.lgamma(shape + y) - math.lgamma(shape) + shape * math.log(rate / (rate + n)) - y * math.log(rate + n)
        for y, n in counts
    )


def _rate(events: int, exposure: int, maybe: int, priors: Sequence[Prior]) -> Rate:
    if not priors:
        # Nothing happened anywhere: the upper end is that of Jeffreys' prior, shape 1/2.
        high = gamma_quantile(0.975, 0.5 + maybe) / exposure if exposure else math.inf
        return Rate(events, exposure, maybe, 0.0, 0.0, high)
    mean, shape, rate = _posterior(events, exposure, priors)
    _mean, more_shape, more_rate = _posterior(events + maybe, exposure, priors) if maybe else (mean, shape, rate)
    low, high = gamma_quantile(0.025, shape) / rate, gamma_quantile(0.975, more_shape) / more_rate
    return Rate(events, exposure, maybe, mean, low, high)


def _posterior(events: int, exposure: int, priors: Sequence[Prior]) -> tuple[float, float, float]:
    """Mean of the rate, and the shape and rate of the gamma distribution that stands for what is known of it."""
    mean = square = 0.0
    for prior in priors:
        rate = prior.weight + exposure
        here = (prior.mean * prior.weight + events) / rate
        spread = here / rate + prior.variance * (prior.weight / rate) ** 2
        mean += prior.likely * here
        square += prior.likely * (spread + here * here)
    variance = square - mean * mean
    return mean, mean * mean / variance, mean / variance


def gamma_quantile(share: float, shape: float) -> float:
    """The value below which that share of a gamma distribution with this shape and rate 1 lies.

    E. B. Wilson and M. M. Hilferty (PNAS 17, 1931) to begin with, then Newton's steps on the incomplete gamma function;
    where one leads out of what is known to hold the value, that is halved.
    """
    z = _Z95 if share > 0.5 else -_Z95
    value = max(shape * max(0.0, 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3, 1e-6)
    low, high, scale = 0.0, math.inf, math.lgamma(shape)
    for _ in range(200):
        over = gamma_below(value, shape) - share
        low, high = (low, value) if over >= 0 else (value, high)
        density = math.exp((shape - 1) * math.log(value) - value - scale)
        following = value - over / density if density else 0.0
        if not low < following < high:
            following = (low + high) / 2 if high < math.inf else 2 * value
        if abs(following - value) <= _CLOSE * following:
            return following
        value = following
    return value


def gamma_below(value: float, shape: float) -> float:
    """The regularised lower incomplete gamma function P(shape, value).

    By its series below shape + 1 and by Lentz's continued fraction above (M. Abramowitz and I. A. Stegun, Handbook of
    Mathematical Functions, 6.5.29 and 6.5.31).
    """
    if value <= 0:
        return 0.0
    front = math.exp(shape * math.log(value) - value - math.lgamma(shape))
    if value < shape + 1:
        term = total = 1 / shape
        step = shape
        while term > total * _CLOSE:
            step += 1
            term *= value / step
            total += term
        return front * total
    tiny = 1e-300
    b = value + 1 - shape
    c, d = 1 / tiny, 1 / b
    h = d
    for i in range(1, 500):
        a = -i * (i - shape)
        b += 2
        d = 1 / ((a * d + b) or tiny)
        c = (b + a / c) or tiny
        h *= d * c
        if abs(d * c - 1) < _CLOSE:
            break
    return 1 - front * h
