"""Improvements: what customers' words taught us to change, who sees to it, what became of it, and who spoke for it."""

from bpm.processes.improvements.changing import (
    LONGEST_TITLE,
    NEXT,
    ImprovementDraft,
    change_improvement,
    link_voice,
    propose_improvement,
    set_status,
    unlink_voice,
)
from bpm.processes.improvements.listing import (
    ImprovementDetail,
    ImprovementFilter,
    ImprovementRow,
    VoiceRow,
    get_improvement,
    improvements_of,
    list_improvements,
)

__all__ = [
    "LONGEST_TITLE",
    "NEXT",
    "ImprovementDetail",
    "ImprovementDraft",
    "ImprovementFilter",
    "ImprovementRow",
    "VoiceRow",
    "change_improvement",
    "get_improvement",
    "improvements_of",
    "link_voice",
    "list_improvements",
    "propose_improvement",
    "set_status",
    "unlink_voice",
]
