"""Reads customers' words with spaCy: kinds, sentiment, urgency, topic, and what spoke for it.

Importing this package loads no spaCy; the modules below it do. A web process never needs them.
"""

from bpm.feedback.classification.acceptance import Acceptance, Trust, trust_of
from bpm.feedback.classification.in_service import ModelFigures, ModelInService, figures_of, find_model_in_service
from bpm.feedback.classification.kind_trainings import (
    KindTrainingRow,
    count_corrected,
    kinds_wait,
    list_kind_trainings,
    start_kind_training,
    sweep_kind_trainings,
)
from bpm.feedback.classification.labels import KIND_MEANINGS, TOPIC_MEANINGS, TOPICS, URGENCY_MEANINGS
from bpm.feedback.classification.topic_trainings import (
    TrainingRow,
    list_topic_trainings,
    pause_rereading,
    start_topic_training,
    sweep_topic_trainings,
    topics_wait,
)
from bpm.feedback.classification.worker import sweep_classification

__all__ = [
    "KIND_MEANINGS",
    "TOPICS",
    "TOPIC_MEANINGS",
    "URGENCY_MEANINGS",
    "Acceptance",
    "KindTrainingRow",
    "ModelFigures",
    "ModelInService",
    "TrainingRow",
    "Trust",
    "count_corrected",
    "figures_of",
    "find_model_in_service",
    "kinds_wait",
    "list_kind_trainings",
    "list_topic_trainings",
    "pause_rereading",
    "start_kind_training",
    "start_topic_training",
    "sweep_classification",
    "sweep_kind_trainings",
    "sweep_topic_trainings",
    "topics_wait",
    "trust_of",
]
