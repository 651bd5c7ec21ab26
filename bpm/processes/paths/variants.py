"""Variants: sequences of visits, the most frequent first, with how many cases took them, how long, and what was said.

Memory is bounded: the first `MOST_VARIANTS` different ones are told apart, what came after them is counted as others.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bpm.processes.paths.traces import GATEWAYS, Trace
from bpm.statistics import Durations, Share, durations, share

MOST_VARIANTS = 2_000
MOST_TIMES = 2_000
"""Durations kept of one variant, the first; the median is of those."""
LONGEST = 200
"""Visits of a case that are told apart; longer ones are of the variant of their first visits."""
UNSEEN = (*GATEWAYS, "boundaryEvent", "sequenceFlow", "subProcess", "transaction")
"""Visits that are no place of a variant: where a case only turns, or what holds others."""


@dataclass(frozen=True)
class Variant:
    """`key` names it; `steps` are (element, name); `part` is its share of all cases."""

    key: str
    steps: tuple[tuple[str, str], ...]
    cases: int
    part: Share
    took: Durations
    negative: Share
    examples: tuple[tuple[int, str], ...]
    """(number, name) of some of its cases."""


@dataclass(frozen=True)
class Variants:
    rows: tuple[Variant, ...]
    cases: int
    others: int
    """Cases of variants beyond those told apart."""


@dataclass
class _Kept:
    steps: tuple[tuple[str, str], ...]
    cases: int = 0
    running: int = 0
    times: list[timedelta] = field(default_factory=list)
    negative: int = 0
    read: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)


def variants_of(traces: Iterable[Trace], *, examples: int = 5, only: str | None = None) -> Variants:
    """All of them; `only`: keep examples of that one alone. Pure."""
    kept: dict[str, _Kept] = {}
    cases = others = 0
    for trace in traces:
        cases += 1
        steps = places_of(trace)
        key = key_of(steps)
        if key not in kept:
            if len(kept) >= MOST_VARIANTS:
                others += 1
                continue
            kept[key] = _Kept(steps)
        _add(kept[key], trace, examples if only in (None, key) else 0)
    rows = [_variant(key, found, cases) for key, found in kept.items()]
    return Variants(tuple(sorted(rows, key=lambda row: (-row.cases, row.key))), cases, others)


def places_of(trace: Trace) -> tuple[tuple[str, str], ...]:
    """(element, name) of the visits that count."""
    return tuple((each.element, each.name) for each in trace.steps if each.type not in UNSEEN)[:LONGEST]


def key_of(steps: Iterable[tuple[str, str]]) -> str:
    """Twelve letters that name a sequence of elements."""
    text = "\n".join(element for element, _name in steps)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _add(found: _Kept, trace: Trace, examples: int) -> None:
    found.cases += 1
    found.negative += trace.negative
    found.read += trace.read
    took = trace.took
    if took is None:
        found.running += 1
    elif len(found.times) < MOST_TIMES:
        found.times.append(took)
    if len(found.examples) < examples:
        found.examples.append((trace.case_id, trace.case))


def _variant(key: str, found: _Kept, cases: int) -> Variant:
    return Variant(
        key=key,
        steps=found.steps,
        cases=found.cases,
        part=share(found.cases, cases),
        took=durations(found.times, running=found.running),
        negative=share(found.negative, found.read),
        examples=tuple(found.examples),
    )
