"""Chatwoot: messages of webhooks, of its interface and of exports with conversations around them."""

from bpm.feedback.channels.chatwoot.reader import SHAPE

__all__ = ["SHAPE"]
