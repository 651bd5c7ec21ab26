"""What goes out to customers: one gate, an outbox, and what became of each message."""

from bpm.feedback.outbound.acts import get_message, message_of, say_it_was_said, send_again, withdraw
from bpm.feedback.outbound.making import send
from bpm.feedback.outbound.places import is_public, places_of
from bpm.feedback.outbound.replies import mark_sent, reply
from bpm.feedback.outbound.wish import Place, Places, Wish

__all__ = [
    "Place",
    "Places",
    "Wish",
    "get_message",
    "is_public",
    "mark_sent",
    "message_of",
    "places_of",
    "reply",
    "say_it_was_said",
    "send",
    "send_again",
    "withdraw",
]
