"""JSON of any source: a list, a wrapped list, one object a line, JavaScript around it; its content decides."""

from bpm.feedback.channels.json.opening import is_lines, looks_like_json
from bpm.feedback.channels.json.reader import columns, cut, read, read_record, read_statuses

__all__ = ["columns", "cut", "is_lines", "looks_like_json", "read", "read_record", "read_statuses"]
