"""Processes that run elsewhere: their logs are read, kept and measured, and nothing of them is ever executed."""

from bpm.processes.outside.diagram import Diagram, read_diagram
from bpm.processes.outside.queries import (
    MOST_VISITS,
    OutsideActivity,
    OutsideFlow,
    OutsideFlows,
    OutsideProcessRow,
    OutsideRunRow,
    demand_here,
    get_outside,
    get_outside_diagram,
    list_activities,
    list_flows,
    list_outside,
    list_runs,
    runs_mark,
)
from bpm.processes.outside.reading import LogOptions
from bpm.processes.outside.runs import begin_run, import_log, sweep_logs
from bpm.processes.outside.taking import LogReport, Problem

__all__ = [
    "MOST_VISITS",
    "Diagram",
    "LogOptions",
    "LogReport",
    "OutsideActivity",
    "OutsideFlow",
    "OutsideFlows",
    "OutsideProcessRow",
    "OutsideRunRow",
    "Problem",
    "begin_run",
    "demand_here",
    "get_outside",
    "get_outside_diagram",
    "import_log",
    "list_activities",
    "list_flows",
    "list_outside",
    "list_runs",
    "read_diagram",
    "runs_mark",
    "sweep_logs",
]
