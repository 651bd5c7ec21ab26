"""Groups that changed at different times: difference in differences over groups and periods."""

import math
from dataclasses import dataclass

import numpy as np

from bpm.statistics.verdicts.cases import Cases, Floats, Places
from bpm.statistics.verdicts.distributions import critical, t_below
from bpm.statistics.verdicts.effects import TWO_SIDED, Effect

GROUPS_TELL = 6
"""From so many groups on, what shakes whole groups is in the interval, too."""


@dataclass(frozen=True)
class Staged:
    effect: Effect
    groups: int
    never: int
    """Groups that had not changed in any period."""
    apart: float | None
    """p of: before the change the groups that changed moved as the others did; None where it cannot be told."""


def compare_staged(cases: Cases, *, z: float = TWO_SIDED) -> Staged | None:
    """Two-way fixed effects of group and period, errors by customer, and by group where there are enough.

    Source: Angrist and Pischke, Mostly Harmless Econometrics (2009), 5.2 and 8.2; the slope is taken out by
    Frisch and Waugh (1933). The wider of the two intervals counts (Bertrand, Duflo, Mullainathan, QJE 119, 2004).
    None when no group has cases before and after, or none serves as comparison.
    """
    group = cases.group
    if group is None:
        return None
    cells, sizes, sums, treated = _cells(cases, group)
    rest = _rest(treated, cells, sizes)
    share = float((sizes * rest**2).sum())
    if share < 1e-9 * len(cases):
        return None
    estimate = float((rest * sums).sum() / share)
    means = sums / sizes
    fitted = means - _rest(means - estimate * treated, cells, sizes)
    place = cells[2]
    scores = rest[place] * (cases.outcome - fitted[place]) / share
    by_customer, customers = _sum_of_squares(scores, cases.customer)
    effect = Effect(estimate, math.sqrt(by_customer), max(1, customers - 2), _old_level(cases), z=z)
    number = len(cases.groups)
    if number >= GROUPS_TELL:
        by_group, _many = _sum_of_squares(scores, group)
        wide = Effect(estimate, math.sqrt(by_group), number - 1, effect.old, z=z)
        if critical(z, wide.df) * wide.error > critical(z, effect.df) * effect.error:
            effect = wide
    ever = np.bincount(group, weights=cases.arm, minlength=number) > 0
    return Staged(effect, number, int((~ever).sum()), _moved_apart(cases, group, ever))


def _cells(cases: Cases, group: Places) -> tuple[tuple[Places, Places, Places], Floats, Floats, Floats]:
    """Cases put together by group, period and arm: (group, period, place of each case), n, sums, arm."""
    periods = int(cases.period.max()) + 1
    keys = (group * periods + cases.period) * 2 + cases.arm
    distinct, place = np.unique(keys, return_inverse=True)
    place = place.astype(np.intp)
    sizes: Floats = np.bincount(place).astype(np.float64)
    sums: Floats = np.bincount(place, weights=cases.outcome).astype(np.float64)
    return (distinct // 2 // periods, distinct // 2 % periods, place), sizes, sums, (distinct % 2).astype(np.float64)


def _rest(values: Floats, cells: tuple[Places, Places, Places], sizes: Floats) -> Floats:
    """What group and period leave of `values`, by weighted least squares."""
    groups, periods, _place = cells
    matrix = np.zeros((len(values), groups.max() + periods.max() + 2))
    matrix[np.arange(len(values)), groups] = 1
    matrix[np.arange(len(values)), groups.max() + 1 + periods] = 1
    weights = np.sqrt(sizes)
    found, *_rest_of = np.linalg.lstsq(matrix * weights[:, None], values * weights, rcond=None)
    rest: Floats = values - matrix @ found
    return rest


def _sum_of_squares(scores: Floats, by: Places) -> tuple[float, int]:
    number = len(np.unique(by))
    each = np.bincount(by, weights=scores)
    return (number / (number - 1) if number > 1 else math.inf) * float((each**2).sum()), number


def _old_level(cases: Cases) -> float:
    return float(cases.outcome[cases.arm == 0].mean())


def _moved_apart(cases: Cases, group: Places, ever: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float | None:
    """Whether the slopes of groups that changed and of others differ before anybody changed (errors by customer)."""
    if not cases.arm.any() or ever.all():
        return None
    before = cases.period < cases.period[cases.arm == 1].min()
    if len(np.unique(cases.period[before])) < 3 or len(np.unique(ever[group[before]])) < 2:
        return None
    chosen = cases.only(before)
    slope = ever[group[before]] * chosen.period.astype(float)
    cells, sizes, sums, _arm = _cells(chosen, group[before])
    level = np.bincount(cells[2], weights=slope) / sizes
    rest = _rest(level, cells, sizes)
    share = float((sizes * rest**2).sum())
    if share < 1e-9:
        return None
    estimate = float((rest * sums).sum() / share)
    means = sums / sizes
    fitted = means - _rest(means - estimate * level, cells, sizes)
    scores = rest[cells[2]] * (chosen.outcome - fitted[cells[2]]) / share
    variance, customers = _sum_of_squares(scores, chosen.customer)
    by_group, groups = _sum_of_squares(scores, chosen.group if chosen.group is not None else chosen.customer)
    variance = max(variance, by_group) if groups >= GROUPS_TELL else variance
    if variance <= 0:
        return None
    return 2 * t_below(-abs(estimate) / math.sqrt(variance), max(1, customers - 2))
