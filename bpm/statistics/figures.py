"""Honest figures: shares with their interval, durations as percentiles, and silence where n is too small. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

SHOWN_FROM = 10
"""A share or rate of fewer cases is not shown: its 95 % interval would be wider than half the scale."""

PERCENTILES_FROM = 5
"""Durations of fewer cases are not shown."""

ONE_CHANNEL_RULES = 0.8
"""Above this share of one channel a figure carries a note on bias."""

Z95 = 1.959964


@dataclass(frozen=True)
class Share:
    """`hits` of `n`; `low` and `high` are the ends of the 95 % interval, all from 0 to 1."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share, or None when n is zero."""
        return self.hits / self.n if self.n else None

    @property
    def shown(self) -> bool:
        return self.n >= SHOWN_FROM

    @property
    def verdict(self) -> str:
        """In words: `42 % (31–54 %), n = 60`, or why there is no figure."""
        if not self.shown:
            return f"not shown (n = {self.n})"
        return f"{self.hits / self.n:.0%} ({self.low:.0%}–{self.high:.0%}), n = {self.n}".replace("%", " %")


def share(hits: int, n: int) -> Share:
    """`hits` of `n` with its Wilson score interval (E. B. Wilson, JASA 22, 1927).

    It holds at 0, at 1 and for small n; of nothing at all nothing is known: 0 to 1. ValueError unless 0 <= hits <= n.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    if n == 0:
        return Share(0, 0, 0.0, 1.0)
    p, z2 = hits / n, Z95 * Z95
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At the ends the formula is exact; floating point is not.
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits == n else min(1.0, centre + half)
    return Share(hits, n, low, high)


@dataclass(frozen=True)
class Durations:
    """How long `n` finished cases took; `running` more have not ended and are in none of the figures."""

    n: int
    median: timedelta | None
    p90: timedelta | None
    running: int = 0
    fewest: int = PERCENTILES_FROM
    """With fewer they are not shown."""

    @property
    def shown(self) -> bool:
        return self.n >= self.fewest


def durations(values: Iterable[timedelta], *, running: int = 0) -> Durations:
    """Median and 90th percentile of `values`; negative ones (clocks that disagree) count as zero."""
    seconds = sorted(max(0.0, value.total_seconds()) for value in values)
    if not seconds:
        return Durations(0, None, None, running)
    return Durations(
        len(seconds), timedelta(seconds=percentile(seconds, 0.5)), timedelta(seconds=percentile(seconds, 0.9)), running
    )


def percentile(ordered: Sequence[float], q: float) -> float:
    """The `q` quantile of values in order, linear between neighbours (Hyndman and Fan 1996, type 7).

    ValueError for no values or a `q` outside 0 to 1.
    """
    if not ordered or not 0 <= q <= 1:
        raise ValueError("a percentile needs values, and q from 0 to 1")
    place = q * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True)
class SourceMix:
    """From which channels the items of a figure came, most frequent first."""

    counts: tuple[tuple[str, int], ...]

    @property
    def n(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def bias_note(self) -> str:
        """A sentence when one channel speaks for nearly all, else empty."""
        if self.n < SHOWN_FROM or not self.counts:
            return ""
        channel, count = self.counts[0]
        if count / self.n <= ONE_CHANNEL_RULES:
            return ""
        return (
            f"{count / self.n * 100:.0f} % of these items came by {channel}: the figure speaks for people who use "
            f"{channel}, not for all customers."
        )


def source_mix(counts: Mapping[str, int]) -> SourceMix:
    return SourceMix(tuple(sorted(((c, n) for c, n in counts.items() if n), key=lambda pair: (-pair[1], pair[0]))))
