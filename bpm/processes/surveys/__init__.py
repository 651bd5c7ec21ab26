"""Surveys after a matter was closed: who is asked and when, what is answered, and what the answers say."""

from bpm.processes.surveys.answering import (
    QUESTION,
    SCALE,
    Answer,
    Invitation,
    Thanks,
    answer,
    find_invitation,
    stop_asking,
)
from bpm.processes.surveys.canned import CannedAgainstScore, CannedReply, canned_against_score, list_canned_replies
from bpm.processes.surveys.chance import draw
from bpm.processes.surveys.figures import BadEnd, Score, list_bad_ends, scores
from bpm.processes.surveys.inviting import sweep_surveys
from bpm.processes.surveys.limits import Circumstances, why_not, why_wait

__all__ = [
    "QUESTION",
    "SCALE",
    "Answer",
    "BadEnd",
    "CannedAgainstScore",
    "CannedReply",
    "Circumstances",
    "Invitation",
    "Score",
    "Thanks",
    "answer",
    "canned_against_score",
    "draw",
    "find_invitation",
    "list_bad_ends",
    "list_canned_replies",
    "scores",
    "stop_asking",
    "sweep_surveys",
    "why_not",
    "why_wait",
]
