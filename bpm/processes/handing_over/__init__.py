"""Distribute as work: handed to people or a process, open until it comes back, with the time each department had it."""

from bpm.processes.handing_over.crossings import (
    BetweenDepartments,
    Crossing,
    HandedOver,
    between_departments,
    handed_over,
)
from bpm.processes.handing_over.endings import Ending, ending, ending_of
from bpm.processes.handing_over.handing_over import (
    Order,
    hand_over,
    hand_over_for_process,
    hand_over_without_item,
    is_with,
    take_back,
)
from bpm.processes.handing_over.hops import Hops, ItemHops, hops_in, hops_of
from bpm.processes.handing_over.open_work import OpenWork, decide, open_below
from bpm.processes.handing_over.opportunities import Standing, follow, may_follow, standing_of
from bpm.processes.handing_over.returning import wire
from bpm.processes.handing_over.shipped import HANDED_OVER, RETURNED, ensure_live

__all__ = [
    "HANDED_OVER",
    "RETURNED",
    "BetweenDepartments",
    "Crossing",
    "Ending",
    "HandedOver",
    "Hops",
    "ItemHops",
    "OpenWork",
    "Order",
    "Standing",
    "between_departments",
    "decide",
    "ending",
    "ending_of",
    "ensure_live",
    "follow",
    "hand_over",
    "hand_over_for_process",
    "hand_over_without_item",
    "handed_over",
    "hops_in",
    "hops_of",
    "is_with",
    "may_follow",
    "open_below",
    "standing_of",
    "take_back",
    "wire",
]
