"""Windows that slide over reports, and how much windows side by side vary. Pure."""

from collections import Counter, deque
from dataclasses import dataclass, field

from bpm.statistics.seasonal import DAY

WINDOWS = (900.0, 3600.0, 4 * 3600.0)
"""Seconds."""


@dataclass
class Spread:
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
class Window:
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
