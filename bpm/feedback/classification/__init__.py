"""Reads customers' words with spaCy: kinds, sentiment, urgency, topic, and what spoke for it.

Importing this package loads no spaCy; the modules below it do. A web process never needs them.
"""

from bpm.feedback.classification.in_service import ModelInService, find_model_in_service
from bpm.feedback.classification.labels import KIND_MEANINGS, TOPIC_MEANINGS, TOPICS, URGENCY_MEANINGS
from bpm.feedback.classification.worker import sweep_classification

__all__ = [
    "KIND_MEANINGS",
    "TOPICS",
    "TOPIC_MEANINGS",
    "URGENCY_MEANINGS",
    "ModelInService",
    "find_model_in_service",
    "sweep_classification",
]
