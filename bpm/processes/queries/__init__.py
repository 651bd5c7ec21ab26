"""Reads for screens: where an item went, whose words are behind a case, triggers and their firings. Frozen rows."""

from bpm.processes.measures.follow_up import BLACK_HOLE_AFTER, MOST_COUNTED, count_black_holes, list_black_holes
from bpm.processes.measures.heard_items import HeardItem
from bpm.processes.measures.listening import (
    REFERENCE,
    REFERENCE_SOURCE,
    ChannelCoverage,
    PeriodShare,
    coverage,
    end_of_day,
    follow_up,
    follow_up_by_week,
    listening_ratio,
)
from bpm.processes.measures.negative_by_week import NegativeByWeek, NegativeWeek, items_of_week, negative_by_week
from bpm.processes.measures.performance import ElementMeasures, ProcessMeasures, process_measures
from bpm.processes.measures.space_between import (
    SpaceBetween,
    kinds_between,
    list_between,
    space_between,
    space_between_by_week,
)
from bpm.processes.measures.undated import count_undated, list_undated
from bpm.processes.opened_cases import OpenedCase, cases_opened_by, cases_opened_with
from bpm.processes.queries.drafts import DraftRow, list_drafts
from bpm.processes.queries.inbox import InboxCounts, count_inbox
from bpm.processes.queries.links import ItemLink, find_item_of_instance, item_links, items_at, items_of_instance
from bpm.processes.queries.triggers import FiringRow, TriggerRow, list_firings, list_triggers
from bpm.statistics import PERCENTILES_FROM, SHOWN_FROM, Durations, Share

__all__ = [
    "BLACK_HOLE_AFTER",
    "MOST_COUNTED",
    "PERCENTILES_FROM",
    "REFERENCE",
    "REFERENCE_SOURCE",
    "SHOWN_FROM",
    "ChannelCoverage",
    "DraftRow",
    "Durations",
    "ElementMeasures",
    "FiringRow",
    "HeardItem",
    "InboxCounts",
    "ItemLink",
    "NegativeByWeek",
    "NegativeWeek",
    "OpenedCase",
    "PeriodShare",
    "ProcessMeasures",
    "Share",
    "SpaceBetween",
    "TriggerRow",
    "cases_opened_by",
    "cases_opened_with",
    "count_black_holes",
    "count_inbox",
    "count_undated",
    "coverage",
    "end_of_day",
    "find_item_of_instance",
    "follow_up",
    "follow_up_by_week",
    "item_links",
    "items_at",
    "items_of_instance",
    "items_of_week",
    "kinds_between",
    "list_between",
    "list_black_holes",
    "list_drafts",
    "list_firings",
    "list_triggers",
    "list_undated",
    "listening_ratio",
    "negative_by_week",
    "process_measures",
    "space_between",
    "space_between_by_week",
]
