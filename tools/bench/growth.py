"""The plan for a thousand times the load: what one cell carries, how many there must be, and what breaks first.

Everything here is calculated from measured inputs; nothing was run at that size. The inputs say where they are from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from tools.bench.cell import Kind, Machine, Outcome, simulate

LOAD = (
    Kind("complete", rate=60, web=13.0, database=3.8),
    Kind("start", rate=100, web=11.0, database=2.4),
    Kind("list", rate=120, web=18.0, database=7.7, commits=0),
    Kind("job", rate=80, worker=19.0, database=8.0, commits=3),
)
"""The load that the product promises on two cores, with what one request was measured to cost.

Processor time of web and database process on two shared cores with other work beside it, which makes it dearer: an
upper bound. A job is leased, run and handed back, and its look fetched and deleted.
"""
LIMITS = {"complete": 250.0, "start": 200.0, "list": 200.0}
"""Milliseconds within which 95 of 100 are promised to be answered."""

LOG_BYTES = {"complete": 3_500, "start": 2_500, "list": 0, "job": 5_500}
"""Bytes of write-ahead log of each, measured; a page touched first after a checkpoint adds up to 8 kB."""
KEPT_BYTES = 6_000
"""Bytes that PostgreSQL keeps of a finished case with three work items, indexes included, measured."""
HEARD = 0.035
"""Milliseconds that a process spends on each NOTIFY it hears, measured."""

DATABASE_CORES, FLUSH = 16, 0.5
"""The database server of a cell as assumed: 16 cores, and a disk that takes 0.5 ms to make a write safe."""
FILLED = 0.6
"""How busy web processes and workers may be: they are added one by one, so they are sized, not simulated."""
TIMES = 1000
CUSTOMERS, TAIL = 2_000_000, 2.5
"""Customers in the sample, and the exponent of the Pareto distribution of how active they are."""
ACTIVE_HOURS, KEPT_DAYS = 8, 90
STEPS = (1, 2, 3, 4, 5, 6, 7, 8)
REQUESTS = 4_000


@dataclass(frozen=True)
class ClassificationResult:
    """What a cell does at so many times the load."""

    factor: int
    outcome: Outcome
    one_at_a_time: bool

    @property
    def carries(self) -> bool:
        """Every promise is kept and nothing that cannot be added to is busier than three quarters of the time."""
        in_time = all(self.outcome.p95(kind) <= limit for kind, limit in LIMITS.items())
        return in_time and self.outcome.busy[self.tightest] <= 0.75

    @property
    def tightest(self) -> str:
        """A log that flushes for all who wait is never too small: it is left out."""
        shared = ("database", "log") if self.one_at_a_time else ("database",)
        return max(shared, key=lambda name: self.outcome.busy[name])


def cores_for(factor: int, station: str) -> int:
    """Cores of web processes or workers for so many times the load."""
    work = sum(kind.rate * (kind.web if station == "web" else kind.worker) for kind in LOAD)
    return ceil(factor * work / 1000 / FILLED)


def read(factor: int, *, one_at_a_time: bool, requests: int = REQUESTS) -> ClassificationResult:
    """One cell at so many times the load."""
    machine = Machine(cores_for(factor, "web"), cores_for(factor, "worker"), DATABASE_CORES, FLUSH, one_at_a_time)
    kinds = tuple(replace(kind, rate=kind.rate * factor) for kind in LOAD)
    return ClassificationResult(factor, simulate(kinds, machine, requests=requests), one_at_a_time)


def carried(readings: list[ClassificationResult]) -> int:
    """The largest load that is still carried, as a multiple."""
    return max((each.factor for each in readings if each.carries), default=0)


def imbalance(cells: int, *, seed: int = 1) -> float:
    """Load of the fullest cell over the mean, when customers go to cells by the hash of their id.

    A few customers write very often: how active each is is drawn from a Pareto distribution.
    """
    random = np.random.default_rng(seed)
    activity = random.pareto(TAIL, CUSTOMERS) + 1
    load = np.bincount(random.integers(0, cells, CUSTOMERS), weights=activity, minlength=cells)
    return float(load.max() / load.mean())


def gathered(outcome: Outcome, cells: int, *, seed: int = 1) -> float:
    """95th percentile of a list that asks every cell and waits for the slowest, in milliseconds."""
    random = np.random.default_rng(seed)
    slowest = random.choice(outcome.times["list"], size=(2_000, cells)).max(axis=1)
    return float(np.percentile(slowest, 95))


def report(*, requests: int = REQUESTS) -> Iterator[str]:
    """The plan as lines of Markdown, with the assumptions first."""
    yield f"Assumed: a database of {DATABASE_CORES} cores, {FLUSH} ms for a flush of its log; web processes and workers"
    yield f"filled to {FILLED:.0%}; customers' activity Pareto {TAIL}; {ACTIVE_HOURS} busy hours a day."
    best: dict[bool, ClassificationResult] = {}
    for one_at_a_time in (True, False):
        readings = [read(factor, one_at_a_time=one_at_a_time, requests=requests) for factor in STEPS]
        yield from ("", f"**One cell, {'news with each commit' if one_at_a_time else 'news gathered apart'}**", "")
        yield from _table(readings)
        best[one_at_a_time] = next(each for each in readings if each.factor == max(1, carried(readings)))
    yield from ("", f"**{TIMES} times the load**", "")
    yield from _plan(best[True], best[False])


def _table(readings: list[ClassificationResult]) -> Iterator[str]:
    yield "| times | complete p95 ms | start | list | database busy | log busy | web cores | worker cores | carries |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for each in readings:
        p95 = " | ".join(f"{min(each.outcome.p95(kind), 9999):.0f}" for kind in LIMITS)
        busy = " | ".join(f"{each.outcome.busy[name]:.0%}" for name in ("database", "log"))
        cores = f"{cores_for(each.factor, 'web')} | {cores_for(each.factor, 'worker')}"
        says = "yes" if each.carries else f"no: {each.tightest}"
        yield f"| {each.factor} | {p95} | {busy} | {cores} | {says} |"


def _plan(now: ClassificationResult, then: ClassificationResult) -> Iterator[str]:
    yield "| | news with each commit | news gathered apart |"
    yield "|---|---|---|"
    columns = [_figures(reading) for reading in (now, then)]
    for name in columns[0]:
        yield f"| {name} | {columns[0][name]} | {columns[1][name]} |"


def _figures(reading: ClassificationResult) -> dict[str, str]:
    needed = ceil(TIMES / reading.factor)
    skew = imbalance(needed)
    cells = ceil(needed * skew)
    log = sum(kind.rate * LOG_BYTES[kind.name] for kind in LOAD) * TIMES / cells / 1e6
    kept = 100 * TIMES * 3600 * ACTIVE_HOURS * KEPT_BYTES / 1e12
    commits = sum(kind.rate * kind.commits for kind in LOAD) * TIMES / cells
    return {
        "load of one cell": f"{reading.factor} times",
        "fullest cell over the mean": f"{skew:.2f}",
        "cells": f"{cells:,}",
        "cores: web, workers, databases": (
            f"{cores_for(TIMES, 'web'):,}, {cores_for(TIMES, 'worker'):,}, {cells * DATABASE_CORES:,}"
        ),
        "connections of a cell at most": f"{_connections(ceil(TIMES / cells)):,}",
        "commits a second in a cell": f"{commits:,.0f}",
        "of a core, for hearing news, per process": f"{commits * HEARD / 1000:.0%}",
        "log of a cell, MB/s": f"{log:.1f}",
        "a list over all cells, p95 ms": f"{gathered(reading.outcome, cells):.0f}",
        "new rows a day, all cells, TB": f"{kept:.0f}",
        f"kept {KEPT_DAYS} days in a cell, TB": f"{kept * KEPT_DAYS / cells:.0f}",
    }


def _connections(factor: int) -> int:
    """One process a core: a web process works on 4 requests at once here and listens, a worker holds 7."""
    return cores_for(factor, "web") * (4 + 1) + cores_for(factor, "worker") * 7
