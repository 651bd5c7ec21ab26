"""Telling customers before they ask, some held out by chance, so that saved contacts are known and not believed."""

from bpm.processes.hold_outs.notices import (
    NoticeDraft,
    NoticeRow,
    get_proactive,
    list_proactive,
    prepare_notice,
    send_notice,
)
from bpm.processes.hold_outs.saving import Saved, is_held, saved

__all__ = [
    "NoticeDraft",
    "NoticeRow",
    "Saved",
    "get_proactive",
    "is_held",
    "list_proactive",
    "prepare_notice",
    "saved",
    "send_notice",
]
