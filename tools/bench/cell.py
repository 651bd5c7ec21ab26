"""One cell under load, event by event: web processes, workers, a database's cores and its log, and who waits for whom.

A request goes through its stations one after the other; how long it takes at each is drawn from an exponential
distribution around the measured mean, which is worse than what was seen. Requests come by chance (Poisson). The log is
flushed for all who wait (PostgreSQL's group commit), or for one at a time: so it is when every commit carries a
NOTIFY, because that takes a lock which is held until the flush is over.
"""

import heapq
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from random import Random

Then = Callable[[], None]


@dataclass(frozen=True)
class Kind:
    """A kind of request: how many a second, and what one costs at each station, in milliseconds of a core."""

    name: str
    rate: float
    web: float = 0.0
    worker: float = 0.0
    database: float = 0.0
    commits: int = 1


@dataclass(frozen=True)
class Machine:
    """What a cell is built of."""

    web_cores: int
    worker_cores: int
    database_cores: int
    flush: float
    """Milliseconds for which one flush of the log takes the disk."""
    one_at_a_time: bool
    """Whether commits are flushed one by one."""


@dataclass(frozen=True)
class Outcome:
    """Answer times of each kind in milliseconds, sorted, and the share of time for which each station was busy."""

    times: Mapping[str, list[float]]
    busy: Mapping[str, float]

    def p95(self, kind: str) -> float:
        times = self.times[kind]
        return times[int(len(times) * 0.95)]


class Clock:
    """Simulated time in milliseconds, and what is to happen when."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = count()
        self._coming: list[tuple[float, int, Then]] = []

    def after(self, wait: float, then: Then) -> None:
        heapq.heappush(self._coming, (self.now + wait, next(self._order), then))

    def run(self) -> None:
        while self._coming:
            self.now, _, then = heapq.heappop(self._coming)
            then()


class Station:
    """So many cores, one queue, first come first served."""

    def __init__(self, clock: Clock, cores: int) -> None:
        self._clock, self._cores, self._free = clock, cores, cores
        self._queue: deque[tuple[float, Then]] = deque()
        self._worked = 0.0

    def serve(self, takes: float, then: Then) -> None:
        self._queue.append((takes, then))
        self._begin()

    def _begin(self) -> None:
        while self._free and self._queue:
            takes, then = self._queue.popleft()
            self._free -= 1
            self._worked += takes
            self._clock.after(takes, lambda then=then: self._end(then))  # type: ignore[misc]  # a default binds the value of this round

    def _end(self, then: Then) -> None:
        self._free += 1
        self._begin()
        then()

    def busy(self) -> float:
        return self._worked / (self._clock.now * self._cores) if self._clock.now else 0.0


class Log:
    """The write-ahead log, flushed for all who wait at the time."""

    def __init__(self, clock: Clock, flush: float) -> None:
        self._clock, self._flush = clock, flush
        self._waiting: list[Then] = []
        self._flushing = False
        self._worked = 0.0

    def serve(self, _takes: float, then: Then) -> None:
        self._waiting.append(then)
        if not self._flushing:
            self._begin()

    def _begin(self) -> None:
        served, self._waiting, self._flushing = self._waiting, [], True
        self._worked += self._flush
        self._clock.after(self._flush, lambda: self._end(served))

    def _end(self, served: list[Then]) -> None:
        self._flushing = False
        if self._waiting:
            self._begin()
        for then in served:
            then()

    def busy(self) -> float:
        return self._worked / self._clock.now if self._clock.now else 0.0


def simulate(kinds: tuple[Kind, ...], machine: Machine, *, requests: int, seed: int = 1) -> Outcome:
    """Send so many requests of all kinds, in proportion to their rates, through a cell."""
    clock, random = Clock(), Random(seed)  # noqa: S311 (chance, not secrecy)
    log = Station(clock, 1) if machine.one_at_a_time else Log(clock, machine.flush)
    stations: dict[str, Station | Log] = {
        "web": Station(clock, machine.web_cores),
        "workers": Station(clock, machine.worker_cores),
        "database": Station(clock, machine.database_cores),
        "log": log,
    }
    times: dict[str, list[float]] = {kind.name: [] for kind in kinds}
    for kind in kinds:
        share = kind.rate / sum(each.rate for each in kinds)
        at = 0.0
        for _ in range(round(requests * share)):
            at += random.expovariate(kind.rate / 1000)
            way = _way(kind, machine, random)
            clock.after(at, lambda kind=kind, way=way: _send(clock, stations, way, times[kind.name]))  # type: ignore[misc]  # a default binds the value of this round
    clock.run()
    busy = {name: station.busy() for name, station in stations.items()}
    return Outcome({name: sorted(each) for name, each in times.items()}, busy)


def _way(kind: Kind, machine: Machine, random: Random) -> list[tuple[str, float]]:
    """The stations that a request passes, and how long it takes there; work is spread evenly around its commits."""
    rounds = max(kind.commits, 1)
    way: list[tuple[str, float]] = []
    for _ in range(rounds):
        for station, mean in (("web", kind.web), ("workers", kind.worker), ("database", kind.database)):
            if mean:
                way.append((station, random.expovariate(rounds / mean)))
        if kind.commits:
            way.append(("log", machine.flush))
    return way


def _send(
    clock: Clock, stations: Mapping[str, Station | Log], way: list[tuple[str, float]], times: list[float]
) -> None:
    began, steps = clock.now, iter(way)

    def onward() -> None:
        step = next(steps, None)
        if step is None:
            times.append(clock.now - began)
        else:
            stations[step[0]].serve(step[1], onward)

    onward()
