"""Shares corrected for a classifier that errs, from how often it erred on items that people read. Pure."""

import math
from dataclasses import dataclass

from bpm.statistics.figures import Z95, Share


@dataclass(frozen=True)
class Audit:
    """What a classifier made of items whose truth is known: hits and misses of what holds and of what does not."""

    true_positive: int
    false_negative: int
    false_positive: int
    true_negative: int

    @property
    def positives(self) -> int:
        return self.true_positive + self.false_negative

    @property
    def negatives(self) -> int:
        return self.false_positive + self.true_negative

    @property
    def sensitivity(self) -> float:
        return self.true_positive / self.positives

    @property
    def specificity(self) -> float:
        return self.true_negative / self.negatives


@dataclass(frozen=True)
class Corrected:
    """The share as it would be without errors, with its 95 % interval."""

    value: float
    low: float
    high: float


def corrected(found: Share, audit: Audit) -> Corrected | None:
    """(p + sp - 1) / (se + sp - 1), cut to 0..1 (Rogan and Gladen, Am J Epidemiol 107, 1978), their variance (eq. 8).

    The errors of sensitivity and specificity are in the interval. None where the audit or the share knows too little,
    or the classifier does no better than chance.
    """
    if not found.n or not audit.positives or not audit.negatives:
        return None
    se, sp, p = audit.sensitivity, audit.specificity, found.hits / found.n
    youden = se + sp - 1
    if youden <= 0:
        return None
    true = min(1.0, max(0.0, (p + sp - 1) / youden))
    variance = (
        p * (1 - p) / found.n
        + true**2 * se * (1 - se) / audit.positives
        + (1 - true) ** 2 * sp * (1 - sp) / audit.negatives
    )
    half = Z95 * math.sqrt(variance) / youden
    return Corrected(true, max(0.0, true - half), min(1.0, true + half))
