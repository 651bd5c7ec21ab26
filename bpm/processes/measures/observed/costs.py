"""What cases and conversations cost: nothing is seen before anybody entered rates."""

from collections.abc import Iterator

from bpm.processes.measures.observed.facts import Facts
from bpm.processes.measures.observed.seen import Seen


def cost_per_case(facts: Facts) -> Iterator[Seen]:
    del facts
    yield from ()


def cost_per_conversation(facts: Facts) -> Iterator[Seen]:
    del facts
    yield from ()
