"""Mail: an mbox of many messages, or one message (EML)."""

from bpm.feedback.channels.mbox.reader import columns, cut, read

__all__ = ["columns", "cut", "read"]
