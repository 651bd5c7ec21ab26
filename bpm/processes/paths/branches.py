"""Which way cases take where ways part: the share of each outgoing flow, and how long it is to the end from there.

Of a version's own flows. A visit of the element and what was visited next among the flows' targets, before the element
is visited again: one way at exclusive and event-based gateways, all ways taken at others. Where nothing came yet, the
case stands there, or ended there; that is told as its own row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from bpm.engine.queries import FlowRow
from bpm.processes.paths.traces import Step, Trace
from bpm.statistics import Durations, Share, durations, share

ONE_WAY = ("exclusiveGateway", "eventBasedGateway")
MOST_TIMES = 2_000


@dataclass(frozen=True)
class Way:
    """One outgoing flow; `part` is of the visits of its branch from which the case went on."""

    flow: str
    label: str
    target: str
    part: Share
    rest: Durations
    """From the branch to the end of cases that ended."""


@dataclass(frozen=True)
class Branch:
    """An element with several ways out; `stayed` visits from which the case did not go on."""

    element: str
    name: str
    visits: int
    stayed: int
    ways: tuple[Way, ...]


def branches_of(traces: Iterable[Trace], flows: Sequence[FlowRow], names: Mapping[str, str]) -> tuple[Branch, ...]:
    """Of every element with more than one way out, the most visited first. Pure."""
    out: dict[str, list[FlowRow]] = defaultdict(list)
    for flow in flows:
        out[flow.source].append(flow)
    parting = {source: some for source, some in out.items() if len(some) > 1}
    taken: dict[str, int] = defaultdict(int)
    times: dict[str, list[timedelta]] = defaultdict(list)
    visits: dict[str, int] = defaultdict(int)
    stayed: dict[str, int] = defaultdict(int)
    for trace in traces:
        for place, step in enumerate(trace.steps):
            if step.element in parting:
                visits[step.element] += 1
                chosen = _chosen(trace.steps, place, parting[step.element])
                stayed[step.element] += not chosen
                for flow in chosen:
                    taken[flow.id] += 1
                    rest = _rest(trace, step)
                    if rest is not None and len(times[flow.id]) < MOST_TIMES:
                        times[flow.id].append(rest)
    found = [
        Branch(
            element=source,
            name=names.get(source) or source,
            visits=visits[source],
            stayed=stayed[source],
            ways=tuple(
                Way(
                    flow=flow.id,
                    label=flow.name or names.get(flow.target) or flow.target,
                    target=flow.target,
                    part=share(taken[flow.id], visits[source] - stayed[source]),
                    rest=durations(times[flow.id], running=taken[flow.id] - len(times[flow.id])),
                )
                for flow in some
            ),
        )
        for source, some in parting.items()
        if visits[source]
    ]
    return tuple(sorted(found, key=lambda each: (-each.visits, each.element)))


def _chosen(steps: Sequence[Step], place: int, ways: Sequence[FlowRow]) -> list[FlowRow]:
    here = steps[place]
    targets = {flow.target: flow for flow in ways}
    found: dict[str, FlowRow] = {}
    for step in steps[place + 1 :]:
        if step.element == here.element:
            break
        if step.element in targets and step.element not in found:
            found[step.element] = targets[step.element]
            if here.type in ONE_WAY:
                break
    return list(found.values())


def _rest(trace: Trace, step: Step) -> timedelta | None:
    took = trace.took
    return None if took is None else took - (step.began - trace.steps[0].began)


def ways_of_log(traces: Iterable[Trace]) -> tuple[Branch, ...]:
    """The same of a log without flows: what came directly after each activity, where that differs. Pure."""
    after: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    times: dict[tuple[str, str], list[timedelta]] = defaultdict(list)
    ends: dict[str, int] = defaultdict(int)
    for trace in traces:
        for step, following in pairwise(trace.steps):
            after[step.element][following.element] += 1
            rest = _rest(trace, step)
            if rest is not None and len(times[step.element, following.element]) < MOST_TIMES:
                times[step.element, following.element].append(rest)
        ends[trace.steps[-1].element] += 1
    found = []
    for source, targets in after.items():
        went = sum(targets.values())
        if len(targets) > 1 or ends[source]:
            ways = tuple(
                Way("", target, target, share(n, went), durations(times[source, target]))
                for target, n in sorted(targets.items(), key=lambda pair: (-pair[1], pair[0]))
            )
            found.append(Branch(source, source, went + ends[source], ends[source], ways))
    return tuple(sorted(found, key=lambda each: (-each.visits, each.element)))
