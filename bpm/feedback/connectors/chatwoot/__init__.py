"""Chatwoot: conversations of its inboxes come in by calls and polls, and are answered in them."""

from bpm.feedback.connectors.chatwoot.fetching import KIND

__all__ = ["KIND"]
