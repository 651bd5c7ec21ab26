"""Rules beside the weights for short texts: what turns of speech lean to."""

from bpm.feedback.classification.pipeline.leaning.heard import Heard
from bpm.feedback.classification.pipeline.leaning.rules import MOST_WORDS, leanings

__all__ = ["MOST_WORDS", "Heard", "leanings"]
