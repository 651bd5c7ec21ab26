"""The gate: one pure function that says what may go out, what has to be confirmed first, and what is changed."""

from bpm.feedback.outbound.gate.canned import canned_score, edit_distance
from bpm.feedback.outbound.gate.facts import Facts, Incident, OtherAnswer, TemplateFacts
from bpm.feedback.outbound.gate.judging import barred, judge
from bpm.feedback.outbound.gate.plain_words import plain_hints
from bpm.feedback.outbound.gate.quiet import next_allowed, zones_of_number, zones_of_region
from bpm.feedback.outbound.gate.verdict import Remark, Verdict

__all__ = [
    "Facts",
    "Incident",
    "OtherAnswer",
    "Remark",
    "TemplateFacts",
    "Verdict",
    "barred",
    "canned_score",
    "edit_distance",
    "judge",
    "next_allowed",
    "plain_hints",
    "zones_of_number",
    "zones_of_region",
]
