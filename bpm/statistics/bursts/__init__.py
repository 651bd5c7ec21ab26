"""Bursts of reports over a seasonal baseline, within an alarm budget. Pure."""

from bpm.statistics.bursts.chance import tail
from bpm.statistics.bursts.detector import Detector, detect
from bpm.statistics.bursts.values import ALL, Budget, Burst, Care, Grade, Report

__all__ = ["ALL", "Budget", "Burst", "Care", "Detector", "Grade", "Report", "detect", "tail"]
