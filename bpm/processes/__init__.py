"""Where engine and feedback meet: triggers, service tasks, attribution, and figures about both."""

from bpm.processes import queries
from bpm.processes.attribution import attribute, detach
from bpm.processes.drafts import drop_draft, send_draft
from bpm.processes.escapes import wire_escapes
from bpm.processes.notifying import (
    TELLERS,
    newest_task,
    sweep_deputies,
    sweep_due,
    sweep_offers,
    sweep_settled,
    sweep_watched,
    wire_notices,
)
from bpm.processes.outside import import_log
from bpm.processes.service_tasks import SERVICE_TASKS
from bpm.processes.triggers.conditions import Conditions, ItemFacts, conditions_of, misses, sentence
from bpm.processes.triggers.firing import wire
from bpm.processes.triggers.item_fields import SOURCES
from bpm.processes.triggers.of_version import check_triggers
from bpm.processes.triggers.owners import give_triggers, list_triggers_of
from bpm.processes.triggers.preview import TryOut, try_out
from bpm.processes.triggers.triggers import (
    TriggerDraft,
    active_triggers,
    get_trigger,
    save_trigger,
    switch_off,
    switch_on,
)
from bpm.processes.undone_imports import StartedCase, UndoneImport, list_started_cases, undo_import

__all__ = [
    "SERVICE_TASKS",
    "SOURCES",
    "TELLERS",
    "Conditions",
    "ItemFacts",
    "StartedCase",
    "TriggerDraft",
    "TryOut",
    "UndoneImport",
    "active_triggers",
    "attribute",
    "check_triggers",
    "conditions_of",
    "detach",
    "drop_draft",
    "get_trigger",
    "give_triggers",
    "import_log",
    "list_started_cases",
    "list_triggers_of",
    "misses",
    "newest_task",
    "queries",
    "save_trigger",
    "send_draft",
    "sentence",
    "sweep_deputies",
    "sweep_due",
    "sweep_offers",
    "sweep_settled",
    "sweep_watched",
    "switch_off",
    "switch_on",
    "try_out",
    "undo_import",
    "wire",
    "wire_escapes",
    "wire_notices",
]
