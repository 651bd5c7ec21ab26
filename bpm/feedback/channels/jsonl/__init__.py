"""Objects whose fields tell by their names what they hold, with `text` or with the `turns` of a call or chat."""

from bpm.feedback.channels.jsonl.reader import flatten, read_plain

__all__ = ["flatten", "read_plain"]
