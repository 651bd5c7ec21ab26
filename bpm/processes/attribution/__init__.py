"""Links items to the process, instance and activity they are about: recorded by what ran, or by a person's hand.

What nothing speaks for stays in the space between (law 6). Links are ended, never rewritten.
"""

from bpm.processes.attribution.by_hand import attribute, detach
from bpm.processes.attribution.kinds import LIVED, SURE, kind_by_time
from bpm.processes.attribution.links import current_links
from bpm.processes.attribution.places import HALTS, JOBS, element_at, place_of
from bpm.processes.attribution.recording import carry_over, follow_conversation, record, record_opened
from bpm.processes.attribution.running import (
    SAME_CONVERSATION,
    SAME_CUSTOMER,
    RunningCase,
    cases_spoken_of,
    running_cases,
    with_cases_of_others,
)
from bpm.processes.attribution.windows import said_after_days, said_after_windows, set_said_after

__all__ = [
    "HALTS",
    "JOBS",
    "LIVED",
    "SAME_CONVERSATION",
    "SAME_CUSTOMER",
    "SURE",
    "RunningCase",
    "attribute",
    "carry_over",
    "cases_spoken_of",
    "current_links",
    "detach",
    "element_at",
    "follow_conversation",
    "kind_by_time",
    "place_of",
    "record",
    "record_opened",
    "running_cases",
    "said_after_days",
    "said_after_windows",
    "set_said_after",
    "with_cases_of_others",
]
