"""Rules beside the weights for short texts: what turns of speech lean to."""

from bpm.feedback.classification.pipeline.leaning.heard import Heard
from bpm.feedback.classification.pipeline.leaning.rules import leanings

__all__ = ["Heard", "leanings"]
