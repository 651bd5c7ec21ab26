"""Control charts that do not cry wolf: limits from a baseline, signals with their rule."""

from bpm.statistics.charts.chart import BASELINE, PROVISIONAL, ControlChart, Phase, autocorrelation, control_chart
from bpm.statistics.charts.limits import Settings, Spread
from bpm.statistics.charts.looks import drift_of_looks, p_of_looks
from bpm.statistics.charts.series import Kind, Series, series
from bpm.statistics.charts.signals import Signal
from bpm.statistics.charts.table import read_series

__all__ = [
    "BASELINE",
    "PROVISIONAL",
    "ControlChart",
    "Kind",
    "Phase",
    "Series",
    "Settings",
    "Signal",
    "Spread",
    "autocorrelation",
    "control_chart",
    "drift_of_looks",
    "p_of_looks",
    "read_series",
    "series",
]
