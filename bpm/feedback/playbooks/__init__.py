"""Playbooks: the steps for a kind of situation, offered beside an item, ticked as one works, and counted."""

from bpm.feedback.playbooks.books import (
    MOST_STEPS,
    TONES,
    PlaybookRow,
    VersionRow,
    get_playbook,
    list_playbooks,
    retire_playbook,
    save_playbook,
    versions_of,
)
from bpm.feedback.playbooks.figures import StepFigures, UseRow, VersionFigures, figures_of, uses_of
from bpm.feedback.playbooks.offering import Situation, offered
from bpm.feedback.playbooks.working import Step, Use, begin, finish, tick, uses_on

__all__ = [
    "MOST_STEPS",
    "TONES",
    "PlaybookRow",
    "Situation",
    "Step",
    "StepFigures",
    "Use",
    "UseRow",
    "VersionFigures",
    "VersionRow",
    "begin",
    "figures_of",
    "finish",
    "get_playbook",
    "list_playbooks",
    "offered",
    "retire_playbook",
    "save_playbook",
    "tick",
    "uses_of",
    "uses_on",
    "versions_of",
]
