"""Every format that items come in, by name; one folder each with its code and samples.

Foreign bytes: everything here runs in the child process that reads files (see bpm.feedback.intake.reader_child).
"""

from bpm.feedback.channels.formats import FORMATS, Format, get_format, guess_format, reason_of
from bpm.feedback.channels.rows import OWN_KEY, Context, DeliveryReport, Record, Row

__all__ = [
    "FORMATS",
    "OWN_KEY",
    "Context",
    "DeliveryReport",
    "Format",
    "Record",
    "Row",
    "get_format",
    "guess_format",
    "reason_of",
]
