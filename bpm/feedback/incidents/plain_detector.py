"""A plain detector of bursts, until `bpm.statistics` has the seasonal one: people in half an hour against the mean."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bpm.feedback.incidents.bursts import Report

WINDOW = timedelta(minutes=30)
LEARNS_FOR = timedelta(days=1)
QUIET_FOR = timedelta(hours=6)
PEOPLE = 4
POSSIBLE, PROPOSED = 1e-5, 1e-7


@dataclass(frozen=True)
class PlainBurst:
    """See `bursts.Burst`."""

    at: datetime
    theme: str
    level: Literal["possible", "proposed"]
    items: Sequence[str]
    expected: float
    observed: int


@dataclass
class _Theme:
    count: int = 0
    kept: deque[Report] = field(default_factory=deque)
    told: dict[str, datetime] = field(default_factory=dict)


@dataclass
class PlainDetector:
    """Reports go in, in the order of time; the tail of a Poisson distribution tells what is unlikely."""

    began: datetime | None = None
    themes: dict[str, _Theme] = field(default_factory=dict)

    def feed(self, report: Report) -> list[PlainBurst]:
        """At most one burst of the report's theme."""
        self.began = self.began or report.at
        theme = self.themes.setdefault(report.theme, _Theme())
        theme.kept.append(report)
        while theme.kept[0].at <= report.at - WINDOW:
            theme.kept.popleft()
            theme.count += 1
        age = report.at - self.began
        observed = len({each.person for each in theme.kept})
        if age < LEARNS_FOR or observed < PEOPLE:
            return []
        expected = max(theme.count, 1) * (WINDOW / age)
        chance = _tail(observed, expected)
        level: Literal["possible", "proposed"] = "proposed" if chance < PROPOSED else "possible"
        if chance >= POSSIBLE or report.at - theme.told.get(level, self.began - QUIET_FOR) < QUIET_FOR:
            return []
        theme.told[level] = report.at
        items = tuple(each.item for each in theme.kept)
        return [PlainBurst(report.at, report.theme, level, items, expected, observed)]


def _tail(at_least: int, mean: float) -> float:
    """P(X >= at_least) of a Poisson distribution."""
    below = sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(at_least))
    first = math.exp(at_least * math.log(mean) - mean - math.lgamma(at_least + 1))
    return max(1.0 - below, first)
