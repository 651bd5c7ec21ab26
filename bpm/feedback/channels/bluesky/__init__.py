"""Bluesky: threads, feeds, searches and notifications of the AT protocol."""

from bpm.feedback.channels.bluesky.reader import SHAPE

__all__ = ["SHAPE"]
