"""Mastodon: statuses, contexts, notifications and conversations as its interface answers them."""

from bpm.feedback.channels.mastodon.reader import SHAPE, parents_in

__all__ = ["SHAPE", "parents_in"]
