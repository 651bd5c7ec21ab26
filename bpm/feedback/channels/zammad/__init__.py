"""Zammad: articles of tickets, from webhooks ({"ticket", "article"}), exports and lists."""

from bpm.feedback.channels.zammad.reader import SHAPE

__all__ = ["SHAPE"]
