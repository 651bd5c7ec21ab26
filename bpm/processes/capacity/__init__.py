"""Capacity: how much comes to a group, how much its people can do, and how much may lie there at once."""

from bpm.processes.capacity.load import GroupCapacity, WeekLoad, list_capacity
from bpm.processes.capacity.staffing import Staffing, StaffingVersion, get_staffing, list_staffing, save_staffing
from bpm.processes.capacity.wip import OverLimit, over_limits

__all__ = [
    "GroupCapacity",
    "OverLimit",
    "Staffing",
    "StaffingVersion",
    "WeekLoad",
    "get_staffing",
    "list_capacity",
    "list_staffing",
    "over_limits",
    "save_staffing",
]
