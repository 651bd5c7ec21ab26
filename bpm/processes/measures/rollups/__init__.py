"""Sums by day of what measures see, kept so that a figure of a million visits is read from a few thousand rows."""

from bpm.processes.measures.rollups.reading import Wanted, rolled_up, rolled_up_by_day
from bpm.processes.measures.rollups.sweeping import rebuild_rollups, sweep_rollups

__all__ = ["Wanted", "rebuild_rollups", "rolled_up", "rolled_up_by_day", "sweep_rollups"]
