"""Processes that run elsewhere: their logs are read, kept and measured, and nothing of them is ever executed."""

from bpm.processes.outside.importing import LogReport, Problem, import_log
from bpm.processes.outside.queries import (
    OutsideActivity,
    OutsideFlow,
    OutsideProcessRow,
    OutsideRunRow,
    get_outside,
    get_outside_diagram,
    list_activities,
    list_flows,
    list_outside,
    list_runs,
)
from bpm.processes.outside.reading import LogOptions

__all__ = [
    "LogOptions",
    "LogReport",
    "OutsideActivity",
    "OutsideFlow",
    "OutsideProcessRow",
    "OutsideRunRow",
    "Problem",
    "get_outside",
    "get_outside_diagram",
    "import_log",
    "list_activities",
    "list_flows",
    "list_outside",
    "list_runs",
]
