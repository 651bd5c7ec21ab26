"""Alarms that do not cry wolf: series watched within a budget of false alarms, and what people make of each."""

from bpm.processes.alarms.acting import NEXT, hand_alarm, improve_from, link_cause, move_alarm, unlink_cause
from bpm.processes.alarms.baselines import set_baseline
from bpm.processes.alarms.causes import CauseRow
from bpm.processes.alarms.listing import (
    AlarmDetail,
    AlarmRow,
    BaselineRow,
    Budget,
    LookRow,
    budget_of,
    count_open,
    get_alarm,
    list_alarms,
    list_baselines,
    list_looks,
    subject_of,
)
from bpm.processes.alarms.looking import WaitRow, items_of_period, read_one, waits_of_period
from bpm.processes.alarms.series import Subject
from bpm.processes.alarms.state import SeriesState
from bpm.processes.alarms.status import AlarmStatus, CauseKind, Watched
from bpm.processes.alarms.sweeping import due_days, sweep_alarms

__all__ = [
    "NEXT",
    "AlarmDetail",
    "AlarmRow",
    "AlarmStatus",
    "BaselineRow",
    "Budget",
    "CauseKind",
    "CauseRow",
    "LookRow",
    "SeriesState",
    "Subject",
    "WaitRow",
    "Watched",
    "budget_of",
    "count_open",
    "due_days",
    "get_alarm",
    "hand_alarm",
    "improve_from",
    "items_of_period",
    "link_cause",
    "list_alarms",
    "list_baselines",
    "list_looks",
    "move_alarm",
    "read_one",
    "set_baseline",
    "subject_of",
    "sweep_alarms",
    "unlink_cause",
    "waits_of_period",
]
