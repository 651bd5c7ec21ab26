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
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from bpm.statistics.growth import Growth, SlowGrowth
from bpm.statistics.seasonal import DAY, HOUR, LONG_GAP, WEEK, Level, Shape

Grade = Literal["possible", "proposed"]

ALL = ""
"""The theme of the series that holds every report."""

WINDOWS = (900.0, 3600.0, 4 * 3600.0)
"""Seconds."""
OVERLAP = 3.0
"""How many independent looks a window that slides from report to report is worth, against windows side by side."""


@dataclass(frozen=True)
class Budget:
    """How many false alarms a week are paid for, over all series together."""

    possible: float = 0.5
    proposed: float = 0.15
    themes: float = 0.3
    """What of it all themes share; the rest is for all reports together."""
    dearer: float = 2.5
    """By what each alarm of the last `remembered` days divides what is left for the next."""
    remembered: float = 45.0


@dataclass(frozen=True)
class Care:
    """From when on, and from how much on, there is an alarm at all."""

    young: float = 3.0
    """Days for which a source does not count."""
    settled: float = 4.0
    """Days; for this long and somewhat more the baseline is doubted: it is taken up to three times as high."""
    people: int = 3
    """Fewer people are never an alarm, not even a "possible" one."""
    proposed_people: int = 4
    unknown: float = 2.3
    """So many times as many are needed where most reports do not say whose they are: one person may stand behind two.
    """
    thin: float = 30.0
    """Where fewer reports came in the last weeks, counted as in 45 days, little is known ..."""
    thinly: float = 1.75
    """... and a proposal takes so many times as many people."""
    times: float = 3.0
    """Below so many times what was expected there is no alarm."""
    calm: float = 2.0
    """Hours without anything unlikely that end an episode."""
    lag: float = 24.0
    """Hours after which an hour teaches the baseline."""
    spread: float = 2.5
    """The overdispersion (variance over mean) that is assumed before anything is known."""


@dataclass(frozen=True, slots=True)
class Report:
    """One item that reports something bad; `person` is who, or any word that tells it apart where nobody knows."""

    at: datetime
    item: str
    person: str
    source: str
    theme: str
    known: bool = True
    """Whether `person` is somebody."""


@dataclass(frozen=True, slots=True)
class Burst:
    """`observed` people within `window` seconds before `at`, where `expected` were to be expected."""

    at: datetime
    theme: str
    level: Grade
    items: tuple[str, ...]
    expected: float
    observed: int
    window: float
    probability: float


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


@dataclass
class _Spread:
    """Overdispersion of windows side by side, by moments; half is forgotten within 28 days or 150 reports, whichever
    is later: a quiet year is no reason to forget that people come in clusters."""

    window: float
    squares: float = 0.0
    excess: float = 0.0
    means: float = 0.0
    mean_squares: float = 0.0

    def learn(self, count: float, mean: float) -> None:
        keep = 0.5 ** min(self.window / (28 * DAY), max(count, mean) / 150)
        self.squares = self.squares * keep + (count - mean) ** 2
        self.excess = self.excess * keep + (count - mean) ** 2 - mean
        self.means = self.means * keep + mean
        self.mean_squares = self.mean_squares * keep + mean * mean

    def at(self, mean: float, assumed: float) -> float:
        """Variance over mean at this mean: the larger of what a constant ratio and a constant size say."""
        ratio = (self.squares + 4 * assumed) / (self.means + 4)
        by_size = max(0.0, self.excess) / (self.mean_squares + 10)
        return max(1.05, ratio, 1 + mean * by_size)


@dataclass
class _Window:
    seconds: float
    kept: deque[tuple[float, str, str]] = field(default_factory=deque)
    people: Counter[str] = field(default_factory=Counter)

    def add(self, at: float, person: str, item: str) -> None:
        self.kept.append((at, person, item))
        self.people[person] += 1
        while self.kept and self.kept[0][0] <= at - self.seconds:
            _, gone, _ = self.kept.popleft()
            self.people[gone] -= 1
            if not self.people[gone]:
                del self.people[gone]


@dataclass(frozen=True, slots=True)
class _Hour:
    """An hour that is over and has taught nothing yet."""

    middle: float
    counts: dict[str, int]
    quarters: tuple[int, ...]
    expected: float
    most: float


@dataclass
class _Series:
    """Everything known about all reports, or about those of one theme."""

    theme: str
    began: float
    care: Care
    shape: Shape = field(default_factory=Shape)
    levels: dict[str, Level] = field(default_factory=dict)
    unknown: float = 0.0
    """Share of the last hundred reports or so that do not say whose they are."""
    hour: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    quarters: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    four_hours: list[float] = field(default_factory=lambda: [0.0, 0.0])
    waiting: deque[_Hour] = field(default_factory=deque)
    rates: dict[int, float] = field(default_factory=dict)
    """What `rate` said for the last hours."""
    seen: set[str] = field(default_factory=set)
    windows: tuple[_Window, ...] = field(default_factory=lambda: tuple(_Window(each) for each in WINDOWS))
    spreads: tuple[_Spread, ...] = field(default_factory=lambda: tuple(_Spread(each) for each in WINDOWS))
    open_since: float | None = None
    hot: float = 0.0
    level: Grade | None = None

    def __post_init__(self) -> None:
        self.hour = self.began - self.began % HOUR

    def counts_now(self, source: str, at: float) -> bool:
        """Whether the source is known long enough for what it brings to be judged."""
        level = self.levels.get(source)
        return level is not None and at - level.since >= self.care.young * DAY

    def rate(self, at: float) -> float:
        """People an hour to be expected at `at` from the sources that count."""
        return sum(each.rate for each in self._old(at)) * self.shape.factor(at)

    def expected(self, at: float, seconds: float) -> float:
        """People to be expected in the `seconds` before `at`, hour by hour."""
        total, end = 0.0, at
        while end > at - seconds:
            start = max(at - seconds, math.ceil(end / HOUR - 1) * HOUR)
            total += self._rate_of_hour(int(start // HOUR)) * (end - start) / HOUR
            end = start
        return total

    def _rate_of_hour(self, hour: int) -> float:
        if hour not in self.rates:
            if len(self.rates) > 12:
                self.rates.clear()
            self.rates[hour] = self.rate((hour + 0.5) * HOUR)
        return self.rates[hour]

    def enough(self, people: int) -> float:
        """`people`, or more where it is not known whose the reports are."""
        return people * (1 + (self.care.unknown - 1) * self.unknown)

    def enough_to_propose(self) -> float:
        of_late = sum(each.slow / each.slow_weight for each in self.levels.values() if each.slow_weight) * 24 * 45
        return self.enough(self.care.proposed_people) * (self.care.thinly if of_late < self.care.thin else 1)

    def doubt(self, at: float) -> float:
        """How many times as much as was learned is expected while the sources are young."""
        pairs = [(each.rate, 2 * math.exp((each.since - at) / (self.care.settled * DAY))) for each in self._old(at)]
        whole = sum(rate for rate, _ in pairs)
        return 1 + (sum(rate * doubt for rate, doubt in pairs) / whole if whole else 0.0)

    def _old(self, at: float) -> list[Level]:
        return [each for each in self.levels.values() if at - each.since >= self.care.young * DAY]

    def add(self, report: Report, at: float) -> None:
        self.close_hours(at)
        self.unknown += ((not report.known) - self.unknown) * 0.02
        if report.source not in self.levels:
            self.levels[report.source] = Level(at)
        if report.person not in self.seen:  # once an hour, for the baseline
            self.seen.add(report.person)
            self.counts[report.source] += 1
            if self.counts_now(report.source, at):
                self.quarters[int(at % HOUR // 900)] += 1
        if self.counts_now(report.source, at):
            for window in self.windows:
                window.add(at, report.person, report.item)

    def close_hours(self, at: float) -> None:
        while self.hour + HOUR <= at:
            empty = int((at - self.hour) // HOUR)
            if not self.counts and not self.waiting and empty > LONG_GAP:
                self._pass_over(empty)
                continue
            self._close_hour()

    def _pass_over(self, hours: int) -> None:
        """A long silence lowers the levels; of the shape of an hour it teaches nothing."""
        for level in self.levels.values():
            level.learn(0, 1.0, hours)
        self.hour += hours * HOUR
        self.four_hours = [0.0, 0.0]

    def _close_hour(self) -> None:
        """The hour is over. It teaches only a day later, so that a burst does not hide itself."""
        middle = self.hour + HOUR / 2
        expected = self.rate(middle)
        settled = middle - self.began > self.care.young * DAY
        most = self._most(expected) if settled else math.inf
        self.waiting.append(_Hour(middle, dict(self.counts), tuple(self.quarters), expected, most))
        self.counts.clear()
        self.seen.clear()
        self.quarters = [0, 0, 0, 0]
        self.hour += HOUR
        while self.waiting and self.waiting[0].middle < self.hour - (self.care.lag * HOUR if settled else 0):
            self._learn(self.waiting.popleft())

    def _most(self, expected: float) -> float:
        """What one hour may teach: in the first day of an episode little, else what is conceivable."""
        if self.open_since is not None and self.hour - self.open_since < DAY:
            return 2 * expected + 2
        spread = self.spreads[1].at(expected, self.care.spread)
        return expected + 6 * math.sqrt(spread * max(expected, 0.3)) + 3

    def _learn(self, hour: "_Hour") -> None:
        factor = self.shape.factor(hour.middle)
        old = {source for source in hour.counts if self.counts_now(source, hour.middle)}
        came = sum(hour.counts[source] for source in old)
        share = min(1.0, hour.most / came) if came else 1.0
        self.shape.learn(hour.middle, came * share if old else sum(hour.counts.values()))
        for source, level in self.levels.items():
            if level.since < hour.middle + HOUR / 2:
                level.learn(hour.counts.get(source, 0) * (share if source in old else 1.0), factor)
        if hour.most < math.inf:
            self._learn_spread(hour)

    def _learn_spread(self, hour: "_Hour") -> None:
        for count in hour.quarters:
            self.spreads[0].learn(min(count, hour.most), hour.expected / 4)
        came = min(sum(hour.quarters), hour.most)
        self.spreads[1].learn(came, hour.expected)
        self.four_hours = [self.four_hours[0] + came, self.four_hours[1] + hour.expected]
        if int(hour.middle // HOUR) % 4 == 3:
            self.spreads[2].learn(*self.four_hours)
            self.four_hours = [0.0, 0.0]


@dataclass
class Detector:
    """Reports go in, in the order of time; alarms come out."""

    budget: Budget = field(default_factory=Budget)
    care: Care = field(default_factory=Care)
    most_themes: int = 500
    """Themes followed at once; the one that was silent longest is let go."""
    _all: _Series | None = None
    _themes: OrderedDict[str, _Series] = field(default_factory=OrderedDict)
    _alarms: deque[float] = field(default_factory=deque)
    _slow: SlowGrowth = field(default_factory=SlowGrowth)

    def feed(self, report: Report) -> list[Burst]:
        """The alarms that this report raises: at most one for all, one for its theme, and growth."""
        at = report.at.timestamp()
        whole = self._all = self._all or _Series(ALL, at, self.care)
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

    def _theme(self, theme: str, at: float, whole: _Series) -> _Series:
        series = self._themes.get(theme)
        if series is None:
            # A new theme of known sources is no new source: what it brings counts at once.
            levels = {source: Level(level.since) for source, level in whole.levels.items()}
            series = self._themes[theme] = _Series(theme, whole.began, self.care, levels=levels)
            series.hour = at - at % HOUR
        self._themes.move_to_end(theme)
        while len(self._themes) > self.most_themes:
            self._themes.popitem(last=False)
        return series

    def _look(self, series: _Series, at: float, share: float, floor: float) -> Iterator[Burst]:
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

    def _least_likely(self, series: _Series, at: float, floor: float) -> tuple[_Window, float, int, float] | None:
        """The window that is least likely for its length."""
        least, doubt = max(floor, 1 / (14 * 24)), series.doubt(at)
        best: tuple[_Window, float, int, float] | None = None
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
