"""What the other storeys ask of this one; read it as `bpm.feedback` (see there)."""

from bpm.feedback.classification_result import KINDS, ClassificationResult, Evidence
from bpm.feedback.conversations.merge import merge_conversations, split_off, unmerge
from bpm.feedback.imports.left_out import take_left_out
from bpm.feedback.imports.mappings import delete_mapping, rename_mapping, save_mapping
from bpm.feedback.imports.preview import Preview, preview
from bpm.feedback.imports.runs import sweep_imports, take_in
from bpm.feedback.imports.undo import Undone, undo_import
from bpm.feedback.imports.uploads import change_draft, discard_draft, preview_draft, release_import, start_import
from bpm.feedback.intake.normalise import describe_cut
from bpm.feedback.intake.receive import Received, receive, receive_all
from bpm.feedback.outbound import mark_sent, reply
from bpm.feedback.raw_item import CHANNELS, RawItem
from bpm.feedback.sources import (
    Delivered,
    NewWebhook,
    capture,
    count_plain_secrets,
    new_webhook,
    receive_webhook,
    save_webhook,
    seal_plain_secrets,
    switch_webhook,
)
from bpm.feedback.triage.caring import decide_complexity
from bpm.feedback.triage.corrections import (
    correct,
    read_again,
    read_once_more,
    record_classification,
    record_classifications,
)
from bpm.feedback.triage.distribution import (
    OpenHandOverError,
    Taker,
    begin_work,
    distribute,
    find_by_case,
    give_back,
    list_open,
    take_back,
)
from bpm.feedback.triage.many import (
    correct_many,
    decide_many,
    merge_many,
    undo_corrections,
    undo_decisions,
    undo_merges,
)
from bpm.feedback.triage.replies import DECISIONS, decide

__all__ = [
    "CHANNELS",
    "DECISIONS",
    "KINDS",
    "ClassificationResult",
    "Delivered",
    "Evidence",
    "NewWebhook",
    "OpenHandOverError",
    "Preview",
    "RawItem",
    "Received",
    "Taker",
    "Undone",
    "begin_work",
    "capture",
    "change_draft",
    "correct",
    "correct_many",
    "count_plain_secrets",
    "decide",
    "decide_complexity",
    "decide_many",
    "delete_mapping",
    "describe_cut",
    "discard_draft",
    "distribute",
    "find_by_case",
    "give_back",
    "list_open",
    "mark_sent",
    "merge_conversations",
    "merge_many",
    "new_webhook",
    "preview",
    "preview_draft",
    "read_again",
    "read_once_more",
    "receive",
    "receive_all",
    "receive_webhook",
    "record_classification",
    "record_classifications",
    "release_import",
    "rename_mapping",
    "reply",
    "save_mapping",
    "save_webhook",
    "seal_plain_secrets",
    "split_off",
    "start_import",
    "sweep_imports",
    "switch_webhook",
    "take_back",
    "take_in",
    "take_left_out",
    "undo_corrections",
    "undo_decisions",
    "undo_import",
    "undo_merges",
    "unmerge",
]
