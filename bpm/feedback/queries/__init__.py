"""Reads of the feedback room: frozen rows, bounded, never writing."""

from bpm.feedback.queries.connectors import (
    ConnectorRow,
    SourceCoverage,
    find_connector,
    list_connectors,
    list_source_coverage,
)
from bpm.feedback.queries.conversations import Entry, Refresher, RefresherLine, Stream, conversation_of, refresher
from bpm.feedback.queries.export import stream_conversations, stream_customers, stream_items
from bpm.feedback.queries.follow_up import (
    first_human_answer_times,
    list_oldest,
    untouched,
)
from bpm.feedback.queries.imports import (
    MappingRow,
    RowErrorRow,
    RunRow,
    WebhookRow,
    count_set_aside,
    find_mapping,
    find_webhook,
    get_run,
    list_mappings,
    list_row_errors,
    list_runs,
    list_webhooks,
)
from bpm.feedback.queries.item_rows import ItemDetail, ItemFilter, ItemRow, UnreadableItem, UnreadItem
from bpm.feedback.queries.items import (
    count_by,
    get_item,
    kinds_of,
    list_items,
    list_unclassified,
    list_unreadable,
    topics_in_use,
)
from bpm.foundation.db import Page

__all__ = [
    "ConnectorRow",
    "Entry",
    "ItemDetail",
    "ItemFilter",
    "ItemRow",
    "MappingRow",
    "Page",
    "Refresher",
    "RefresherLine",
    "RowErrorRow",
    "RunRow",
    "SourceCoverage",
    "Stream",
    "UnreadItem",
    "UnreadableItem",
    "WebhookRow",
    "conversation_of",
    "count_by",
    "count_set_aside",
    "find_connector",
    "find_mapping",
    "find_webhook",
    "first_human_answer_times",
    "get_item",
    "get_run",
    "kinds_of",
    "list_connectors",
    "list_items",
    "list_mappings",
    "list_oldest",
    "list_row_errors",
    "list_runs",
    "list_source_coverage",
    "list_unclassified",
    "list_unreadable",
    "list_webhooks",
    "refresher",
    "stream_conversations",
    "stream_customers",
    "stream_items",
    "topics_in_use",
    "untouched",
]
