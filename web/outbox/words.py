"""How far a message is, in words, with the tone of its badge and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bpm.feedback.queries import MessageRow
from bpm.feedback.status import FAILED, GOES_BY_ITSELF, MessageState
from bpm.foundation.texts import _

WORDS: Mapping[MessageState, tuple[str, str]] = {
    MessageState.CREATED: (_("goes now"), "info"),
    MessageState.HELD: (_("waits"), "info"),
    MessageState.SENDING: (_("is being sent"), "info"),
    MessageState.SENT: (_("sent"), "good"),
    MessageState.DELIVERED: (_("delivered"), "good"),
    MessageState.TEMPORARY_FAILURE: (_("not sent yet"), "warn"),
    MessageState.PERMANENT_FAILURE: (_("failed"), "bad"),
    MessageState.TECHNICAL_FAILURE: (_("could not be sent from here"), "bad"),
    MessageState.PERHAPS_SENT: (_("perhaps sent"), "warn"),
    MessageState.BY_HAND: (_("to be said by hand"), "warn"),
    MessageState.SAID_BY_HAND: (_("said by hand"), "good"),
    MessageState.WITHDRAWN: (_("taken back"), "plain"),
}
"""State -> its words and the tone of its badge."""
_HELD = {
    "undo": _("It goes in a few seconds."),
    "later": _("It goes at the time that was named."),
    "their_hours": _("They named hours that suit them: it goes then."),
    "quiet_hours": _("It is night where they are: it goes in the morning."),
}
_REMEDIES: Mapping[MessageState, str] = {
    MessageState.TEMPORARY_FAILURE: _("Its words are kept. Send it again, or say it another way."),
    MessageState.PERMANENT_FAILURE: _("Its words are kept. Look at the address, then send it again or say it by hand."),
    MessageState.TECHNICAL_FAILURE: _("Its words are kept. Put the connection right, then send it again."),
    MessageState.PERHAPS_SENT: _("It may have arrived. Look there before you send it again."),
    MessageState.BY_HAND: _("No channel of ours sends there: copy it, say it there, then mark it as sent."),
}
_UNDER_WAY = _("It is tried again by itself.")
SAYABLE = frozenset({*FAILED, MessageState.PERHAPS_SENT, MessageState.BY_HAND})
TAKEN_BACK = frozenset({*GOES_BY_ITSELF, *FAILED, MessageState.BY_HAND})
SENT_AGAIN = frozenset({*FAILED, MessageState.PERHAPS_SENT})


@dataclass(frozen=True)
class Delivery:
    """A message as people read how far it is."""

    row: MessageRow
    word: str
    tone: str
    remedy: str
    again: bool
    """Whether it can be sent (again) now."""
    back: bool
    """Whether it can be taken back."""
    said: bool
    """Whether somebody can say that it was said."""


def delivery(row: MessageRow) -> Delivery:
    """How far a message is, why, and what can be done."""
    word, tone = WORDS[row.state]
    remedy = _HELD.get(row.held_for, "") if row.state == MessageState.HELD else _REMEDIES.get(row.state, "")
    if row.state == MessageState.TEMPORARY_FAILURE and row.next_at is not None:
        remedy = _UNDER_WAY
    waits = row.state == MessageState.HELD and row.held_for != "undo"
    return Delivery(
        row, word, tone, remedy,
        again=row.state in SENT_AGAIN or waits, back=row.state in TAKEN_BACK, said=row.state in SAYABLE,
    )  # fmt: skip
