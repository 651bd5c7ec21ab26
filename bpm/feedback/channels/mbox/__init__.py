"""Mail: an mbox of many messages, or one message (EML)."""

from bpm.feedback.channels.mbox.cutting import cut
from bpm.feedback.channels.mbox.reader import columns, read

__all__ = ["columns", "cut", "read"]
