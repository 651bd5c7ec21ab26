"""Reviews of places on Google, as a Business Profile tells them."""

from bpm.feedback.channels.google_business.reader import SHAPE

__all__ = ["SHAPE"]
