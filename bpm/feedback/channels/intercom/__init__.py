"""Intercom: conversations with their parts, from the interface or from webhooks."""

from bpm.feedback.channels.intercom.reader import SHAPE

__all__ = ["SHAPE"]
