"""Which function sees what a measure counts."""

from collections.abc import Callable, Iterable, Mapping

from bpm.processes.measures.observed import times, voice
from bpm.processes.measures.observed.facts import Facts
from bpm.processes.measures.observed.seen import Seen

OBSERVED: Mapping[str, Callable[[Facts], Iterable[Seen]]] = {
    "negative_share": voice.negative_share,
    "waiting": times.waiting,
    "work": times.work,
}
"""Name of a measure -> what it sees."""
