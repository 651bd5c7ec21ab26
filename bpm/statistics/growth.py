"""Slow growth of a theme: a one-sided CUSUM on its share of each day's reports (Page 1954). Pure.

Each day's reports of a theme are compared with its usual share of all reports of the day, so that a business that
grows, or a source that is added, makes no theme grow. The standardised surplus above 0.5 adds up; a day counts at most
as 3, so that no single day alarms (bursts are for that). At 7 the sum alarms: in control on average once in some
7,000 days a theme (Siegmund 1985, for normal days), and within a fortnight when a theme of six a day doubles.
"""

import math
from collections import Counter, deque
from dataclasses import dataclass, field

REFERENCE, DECISION, MOST_A_DAY = 0.5, 7.0, 3.0
LEARNS = 28
"""Days before a theme's growth is judged, and the half-life of its share."""
QUIET = 21
"""Days after an alarm within which a theme is not named again."""
ITEMS = 200


@dataclass(frozen=True, slots=True)
class Growth:
    """`observed` reports of a theme in the last `days`, where its share let `expected` be expected."""

    theme: str
    observed: int
    expected: float
    days: int
    items: tuple[str, ...]


@dataclass
class _Share:
    came: float = 0.0
    of: float = 0.0
    squares: float = 0.0
    expected: float = 0.0
    days: int = 0
    total: float = 0.0
    run: list[tuple[int, float]] = field(default_factory=list)
    items: deque[str] = field(default_factory=lambda: deque(maxlen=ITEMS))
    quiet: int = 0

    def close(self, count: int, total: int) -> bool:
        """A day is over; whether the theme has grown."""
        self.days += 1
        expected = self.came / self.of * total if self.of else float(count)
        spread = (self.squares + 3 * 2.0) / (self.expected + 3)
        surplus = min(MOST_A_DAY, (count - expected) / math.sqrt(max(1.0, spread) * expected + 0.5))
        self.quiet = max(0, self.quiet - 1)
        grown = False
        if self.days > LEARNS and not self.quiet:
            self.total = max(0.0, self.total + surplus - REFERENCE)
            self.run = [*self.run, (count, expected)] if self.total else []
            grown = self.total >= DECISION
        self._learn(min(count, 2 * expected + 3) if self.days > LEARNS else count, expected, total)
        if not self.run:
            self.items.clear()
        return grown

    def _learn(self, count: float, expected: float, total: int) -> None:
        keep = 0.5 ** (1 / LEARNS)
        if self.total > 2:  # what is being judged is not learned
            return
        self.came, self.of = self.came * keep + count, self.of * keep + total
        self.squares = self.squares * keep + (count - expected) ** 2
        self.expected = self.expected * keep + expected


@dataclass
class SlowGrowth:
    """Counts reports by theme and day; `feed` gives what the days that ended show."""

    most_themes: int = 500
    day: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    shares: dict[str, _Share] = field(default_factory=dict)

    def feed(self, day: int, theme: str, item: str) -> list[Growth]:
        """`day`: whole days since 1970. Reports come in the order of time."""
        found: list[Growth] = []
        if self.day is None:
            self.day = day
        while self.day < day:
            found += self._close()
            self.day = day if day - self.day > 2 * LEARNS else self.day + 1
        self.counts[theme] += 1
        if theme in self.shares or len(self.shares) < self.most_themes:
            self.shares.setdefault(theme, _Share()).items.append(item)
        return found

    def _close(self) -> list[Growth]:
        total, found = sum(self.counts.values()), []
        for theme, share in self.shares.items():
            if share.close(self.counts.get(theme, 0), total):
                observed = sum(count for count, _ in share.run)
                expected = sum(expected for _, expected in share.run)
                found.append(Growth(theme, observed, expected, len(share.run), tuple(share.items)))
                share.total, share.run, share.quiet = 0.0, [], QUIET
        self.counts.clear()
        return found
