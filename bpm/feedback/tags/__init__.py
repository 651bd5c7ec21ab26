"""Tags: words that a team, or everybody, puts on items; renamed, merged, and put on many at once with one undo."""

from bpm.feedback.tags.items import Tagged, tag_items, tags_of, undo_tags, untag
from bpm.feedback.tags.tags import TagRow, ensure_tag, list_tags, merge_tags, rename_tag

__all__ = [
    "TagRow",
    "Tagged",
    "ensure_tag",
    "list_tags",
    "merge_tags",
    "rename_tag",
    "tag_items",
    "tags_of",
    "undo_tags",
    "untag",
]
