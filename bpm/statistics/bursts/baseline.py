"""What is known about all reports, or those of one theme: what their hour lets expect, learned as hours end. Pure."""

import math
from collections import Counter, deque
from dataclasses import dataclass, field

from bpm.statistics.bursts.values import Care, Grade, Report
from bpm.statistics.bursts.windows import WINDOWS, Spread, Window
from bpm.statistics.seasonal import DAY, HOUR, LONG_GAP, Level, Shape


@dataclass(frozen=True, slots=True)
class _Hour:
    """An hour that is over and has taught nothing yet."""

    middle: float
    counts: dict[str, int]
    quarters: tuple[int, ...]
    expected: float
    most: float


@dataclass
class Baseline:
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
    windows: tuple[Window, ...] = field(default_factory=lambda: tuple(Window(each) for each in WINDOWS))
    spreads: tuple[Spread, ...] = field(default_factory=lambda: tuple(Spread(each) for each in WINDOWS))
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
