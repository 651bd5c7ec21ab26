"""Zendesk: tickets and their comments, as pages of the interface, exports, or one a line."""

from bpm.feedback.channels.zendesk.reader import SHAPE

__all__ = ["SHAPE"]
