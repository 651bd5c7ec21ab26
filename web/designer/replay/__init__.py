"""Finished cases replayed through a draft: what they came to, and one of them side by side with what it was."""

from web.designer.replay import cases, one_case

__all__ = ["cases", "one_case"]
