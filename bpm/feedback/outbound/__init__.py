"""What goes out to customers: one gate, an outbox, and what became of each message."""

from bpm.feedback.outbound.acts import (
    NEEDS_A_PERSON,
    get_message,
    message_of,
    say_it_was_said,
    send_again,
    withdraw,
)
from bpm.feedback.outbound.automatic import send_automatic
from bpm.feedback.outbound.gate import Incident, Remark, Verdict, edit_distance
from bpm.feedback.outbound.gate.errors import GateError
from bpm.feedback.outbound.gate.judging import WARNINGS
from bpm.feedback.outbound.guests import answer_as_guest
from bpm.feedback.outbound.hooks import set_hooks
from bpm.feedback.outbound.kinds import automatic_kinds, kind_changes, labelled, message_kinds
from bpm.feedback.outbound.letters import Letter, LettersSent, look_at_letters, send_letters, take_letters_back
from bpm.feedback.outbound.making import UNDO, Look, identities_of, look, send
from bpm.feedback.outbound.places import is_public, places_of
from bpm.feedback.outbound.prepared.templates import (
    TemplateRow,
    approve_template,
    fill,
    get_template,
    list_templates,
    retire_template,
    save_template,
    usable_templates,
)
from bpm.feedback.outbound.prepared.writing import keep_written, read_copies, written_by
from bpm.feedback.outbound.receipts import note_receipt, wire
from bpm.feedback.outbound.replies import mark_sent, reply
from bpm.feedback.outbound.sending import sweep_outbound
from bpm.feedback.outbound.wish import Place, Places, Wish, one_key

__all__ = [
    "NEEDS_A_PERSON",
    "UNDO",
    "WARNINGS",
    "GateError",
    "Incident",
    "Letter",
    "LettersSent",
    "Look",
    "Place",
    "Places",
    "Remark",
    "TemplateRow",
    "Verdict",
    "Wish",
    "answer_as_guest",
    "approve_template",
    "automatic_kinds",
    "edit_distance",
    "fill",
    "get_message",
    "get_template",
    "identities_of",
    "is_public",
    "keep_written",
    "kind_changes",
    "labelled",
    "list_templates",
    "look",
    "look_at_letters",
    "mark_sent",
    "message_kinds",
    "message_of",
    "note_receipt",
    "one_key",
    "places_of",
    "read_copies",
    "reply",
    "retire_template",
    "save_template",
    "say_it_was_said",
    "send",
    "send_again",
    "send_automatic",
    "send_letters",
    "set_hooks",
    "sweep_outbound",
    "take_letters_back",
    "usable_templates",
    "wire",
    "withdraw",
    "written_by",
]
