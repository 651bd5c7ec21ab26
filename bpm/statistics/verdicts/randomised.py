"""Two arms compared, cluster-robust by customer: cases of one customer are alike and are no voices of their own."""

import math

import numpy as np
from numpy.typing import NDArray

from bpm.statistics.distributions import critical
from bpm.statistics.verdicts.cases import Floats, Places
from bpm.statistics.verdicts.effects import TWO_SIDED, Effect

MOST_OF_ONE = 0.1
"""From this part of an arm's cases on, one customer draws the mean to themselves, and residuals tell too little."""
FEW_CUSTOMERS = 5
"""Worth fewer customers than that, an arm's cases say nothing of customers."""
FEW = 10
"""With fewer cases of yes or no in an arm the interval of a share is not taken from the normal curve."""


def compare(outcome: Floats, arm: Places, customer: Places, *, shares: bool = False, z: float = TWO_SIDED) -> Effect:
    """The difference of the arms' means per case.

    The mean of an arm is a ratio of sums over customers; its error comes from the customers' residual sums (Deng,
    Knoblich, Lu, KDD 2018; Liang and Zeger, Biometrika 73, 1986, with the factor G/(G-1)), a customer in both arms
    counts in both; degrees of freedom by Welch (Biometrika 34, 1947) over customers. Where one customer has more than
    a tenth of an arm, from the means without each customer in turn (the jackknife: Bell and McCaffrey, Survey
    Methodology 28, 2002; MacKinnon, Nielsen, Webb, J. Econometrics 232, 2023).
    """
    means, scores, variances, customers = [], [], [], []
    for side in (0, 1):
        of = arm == side
        mean, each, number = _scores(outcome, customer, of)
        means.append(mean)
        scores.append(each)
        customers.append(number)
        variances.append(_variance(each, customer[of], number))
    shared = float((scores[0] * scores[1]).sum())
    variance = max(0.0, variances[0] + variances[1] - 2 * shared)
    df = _welch(variances, customers)
    effect = Effect(means[1] - means[0], math.sqrt(variance), df, means[0], z=z)
    few = shares and min(_fewest(outcome, arm == side) for side in (0, 1)) < FEW
    return _with_scores(effect, outcome, arm, means, variances, customers, df, z) if few else effect


def _scores(outcome: Floats, customer: Places, of: NDArray[np.bool_]) -> tuple[float, Floats, int]:
    """Mean of an arm, what each customer adds to its error, and how many customers it has."""
    size = int(of.sum())
    mean = float(outcome[of].mean())
    each = np.bincount(customer[of], weights=(outcome[of] - mean) / size, minlength=int(customer.max()) + 1)
    return mean, each.astype(np.float64), len(np.unique(customer[of]))


def _variance(scores: Floats, customer: Places, number: int) -> float:
    """Of an arm's mean, from what each of its customers adds to its error."""
    if number < 2:
        return math.inf
    parts = np.bincount(customer, minlength=len(scores)) / len(customer)
    if float(parts.max()) <= MOST_OF_ONE:
        return number / (number - 1) * float((scores**2).sum())
    return (number - 1) / number * float(((scores / (1 - parts)) ** 2).sum())


def worth_customers(customer: Places, of: NDArray[np.bool_]) -> float:
    """As many customers with equally many cases tell as much as these (Kish, Survey Sampling, 1965, 5.4)."""
    sizes = np.bincount(customer[of]).astype(np.float64)
    return float(sizes.sum() ** 2 / (sizes**2).sum()) if len(sizes) else 0.0


def _welch(variances: list[float], numbers: list[int]) -> float:
    below = sum(variance**2 / max(number - 1, 1) for variance, number in zip(variances, numbers, strict=True))
    whole = sum(variances)
    if not math.isfinite(whole):
        return 1.0
    return whole**2 / below if below > 0 else float(max(1, sum(numbers) - 2))


def _fewest(outcome: Floats, of: NDArray[np.bool_]) -> float:
    yes = float(outcome[of].sum())
    return min(yes, float(of.sum()) - yes)


def _with_scores(
    effect: Effect,
    outcome: Floats,
    arm: Places,
    means: list[float],
    variances: list[float],
    customers: list[int],
    df: float,
    z: float,
) -> Effect:
    """The interval of a difference of small shares from both score intervals (Newcombe, Stat. Med. 17, 1998, no. 10).

    n is what is left of an arm's cases after the design effect of its customers.
    """
    ends = []
    alone = all(number == (arm == side).sum() for side, number in enumerate(customers))
    for side in (0, 1):
        size = float((arm == side).sum())
        plain = means[side] * (1 - means[side]) / size
        robust = variances[side] * (1 - 1 / customers[side])
        worth = size if robust <= plain else size * plain / robust
        ends.append(_wilson(means[side], worth, z if alone else critical(z, df)))
    (old_low, old_high), (new_low, new_high) = ends
    low = effect.estimate - math.hypot(means[1] - new_low, old_high - means[0])
    high = effect.estimate + math.hypot(new_high - means[1], means[0] - old_low)
    return Effect(effect.estimate, max(effect.error, (high - low) / (2 * z)), df, means[0], ends=(low, high), z=z)


def _wilson(share: float, n: float, z: float) -> tuple[float, float]:
    """E. B. Wilson, JASA 22 (1927), at z."""
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)
