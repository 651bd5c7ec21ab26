"""Sums of what was seen, that can be added to each other, and the figure that they make. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bpm.processes.measures.catalogue import Measure, MeasureKind
from bpm.processes.measures.observed import Seen
from bpm.statistics import SHOWN_FROM, share
from bpm.statistics.estimates.intervals import class_of, mean_interval, median_interval, quantile_of, rate_interval

HUNDRED = 100.0
Counted = TypeVar("Counted")


@dataclass
class Tally:
    """Additive: two of them together are that of both."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    seen: int = 0
    """Things, whether they add to n or not."""
    running: int = 0
    times: Counter[int] = field(default_factory=Counter)
    """Class of time -> how many."""
    sources: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    """{who read it: how many}, and of those how many hits:"""
    read_hits: Counter[str] = field(default_factory=Counter)

    def see(self, seen: Seen, kind: MeasureKind) -> None:
        """Count one thing."""
        self.seen += 1
        if seen.running:
            self.running += 1
            return
        self.n += seen.weight
        self.total += seen.value
        self.squares += seen.value * seen.value
        if kind is MeasureKind.DURATION:
            self.times[class_of(seen.value)] += 1
        if seen.reader:
            self.read[seen.reader] += seen.weight
            self.read_hits[seen.reader] += int(seen.value)
        if seen.channel:
            self.sources[seen.channel] += 1

    def add(self, other: "Tally") -> None:
        """Count what another one counted."""
        self.n += other.n
        self.seen += other.seen
        self.total += other.total
        self.squares += other.squares
        self.running += other.running
        if other.times:
            self.times.update(other.times)
        if other.sources:
            self.sources.update(other.sources)
        if other.read:
            self.read.update(other.read)
            self.read_hits.update(other.read_hits)

    def tell(self, channel: str, reader: str, ended: int, n: int, hits: int) -> None:
        """So many of what it counted came by that channel, and were read by that reader, where they are said."""
        if channel and ended > 0:
            self.sources[channel] += ended
        if reader and n:
            self.read[reader] += n
            self.read_hits[reader] += hits

    def without(self, other: "Tally") -> "Tally":
        """What is left where another one is taken away from it; counts of nothing are left out."""
        return Tally(
            n=self.n - other.n, total=self.total - other.total, squares=self.squares - other.squares,
            seen=self.seen - other.seen, running=self.running - other.running,
            times=_less(self.times, other.times), sources=_less(self.sources, other.sources),
            read=_less(self.read, other.read), read_hits=_less(self.read_hits, other.read_hits),
        )  # fmt: skip


def _less(one: Counter[Counted], other: Counter[Counted]) -> Counter[Counted]:
    found = Counter(one)
    found.subtract(other)
    return Counter({each: count for each, count in found.items() if count})


@dataclass(frozen=True)
class Figure:
    """A value with its interval; both None while too little is known to show any."""

    value: float | None
    n: int
    interval: tuple[float, float] | None
    shown: bool
    p90: float | None = None
    p95: float | None = None


def widened(found: Figure, counted: Tally, maybe: Tally, measure: Measure) -> Figure:
    """The same figure with an interval as wide as what waits for a person could make it, if it came to count.

    `maybe`: what is only suggested. Of shares any part of it may be confirmed, so both ends are told by the part that
    drives them furthest; of rates, means and times all or none of it.
    """
    if found.interval is None or not maybe.seen:
        return found
    low, high = found.interval
    if measure.kind is MeasureKind.SHARE:
        hits, more = round(counted.total), round(maybe.total)
        low = min(low, share(hits, counted.n + maybe.n - more).low)
        high = max(high, share(hits + more, counted.n + more).high)
        return replace(found, interval=(low, high))
    both = Tally()
    both.add(counted)
    both.add(maybe)
    other = figure(both, measure).interval
    return found if other is None else replace(found, interval=(min(low, other[0]), max(high, other[1])))


def figure(tally: Tally, measure: Measure) -> Figure:
    """The measure's own arithmetic over the sums: shares from 0 to 1, rates per 100, times in seconds."""
    n = tally.n
    if n < SHOWN_FROM:
        return Figure(None, n, None, shown=False)
    if measure.kind is MeasureKind.SHARE:
        found = share(round(tally.total), n)
        return Figure(found.value, n, (found.low, found.high), shown=True)
    if measure.kind is MeasureKind.RATE:
        low, high = rate_interval(tally.total, n)
        return Figure(HUNDRED * tally.total / n, n, (HUNDRED * low, HUNDRED * high), shown=True)
    if measure.kind is MeasureKind.MEAN:
        return Figure(tally.total / n, n, mean_interval(tally.total, tally.squares, n), shown=True)
    times: Mapping[int, int] = tally.times
    p90, p95 = quantile_of(times, 0.9), quantile_of(times, 0.95)
    return Figure(quantile_of(times, 0.5), n, median_interval(times), shown=True, p90=p90, p95=p95)
