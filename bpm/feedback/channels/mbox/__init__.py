"""Mail: an mbox of many messages, or one message (EML)."""

from bpm.feedback.channels.mbox.bulk import left_out_line
from bpm.feedback.channels.mbox.cutting import cut
from bpm.feedback.channels.mbox.reader import columns, read

__all__ = ["columns", "cut", "left_out_line", "read"]
