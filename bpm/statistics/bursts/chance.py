"""How likely so many are: the upper tail of a negative binomial. Pure."""

import math


def tail(at_least: int, mean: float, spread: float) -> float:
    """P(X >= at_least) of a negative binomial with this mean and variance `spread` x mean; Poisson at spread 1.

    Summed upwards from `at_least`; right to a thousandth of itself. A `spread` under 1.001 is taken as 1.001.
    """
    if at_least <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    spread = max(1.001, spread)
    size, q = mean / (spread - 1), 1 - 1 / spread
    if at_least < mean:
        return max(0.0, 1.0 - _below(at_least, size, q, spread))
    k = at_least
    term = math.exp(
        math.lgamma(size + k) - math.lgamma(size) - math.lgamma(k + 1) + k * math.log(q) - size * math.log(spread)
    )
    total = 0.0
    while term > 0:
        total += term
        ratio = q * (size + k) / (k + 1)
        term *= ratio
        k += 1
        if ratio < 1 and term / (1 - ratio) < total * 1e-3:  # what is left is less than a geometric series
            return min(1.0, total + term / (1 - ratio))
    return min(1.0, total)


def _below(k: int, size: float, q: float, spread: float) -> float:
    term, total = math.exp(-size * math.log(spread)), 0.0
    for n in range(k):
        total += term
        term *= q * (size + n) / (n + 1)
    return total
