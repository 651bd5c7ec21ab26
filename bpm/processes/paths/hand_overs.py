"""The funnel of hand-overs: how many cases change departments how often, between which, and how long they lie there."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from bpm.processes.paths.traces import Trace
from bpm.statistics import Durations, Share, durations, share

MOST_STEPS = 8
MOST_TIMES = 2_000


@dataclass(frozen=True)
class Stage:
    """Cases with at least `hand_overs` of them; `arrived` are the departments they came to, the most frequent first."""

    hand_overs: int
    part: Share
    arrived: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Passing:
    """From one department to another; `waited` until somebody began there."""

    before: str
    after: str
    times: int
    cases: int
    waited: Durations


@dataclass(frozen=True)
class HandOvers:
    cases: int
    stages: tuple[Stage, ...]
    passings: tuple[Passing, ...]
    without: int
    """Cases that no lane of any visit names a department for: in no stage."""


def hand_overs_of(traces: Iterable[Trace]) -> HandOvers:
    """By the lanes of tasks and other visits in the order they began. Pure."""
    reached: Counter[int] = Counter()
    arrived: dict[int, Counter[str]] = defaultdict(Counter)
    times: dict[tuple[str, str], list[timedelta]] = defaultdict(list)
    passed: Counter[tuple[str, str]] = Counter()
    cases: dict[tuple[str, str], int] = defaultdict(int)
    seen = without = 0
    for trace in traces:
        steps = [each for each in trace.steps if each.group]
        if not steps:
            without += 1
            continue
        seen += 1
        groups = [steps[0].group]
        pairs = set()
        for before, after in pairwise(steps):
            if before.group != after.group:
                groups.append(after.group)
                pair = (before.group, after.group)
                passed[pair] += 1
                pairs.add(pair)
                if before.ended is not None and len(times[pair]) < MOST_TIMES:
                    times[pair].append(after.began - before.ended)
        for pair in pairs:
            cases[pair] += 1
        for place, group in enumerate(groups[:MOST_STEPS]):
            reached[place] += 1
            arrived[place][group] += 1
    stages = tuple(
        Stage(place, share(reached[place], seen), tuple(arrived[place].most_common())) for place in sorted(reached)
    )
    passings = tuple(
        Passing(*pair, times=count, cases=cases[pair], waited=durations(times[pair]))
        for pair, count in sorted(passed.items(), key=lambda each: (-each[1], each[0]))
    )
    return HandOvers(seen, stages, passings, without)
