"""Bursts of reports over a seasonal baseline, within an alarm budget. Pure.

How it decides, report by report in the order of time:

1. Each report counts in two series: all reports, and those of its theme. A person counts once in a window; a source
   counts from its third day on: the start of collecting, or a new source, is no incident.
2. In windows of 15 minutes, one hour and four hours the number of people is compared with what the hour of the week
   lets expect (`seasonal`). How likely so many are, says the negative binomial distribution (overdispersion by method
   of moments over past windows; Farrington 1996 and Noufaily 2013 do the same for reports of illness).
3. A window alarms when that probability is below its part of the budget: budget per week x window / week / windows /
   overlap. Each alarm of the last 45 days makes the next one dearer.
4. An alarm opens an episode: "possible" first, "proposed" when the probability is below the stricter budget; nothing
   more until it was calm for some hours. What an episode brings beyond its alarm teaches the baseline nothing.
5. Slow growth of a theme is found by `growth`, a CUSUM over days; it only ever says "possible".
"""

import math
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bpm.statistics.bursts.baseline import Baseline
from bpm.statistics.bursts.chance import tail
from bpm.statistics.bursts.values import ALL, Budget, Burst, Care, Grade, Report
from bpm.statistics.bursts.windows import WINDOWS, Window
from bpm.statistics.growth import Growth, SlowGrowth
from bpm.statistics.seasonal import DAY, HOUR, WEEK, Level

OVERLAP = 3.0
"""How many independent looks a window that slides from report to report is worth, against windows side by side."""


@dataclass
class Detector:
    """Reports go in, in the order of time; alarms come out."""

    budget: Budget = field(default_factory=Budget)
    care: Care = field(default_factory=Care)
    most_themes: int = 500
    """Themes followed at once; the one that was silent longest is let go."""
    _all: Baseline | None = None
    _themes: OrderedDict[str, Baseline] = field(default_factory=OrderedDict)
    _alarms: deque[float] = field(default_factory=deque)
    _slow: SlowGrowth = field(default_factory=SlowGrowth)

    def feed(self, report: Report) -> list[Burst]:
        """The alarms that this report raises: at most one for all, one for its theme, and growth."""
        at = report.at.timestamp()
        whole = self._all = self._all or Baseline(ALL, at, self.care)
        whole.add(report, at)
        found = list(self._look(whole, at, 1 - self.budget.themes, 0.0))
        if report.theme:
            slow = self._slow.feed(int(at // DAY), report.theme, report.item)
            found += [_slowly(each, report.at) for each in slow if each.observed >= self.care.people]
            series = self._theme(report.theme, at, whole)
            series.add(report, at)
            if whole.open_since is None:
                floor = 0.01 * whole.rate(at)
                share = self.budget.themes / max(10, len(self._themes))
                found += self._look(series, at, share, floor)
        return found

    def _theme(self, theme: str, at: float, whole: Baseline) -> Baseline:
        series = self._themes.get(theme)
        if series is None:
            # A new theme of known sources is no new source: what it brings counts at once.
            levels = {source: Level(level.since) for source, level in whole.levels.items()}
            series = self._themes[theme] = Baseline(theme, whole.began, self.care, levels=levels)
            series.hour = at - at % HOUR
        self._themes.move_to_end(theme)
        while len(self._themes) > self.most_themes:
            self._themes.popitem(last=False)
        return series

    def _look(self, series: Baseline, at: float, share: float, floor: float) -> Iterator[Burst]:
        if at - series.began < self.care.young * DAY:
            return
        if series.open_since is not None and at - series.hot > self.care.calm * HOUR:
            series.open_since, series.level = None, None
        while self._alarms and at - self._alarms[0] > self.budget.remembered * DAY:
            self._alarms.popleft()
        best = self._least_likely(series, at, floor)
        if best is None:
            return
        window, expected, observed, probability = best
        looks = WEEK / window.seconds * len(WINDOWS) * OVERLAP
        price = self.budget.dearer ** len(self._alarms)
        if probability < 1e-3:
            series.hot = at
        level: Grade | None = None
        if probability * looks < self.budget.proposed * share / price and observed >= series.enough_to_propose():
            level = "proposed"
        elif probability * looks < self.budget.possible * share / price:
            level = "possible"
        if level is None or series.level in (level, "proposed"):
            return
        if series.open_since is None:
            series.open_since = at
            self._alarms.append(at)
        series.hot = at
        series.level = level
        items = tuple(item for _, _, item in window.kept)
        yield Burst(
            datetime.fromtimestamp(at, UTC), series.theme, level, items, expected, observed, window.seconds, probability
        )

    def _least_likely(self, series: Baseline, at: float, floor: float) -> tuple[Window, float, int, float] | None:
        """The window that is least likely for its length."""
        least, doubt = max(floor, 1 / (14 * 24)), series.doubt(at)
        best: tuple[Window, float, int, float] | None = None
        for window, spread in zip(series.windows, series.spreads, strict=True):
            observed = len(window.people)
            if observed < series.enough(self.care.people):
                continue
            expected = max(series.expected(at, window.seconds), least * window.seconds / HOUR) * doubt
            if observed < self.care.times * expected:
                continue
            dispersion = spread.at(expected, self.care.spread)
            if observed - expected < 2.5 * math.sqrt(dispersion * expected):
                continue
            probability = tail(observed, expected, dispersion)
            if best is None or probability / window.seconds < best[3] / best[0].seconds:
                best = (window, expected, observed, probability)
        return best


def _slowly(growth: Growth, at: datetime) -> Burst:
    items, expected = growth.items, max(growth.expected, 0.1)
    chance = tail(growth.observed, expected, 2.0)
    return Burst(at, growth.theme, "possible", items, expected, growth.observed, growth.days * DAY, chance)


def detect(reports: Iterable[Report], detector: Detector | None = None) -> Iterator[Burst]:
    """The bursts in `reports`, which come in the order of time."""
    detector = detector or Detector()
    for report in reports:
        yield from detector.feed(report)
