"""Incidents: proposed from bursts, acknowledged in public by a person, told to everybody linked, and graded."""

from bpm.feedback.incidents.acting import (
    acknowledge,
    dismiss,
    find_open_by_theme,
    get_incident,
    open_incident,
    propose,
    resolve,
    set_severity,
    watch,
)
from bpm.feedback.incidents.bursts import Detector
from bpm.feedback.incidents.drafts import Draft, draft_words
from bpm.feedback.incidents.grading import RUBRIC, Facts, Grade, Side, grade, grade_response, letter_of
from bpm.feedback.incidents.handing_over import sweep_updates
from bpm.feedback.incidents.hit import (
    HitItem,
    IncidentBar,
    fingerprint,
    incident_for_gate,
    incident_of_item,
    is_hit,
    list_bars,
    list_hit_items,
)
from bpm.feedback.incidents.linking import link_items, unlink_item
from bpm.feedback.incidents.public_words import PublicIncident, PublicUpdate, list_public
from bpm.feedback.incidents.reading import (
    EntryRow,
    HeldBack,
    IncidentDetail,
    IncidentRow,
    UpdateRow,
    WorkaroundRow,
    get_detail,
    list_incidents,
)
from bpm.feedback.incidents.response import get_grade, give_points
from bpm.feedback.incidents.sweeping import IncidentWatch, sweep_due_updates, sweep_incidents
from bpm.feedback.incidents.telling import count_latecomers, mark_posted, send_update, tell_latecomers
from bpm.feedback.incidents.workarounds import add_workaround, credit, refuse_workaround, verify_workaround

__all__ = [
    "RUBRIC",
    "Detector",
    "Draft",
    "EntryRow",
    "Facts",
    "Grade",
    "HeldBack",
    "HitItem",
    "IncidentBar",
    "IncidentDetail",
    "IncidentRow",
    "IncidentWatch",
    "PublicIncident",
    "PublicUpdate",
    "Side",
    "UpdateRow",
    "WorkaroundRow",
    "acknowledge",
    "add_workaround",
    "count_latecomers",
    "credit",
    "dismiss",
    "draft_words",
    "find_open_by_theme",
    "fingerprint",
    "get_detail",
    "get_grade",
    "get_incident",
    "give_points",
    "grade",
    "grade_response",
    "incident_for_gate",
    "incident_of_item",
    "is_hit",
    "letter_of",
    "link_items",
    "list_bars",
    "list_hit_items",
    "list_incidents",
    "list_public",
    "mark_posted",
    "open_incident",
    "propose",
    "refuse_workaround",
    "resolve",
    "send_update",
    "set_severity",
    "sweep_due_updates",
    "sweep_incidents",
    "sweep_updates",
    "tell_latecomers",
    "unlink_item",
    "verify_workaround",
    "watch",
]
