"""Service clocks of items, targets for them on business calendars, and the order of what to do next."""

from bpm.feedback.clocks.acts import bring_back, go_on, snooze, sweep_snoozed, wait_for_customer
from bpm.feedback.clocks.alerts import sweep_clock_alerts
from bpm.feedback.clocks.reading import ClockRow, find_clock
from bpm.feedback.clocks.settling import settle, sweep_clocks, unsettle, wire
from bpm.feedback.clocks.targets import SHIPPED, TargetKey, Targets, get_targets, save_targets, target_for

__all__ = [
    "SHIPPED",
    "ClockRow",
    "TargetKey",
    "Targets",
    "bring_back",
    "find_clock",
    "get_targets",
    "go_on",
    "save_targets",
    "settle",
    "snooze",
    "sweep_clock_alerts",
    "sweep_clocks",
    "sweep_snoozed",
    "target_for",
    "unsettle",
    "wait_for_customer",
    "wire",
]
