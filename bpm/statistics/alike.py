"""Whether two groups fare alike: shares and lengths of time, each with an interval and a p value. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bpm.statistics.figures import share


@dataclass(frozen=True)
class Comparison:
    """`value` is a difference of shares, or a ratio of times; its 95 % interval, and p of no difference, two-sided."""

    value: float
    low: float
    high: float
    p: float


def compare_shares(hits: int, n: int, other_hits: int, other_n: int) -> Comparison:
    """The first share less the second: Newcombe's interval (Stat Med 17, 1998, method 10), pooled z test.

    ValueError unless both have cases.
    """
    if not n or not other_n:
        raise ValueError("a comparison needs cases on both sides")
    one, other = share(hits, n), share(other_hits, other_n)
    p1, p2 = hits / n, other_hits / other_n
    low = p1 - p2 - math.hypot(p1 - one.low, other.high - p2)
    high = p1 - p2 + math.hypot(one.high - p1, p2 - other.low)
    pooled = (hits + other_hits) / (n + other_n)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    return Comparison(p1 - p2, low, high, math.erfc(abs(p1 - p2) / error / math.sqrt(2)) if error else 1.0)


def compare_times(seconds: Sequence[float], others: Sequence[float]) -> Comparison:
    """How many times as long the first ones took: ratio of geometric means, Welch's t on logarithms (1947).

    Under a second counts as one. ValueError under two values on a side.
    """
    from bpm.statistics.distributions import t_below, t_quantile  # SciPy: loaded by who asks for it

    if len(seconds) < 2 or len(others) < 2:
        raise ValueError("a comparison needs two values on both sides")
    mean, error = _of_logs(seconds)
    other_mean, other_error = _of_logs(others)
    total = error + other_error
    if total == 0:
        equal = mean == other_mean
        ratio = math.exp(mean - other_mean)
        return Comparison(ratio, ratio, ratio, 1.0 if equal else 0.0)
    df = total**2 / (error**2 / (len(seconds) - 1) + other_error**2 / (len(others) - 1))
    half = t_quantile(0.975, df) * math.sqrt(total)
    t = (mean - other_mean) / math.sqrt(total)
    low, high = mean - other_mean - half, mean - other_mean + half
    return Comparison(
        math.exp(mean - other_mean), math.exp(low), math.exp(high), min(1.0, 2 * (1 - t_below(abs(t), df)))
    )


def _of_logs(seconds: Sequence[float]) -> tuple[float, float]:
    """(mean, squared standard error) of the logarithms."""
    logs = [math.log(max(1.0, each)) for each in seconds]
    mean = sum(logs) / len(logs)
    return mean, sum((each - mean) ** 2 for each in logs) / (len(logs) - 1) / len(logs)
