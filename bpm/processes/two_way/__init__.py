"""Customers and colleagues face to face: talks that were asked for, who of the managers did, what themes were told."""

from bpm.processes.two_way.managers import DirectContact, direct_contact
from bpm.processes.two_way.talks import (
    PURPOSES,
    About,
    Candidate,
    Candidates,
    TalkDraft,
    TalkRow,
    ask_talk,
    candidates_of,
    talks_of,
    wire,
)
from bpm.processes.two_way.themes_told import TOLD_BY, ToldRow, add_told, drop_told, told_of

__all__ = [
    "PURPOSES",
    "TOLD_BY",
    "About",
    "Candidate",
    "Candidates",
    "DirectContact",
    "TalkDraft",
    "TalkRow",
    "ToldRow",
    "add_told",
    "ask_talk",
    "candidates_of",
    "direct_contact",
    "drop_told",
    "talks_of",
    "told_of",
    "wire",
]
