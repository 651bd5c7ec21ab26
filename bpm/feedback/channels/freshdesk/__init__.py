"""Freshdesk: tickets and the conversations below them."""

from bpm.feedback.channels.freshdesk.reader import SHAPE

__all__ = ["SHAPE"]
