"""What a dry run says of many: how many would be done, what is in the way of the others, what would fail next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bpm.engine.api import Forecast


@dataclass(frozen=True)
class BatchForecast:
    """What a dry run says of the first `looked` targets."""

    looked: int
    rows: tuple[Forecast, ...]
    obstacles: tuple[tuple[str, int], ...]
    """(why, how many), the most frequent first."""
    aftermath: tuple[tuple[str, int], ...]
    """(what would fail next, how many), the most frequent first."""

    @property
    def fine(self) -> int:
        return self.looked - sum(count for _why, count in self.obstacles)


def forecast_of(rows: Sequence[Forecast]) -> BatchForecast:
    """The outlook over the rows of a dry run."""
    obstacles = Counter(row.obstacle for row in rows if row.obstacle)
    after_it = Counter(row.then for row in rows if row.then)
    return BatchForecast(len(rows), tuple(rows), tuple(obstacles.most_common()), tuple(after_it.most_common()))
