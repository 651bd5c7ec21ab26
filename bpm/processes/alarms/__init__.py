"""Alarms that do not cry wolf: series watched within a budget of false alarms, and what people make of each."""

from bpm.processes.alarms.baselines import set_baseline
from bpm.processes.alarms.sweeping import sweep_alarms

__all__ = ["set_baseline", "sweep_alarms"]
