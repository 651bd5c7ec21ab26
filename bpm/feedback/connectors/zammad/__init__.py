"""Zammad: articles of its tickets come in by calls and polls, and are answered in them."""

from bpm.feedback.connectors.zammad.fetching import KIND

__all__ = ["KIND"]
