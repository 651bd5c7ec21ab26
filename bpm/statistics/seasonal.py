"""What is to be expected at an hour: a level that follows, times the shape of the day and the week. Pure.

The level is the larger of two exponentially weighted means (Holt 1957 without trend): one that forgets half within
three days, so that growth is no surprise, and one of a fortnight, so that a quiet week is not forgotten at once.
The shape is multiplicative, hour of day x day of week (Winters 1960), drawn towards flat while few items are known.
"""

from dataclasses import dataclass, field

HOUR = 3600.0
DAY = 24 * HOUR
WEEK = 7 * DAY

FAST, SLOW, SHAPE = 3 * 24, 14 * 24, 35 * 24
"""Half-lives of the two levels and of the shape, hours."""
FLAT_HOUR = 3.0
"""Items of an hour like any other that stand beside what was seen in it; for a day of the week, one mean day."""
LONG_GAP = 7 * 24
"""Hours without an item after which the shape of the empty hours is left out."""


def hour_of_week(at: float) -> tuple[int, int]:
    """The weekday (0 Monday) and hour of `at`, seconds since 1970, UTC; 1970-01-01 was a Thursday."""
    return (int(at // DAY) + 3) % 7, int(at // HOUR) % 24


@dataclass
class Shape:
    """How the hours of a week differ; 1.0 is an hour like any other, and so is one of which nothing is known."""

    hours: list[float] = field(default_factory=lambda: [0.0] * 24)
    days: list[float] = field(default_factory=lambda: [0.0] * 7)
    hours_seen: list[float] = field(default_factory=lambda: [0.0] * 24)
    days_seen: list[float] = field(default_factory=lambda: [0.0] * 7)
    items: float = 0.0
    seen: float = 0.0

    def factor(self, at: float) -> float:
        """How many times the mean hour the hour of `at` brings, at least 0.05."""
        if not self.items:
            return 1.0
        day, hour = hour_of_week(at)
        mean = self.items / self.seen
        after = (hour + 1) % 24
        came = (self.hours[hour - 1] + 4 * self.hours[hour] + self.hours[after]) / 6
        seen = (self.hours_seen[hour - 1] + 4 * self.hours_seen[hour] + self.hours_seen[after]) / 6
        of_day = (came + FLAT_HOUR) / (seen * mean + FLAT_HOUR)
        flat_day = max(6.0, 24 * mean)
        of_week = (self.days[day] + flat_day) / (self.days_seen[day] * mean + flat_day)
        return max(0.05, of_day * of_week)

    def learn(self, at: float, items: float) -> None:
        """An hour with `items` went by."""
        day, hour = hour_of_week(at)
        if hour == 0:  # forgetting once a day is as good
            keep = 0.5 ** (24 / SHAPE)
            for kept in (self.hours, self.days, self.hours_seen, self.days_seen):
                kept[:] = [each * keep for each in kept]
            self.items, self.seen = self.items * keep, self.seen * keep
        self.hours[hour] += items
        self.days[day] += items
        self.hours_seen[hour] += 1
        self.days_seen[day] += 1
        self.items += items
        self.seen += 1


@dataclass
class Level:
    """Items an hour at a factor of 1.0, as two exponentially weighted means."""

    since: float
    """When the first item came, seconds since 1970."""
    fast: float = 0.0
    fast_weight: float = 0.0
    slow: float = 0.0
    slow_weight: float = 0.0

    def learn(self, items: float, factor: float, hours: int = 1) -> None:
        """`hours` hours of `factor` brought `items`; more than one hour only where they brought none."""
        for name, half_life in (("fast", FAST), ("slow", SLOW)):
            keep = 0.5 ** (1 / half_life)
            all_kept = keep**hours
            weight = factor if hours == 1 else (1 - all_kept) / (1 - keep)
            setattr(self, name, getattr(self, name) * all_kept + items)
            setattr(self, f"{name}_weight", getattr(self, f"{name}_weight") * all_kept + weight)

    @property
    def rate(self) -> float:
        """Items an hour; 0.0 while nothing was learned."""
        pairs = ((self.fast, self.fast_weight), (self.slow, self.slow_weight))
        return max((items / weight for items, weight in pairs if weight > 0), default=0.0)
