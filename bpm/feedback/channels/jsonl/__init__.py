"""JSON Lines: one object a line, mapped by name, with `text` or with the `turns` of a call or chat."""

from bpm.feedback.channels.jsonl.reader import columns, cut, flatten, read, read_line

__all__ = ["columns", "cut", "flatten", "read", "read_line"]
