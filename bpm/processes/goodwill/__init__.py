"""Goodwill: a gesture within a limit without asking, above it with; cost, purpose, and the rule for everybody."""

from bpm.processes.goodwill.economics import Rules, break_even_visits, cents_of, for_all_alike, rules_from, verdict
from bpm.processes.goodwill.gestures import (
    APPROVAL,
    GestureRow,
    Wish,
    gestures_of,
    get_rules,
    give,
    list_gestures,
    save_rules,
    totals,
    wire,
)

__all__ = [
    "APPROVAL",
    "GestureRow",
    "Rules",
    "Wish",
    "break_even_visits",
    "cents_of",
    "for_all_alike",
    "gestures_of",
    "get_rules",
    "give",
    "list_gestures",
    "rules_from",
    "save_rules",
    "totals",
    "verdict",
    "wire",
]
