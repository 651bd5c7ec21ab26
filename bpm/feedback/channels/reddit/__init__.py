"""Reddit: posts and comments as listings, threads and dumps (one object a line)."""

from bpm.feedback.channels.reddit.reader import SHAPE

__all__ = ["SHAPE"]
