"""What is still to be read at each moment, and what is sure to have been written: two fixed points over the graph.

Both are the textbook's: live variables (backward, any way) and definite assignment (forward, every way); Aho, Lam,
Sethi, Ullman, "Compilers", 2nd edition, §9.2. Sets are bits of whole numbers, so that large models take milliseconds.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

from bpm.engine.bpmn.asking.flow_graph import Moment
from bpm.engine.bpmn.asking.reads import Read
from bpm.engine.bpmn.document import kind


@dataclass
class Analysis:
    """The answers, by moment. Reads and names of variables stand for bits in the order of `reads` and `roots`."""

    moments: Mapping[str, Moment]
    reads: list[Read] = field(default_factory=list)
    roots: dict[str, int] = field(default_factory=dict)
    sure: dict[str, int] = field(default_factory=dict)
    """Reads that follow a moment, and between which nobody may have brought the variable."""
    unsure: dict[str, int] = field(default_factory=dict)
    """Reads that follow, but a worker or a message in between may bring the variable."""
    surely_read: dict[str, int] = field(default_factory=dict)
    """Variables that are read on every way from a moment."""
    of_root: dict[str, int] = field(default_factory=dict)
    """Variable -> bits of its reads."""
    own: dict[str, int] = field(default_factory=dict)
    """Moment -> bits of what it reads itself."""
    before: dict[str, list[str]] = field(default_factory=dict)
    """Moments right before each."""


def analyse(moments: Mapping[str, Moment]) -> Analysis:
    """Which reads follow each moment."""
    found = Analysis(moments)
    for key, moment in moments.items():
        found.own[key] = 0
        for read in moment.reads:
            bit = 1 << len(found.reads)
            found.reads.append(read)
            found.own[key] |= bit
            found.roots.setdefault(read.root, len(found.roots))
            found.of_root[read.root] = found.of_root.get(read.root, 0) | bit
        for after in (*moment.after, *moment.aside):
            found.before.setdefault(after, []).append(key)
    _live(found)
    _busy(found)
    return found


def _live(found: Analysis) -> None:
    """Reads that follow: nothing goes past a task that asks for itself, what is written ends there."""
    killed = {key: _reads_of(found, moment.writes) for key, moment in found.moments.items()}
    found.sure, found.unsure = dict.fromkeys(found.moments, 0), dict.fromkeys(found.moments, 0)
    todo = deque(reversed(list(found.moments)))
    while todo:
        key = todo.popleft()
        sure, unsure = following(found, key)
        moment = found.moments[key]
        if moment.asks:
            sure = unsure = 0
        if moment.brings_more:
            sure, unsure = 0, sure | unsure
        sure, unsure = (sure & ~killed[key]) | found.own[key], unsure & ~killed[key]
        if (sure, unsure) != (found.sure[key], found.unsure[key]):
            found.sure[key], found.unsure[key] = sure, unsure
            todo.extend(found.before.get(key, ()))


def _reads_of(found: Analysis, names: Iterable[str]) -> int:
    bits = 0
    for name in names:
        bits |= found.of_root.get(name, 0)
    return bits


def following(found: Analysis, key: str) -> tuple[int, int]:
    """(sure, unsure) reads that follow right after a moment."""
    sure = unsure = 0
    moment = found.moments[key]
    for after in (*moment.after, *moment.aside):
        if after in found.sure:
            sure, unsure = sure | found.sure[after], unsure | found.unsure[after]
    return sure, unsure


def _busy(found: Analysis) -> None:
    """Variables that every way from a moment reads."""
    every = (1 << len(found.roots)) - 1
    reads = {key: _root_bits(found, (read.root for read in moment.reads)) for key, moment in found.moments.items()}
    kills = {key: _root_bits(found, moment.writes) for key, moment in found.moments.items()}
    found.surely_read = dict.fromkeys(found.moments, every)
    todo = deque(reversed(list(found.moments)))
    while todo:
        key = todo.popleft()
        bits = (read_next(found, key) & ~kills[key]) | reads[key]
        if bits != found.surely_read[key]:
            found.surely_read[key] = bits
            todo.extend(found.before.get(key, ()))


def read_next(found: Analysis, key: str) -> int:
    """Variables that are read on every way right after a moment."""
    moment = found.moments[key]
    bits = -1 if moment.after else 0
    for after in moment.after:
        bits = bits & found.surely_read[after] if after in found.surely_read else 0
    return bits & ((1 << len(found.roots)) - 1)


def _root_bits(found: Analysis, names: Iterable[str]) -> int:
    bits = 0
    for name in names:
        if name in found.roots:
            bits |= 1 << found.roots[name]
    return bits


def surely_written(found: Analysis, starts: Iterable[str], asked: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Variables that are written on every way to a moment, before it; `asked` are what tasks without a form write."""
    every = (1 << len(found.roots)) - 1
    writes = {key: _root_bits(found, (*moment.writes, *asked.get(key, ()))) for key, moment in found.moments.items()}
    outside, here = set(starts), dict.fromkeys(found.moments, every)
    todo = deque(found.moments)
    while todo:
        key = todo.popleft()
        bits = 0 if key in outside else _on_the_way(found, key, here, writes)
        if bits != here[key]:
            here[key] = bits
            todo.extend((*found.moments[key].after, *found.moments[key].aside))
    return here


def _on_the_way(found: Analysis, key: str, here: Mapping[str, int], writes: Mapping[str, int]) -> int:
    """What is written before a moment: on every way in, or on any where all of them are waited for."""
    ways = [
        here[each] if key in found.moments[each].aside else here[each] | writes[each]
        for each in found.before.get(key, ())
    ]
    waits = kind(found.moments[key].element) == "parallelGateway"
    return reduce(or_ if waits else and_, ways) if ways else 0


def leads_back(found: Analysis, start: str, name: str, stops: Mapping[str, Iterable[str]]) -> set[str]:
    """Moments from which `start` is reached without anybody writing the variable in between."""
    seen: set[str] = set()
    todo = list(found.before.get(start, ()))
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        if name not in found.moments[key].writes and name not in stops.get(key, ()):
            todo.extend(found.before.get(key, ()))
    return seen
