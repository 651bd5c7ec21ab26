"""Records of documents: what a source's reader is given of one, what it gives back, and how values are taken out."""

from bpm.feedback.channels.records.contact_fields import contacts_in
from bpm.feedback.channels.records.part import Outcome, Part, Shape, Threads, left_out
from bpm.feedback.channels.records.take import Taker, first, get, is_own, plain_text, records_in, text_at

__all__ = [
    "Outcome",
    "Part",
    "Shape",
    "Taker",
    "Threads",
    "contacts_in",
    "first",
    "get",
    "is_own",
    "left_out",
    "plain_text",
    "records_in",
    "text_at",
]
