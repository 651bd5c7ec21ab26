"""WebVTT and SRT: one call a file; only what the customer says is the item's text."""

from bpm.feedback.channels.webvtt.reader import columns, cut, read

__all__ = ["columns", "cut", "read"]
