"""Sums by day and week of what measures see, so that a figure of a million visits is read from a few hundred rows."""

from bpm.processes.measures.rollups.changed import Changed
from bpm.processes.measures.rollups.forgotten import count_forgotten
from bpm.processes.measures.rollups.heard import Heard, count_heard
from bpm.processes.measures.rollups.reading import Kept, Wanted, rolled_up, rolled_up_over_time
from bpm.processes.measures.rollups.sweeping import rebuild_rollups, sweep_rollups, wire

__all__ = [
    "Changed",
    "Heard",
    "Kept",
    "Wanted",
    "count_forgotten",
    "count_heard",
    "rebuild_rollups",
    "rolled_up",
    "rolled_up_over_time",
    "sweep_rollups",
    "wire",
]
