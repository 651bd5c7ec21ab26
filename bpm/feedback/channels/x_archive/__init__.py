"""X: the archive's files (`window.YTD.tweets.part0 = [...]`), its direct messages, and posts of its interface."""

from bpm.feedback.channels.x_archive.reader import SHAPE

__all__ = ["SHAPE"]
