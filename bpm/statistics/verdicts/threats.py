"""What speaks against believing an effect, in words; `stops` are those that allow no verdict."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bpm.foundation.texts import _
from bpm.statistics.distributions import chi_square_above, normal_below
from bpm.statistics.lots import SURE
from bpm.statistics.verdicts.cases import Cases, Places
from bpm.statistics.verdicts.plan import Design, Direction, Plan

NEW_SOURCE = 0.05
WEEK = 7.0


class Stage(StrEnum):
    """How far the reading of a verdict went, in the order in which a person reads it."""

    UNHEALTHY = "unhealthy"
    """The split does not fit its plan, or cases stand in both arms."""
    NO_DATA = "no data"
    EARLY = "early"
    """Not one full week is over."""
    WITHHELD = "withheld"
    """Something else forbids a verdict: too few periods, a control that moved, a classifier that changed."""
    SAID = "said"


_ORDER = tuple(Stage)


@dataclass
class Threats:
    """In the order in which a person should read them; `found` are those that allow no verdict."""

    found: list[tuple[Stage, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def stop(self, stage: Stage, words: str) -> None:
        """Allow no verdict."""
        self.found.append((stage, words))

    @property
    def stops(self) -> tuple[str, ...]:
        return tuple(words for _stage, words in sorted(self.found, key=lambda each: _ORDER.index(each[0])))

    @property
    def stage(self) -> Stage:
        return min((stage for stage, _words in self.found), key=_ORDER.index, default=Stage.SAID)

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.stops, *self.others)


def in_both_arms(cases: Cases) -> frozenset[str]:
    """Ids of cases that ran on both versions."""
    old, new = ({cases.ids[int(place)] for place in np.flatnonzero(cases.arm == side)} for side in (0, 1))
    return frozenset(old & new)


def sample_ratio(cases: Cases, plan: Plan) -> str:
    """Chi-square test of the split (Fabijan et al., KDD 2019), by customer where each has one arm; empty if it fits."""
    counts = list(cases.n)
    if not _shared_customers(cases):
        counts = [len(np.unique(cases.customer[cases.arm == side])) for side in (0, 1)]
    parts = [plan.ratio.get(arm, 1.0) for arm in cases.arms]
    expected = [sum(counts) * part / sum(parts) for part in parts]
    p = chi_square_above(sum((n - e) ** 2 / e for n, e in zip(counts, expected, strict=True)), 1)
    if p >= SURE:
        return ""
    return _("sample ratio: %(old)s and %(new)s do not fit the planned split of %(parts)s (p = %(p).2g).") % {
        "old": counts[0],
        "new": counts[1],
        "parts": " : ".join(f"{part:g}" for part in parts),
        "p": p,
    }


def mix_shift(cases: Cases) -> list[str]:
    """Columns such as channel or group whose mix differs between the arms by more than chance."""
    return [
        _("mix shift: the mix by %(column)s differs between the arms (p = %(p).2g).") % {"column": name, "p": p}
        for name, codes in cases.mixes.items()
        if (p := _alike(codes, cases.arm)) < SURE
    ]


def _alike(codes: Places, arm: Places) -> float:
    """P of a chi-square test of a table of codes by arm; rare codes are put together."""
    counts = np.array([np.bincount(codes[arm == side], minlength=int(codes.max()) + 1) for side in (0, 1)], float)
    common = counts.sum(axis=0) >= 10
    counts = np.column_stack([counts[:, common], counts[:, ~common].sum(axis=1)])
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2 or counts.sum(axis=1).min() == 0:
        return 1.0
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / counts.sum()
    return chi_square_above(float(((counts - expected) ** 2 / expected).sum()), counts.shape[1] - 1)


def of_new_sources(cases: Cases) -> NDArray[np.bool_]:
    """Cases from a channel or source that the old version never had, where these are many of the new one."""
    found = np.zeros(len(cases), dtype=bool)
    for name in ("channel", "source"):
        codes = cases.mixes.get(name)
        if codes is not None:
            fresh = (cases.arm == 1) & ~np.isin(codes, codes[cases.arm == 0])
            if fresh.sum() >= NEW_SOURCE * max(1, cases.n[1]):
                found |= fresh
    return found


def _shared_customers(cases: Cases) -> int:
    return len(np.intersect1d(cases.customer[cases.arm == 0], cases.customer[cases.arm == 1]))


def shared_customers(cases: Cases) -> str:
    number = _shared_customers(cases)
    if not number:
        return ""
    return _("%(n)s customers had cases on both versions: what they lived through with one may colour the other.") % {
        "n": number
    }


def week_not_over(cases: Cases) -> str:
    """Empty once the new version has run for a full week, so that each day of the week is in it."""
    starts = cases.started[cases.arm == 1]
    days = float(np.ptp(starts)) + (1.0 if cases.whole_days else 0.0) if len(starts) else 0.0
    if days >= WEEK - 0.5:
        return ""
    return _("one week is not over: the new version has run for %(days).0f days.") % {"days": math.ceil(days)}


def season(cases: Cases, design: Design) -> str:
    if design is Design.BEFORE_AFTER:
        return _("season: what differs between the two times of the year, and all else that changed, is in the effect.")
    if design is Design.SERIES and float(np.ptp(cases.started)) < 2 * 365 - WEEK:
        return _("season: in less than two years the time of the year cannot be told from the change.")
    return ""


def regression_to_the_mean(cases: Cases, plan: Plan) -> str:
    """Whether the change was made where, or when, it had just been bad: that mends itself in part."""
    if plan.design is Design.BEFORE_AFTER:
        old = np.flatnonzero(cases.arm == 0)
        late = cases.started[old] >= np.quantile(cases.started[old], 0.75)
        chosen, others = cases.outcome[old][late], cases.outcome[old][~late]
        words = _("regression to the mean: the time just before the change was worse than usual; part of that goes by.")
    elif plan.design is Design.STAGED and cases.group is not None and cases.arm.any():
        before = cases.period < cases.period[cases.arm == 1].min()
        ever = np.isin(cases.group, cases.group[cases.arm == 1])
        chosen, others = cases.outcome[before & ever], cases.outcome[before & ~ever]
        words = _("regression to the mean: the groups that changed were the worse ones; part of that goes by.")
    else:
        return ""
    if min(len(chosen), len(others)) < 10:
        return ""
    error = math.sqrt(chosen.var() / len(chosen) + others.var() / len(others))
    worse = (chosen.mean() - others.mean()) * (1 if plan.direction is Direction.LOWER else -1)
    return words if error > 0 and normal_below(-worse / error) < 0.01 else ""
