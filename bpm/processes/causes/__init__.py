"""A case that a complaint opened points back at the case that caused it, here or elsewhere, with what speaks for it."""

from bpm.processes.causes.charging import confirm_cause, drop_cause, find_causes
from bpm.processes.causes.queries import (
    CauseRow,
    caused_by,
    caused_elsewhere,
    causes_asked,
    causes_of,
    count_asked,
    list_caused_elsewhere,
)
from bpm.processes.causes.sweeping import sweep_causes

__all__ = [
    "CauseRow",
    "caused_by",
    "caused_elsewhere",
    "causes_asked",
    "causes_of",
    "confirm_cause",
    "count_asked",
    "drop_cause",
    "find_causes",
    "list_caused_elsewhere",
    "sweep_causes",
]
