"""What each measure sees: one small function a measure, over rows that are read once."""

from bpm.processes.measures.observed.facts import Facts, Only
from bpm.processes.measures.observed.kinds import INSTANT, LIVED, ORDER
from bpm.processes.measures.observed.observing import OBSERVED
from bpm.processes.measures.observed.seen import PERSON, Seen

__all__ = ["INSTANT", "LIVED", "OBSERVED", "ORDER", "PERSON", "Facts", "Only", "Seen"]
