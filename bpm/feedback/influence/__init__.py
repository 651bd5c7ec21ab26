"""Influence with its context: per topic, from being helpful to others, with evidence. There is no score without one."""

from bpm.feedback.influence.evidence import Evidence, EvidenceKind, gather_evidence
from bpm.feedback.influence.standing import FEWEST, Standing, TopicRow, evidence_on, helpful_on, list_topics

__all__ = [
    "FEWEST",
    "Evidence",
    "EvidenceKind",
    "Standing",
    "TopicRow",
    "evidence_on",
    "gather_evidence",
    "helpful_on",
    "list_topics",
]
