"""Google's contact centre: conversations as they are uploaded (`entries`) and as the interface answers them."""

from bpm.feedback.channels.google_ccai.reader import SHAPE

__all__ = ["SHAPE"]
