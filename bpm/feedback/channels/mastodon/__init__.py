"""Mastodon: statuses as JSON (a list, one a line, or a context of ancestors and descendants)."""

from bpm.feedback.channels.mastodon.reader import columns, cut, read

__all__ = ["columns", "cut", "read"]
