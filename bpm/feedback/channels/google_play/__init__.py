"""Google Play: reviews as the developer interface answers them."""

from bpm.feedback.channels.google_play.reader import SHAPE

__all__ = ["SHAPE"]
