"""Feeds of forums, blogs and review pages: RSS and Atom."""

from bpm.feedback.channels.feed.reader import columns, cut, looks_like_feed, read

__all__ = ["columns", "cut", "looks_like_feed", "read"]
