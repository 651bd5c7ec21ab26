"""What somebody wants to say and where it can go: the values that the gate looks at and that become a message."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.feedback.limits import is_blank
from bpm.feedback.status import MessageKind, Provenance
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.mail import one_line

MAIL, BY_HAND = "mail", "by_hand"
"""Ways that are no connection's; all others are named after the connection's kind."""
LONGEST_KEY = 180
LONGEST_REPLY = 20_000
"""Characters of what a person writes."""
_NO_CHARACTER = re.compile(r"[\x00\ud800-\udfff]")


def one_key(*parts: object) -> str:
    """The key of one message, of what makes it that one; what is too long for a column stays apart by its digest."""
    key = " ".join(str(part) for part in parts)
    return key if len(key) <= LONGEST_KEY else f"{key[:100]} {hashlib.sha256(key.encode()).hexdigest()}"


@dataclass(frozen=True)
class Place:
    """Somewhere a message can go: by which way, to which address, and what holds there."""

    key: str
    """Names it within the places of one item."""
    label: str
    channel: str
    way: str
    """mail, by_hand, or the kind of the connection."""
    to: str = ""
    connector_id: int | None = None
    contact_point_id: int | None = None
    public: bool = False
    takes_files: bool = True
    """Whether files go along; by hand a person says them as they can."""
    longest: int = 0
    """Characters; 0: no limit."""
    measure: Callable[[str], int] = len
    """How the other side counts the characters of `longest`."""
    subject: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """Shape of `connectors.Answers`."""
    was_said_there: bool = False
    """It is where the item was said: the answer stands beside the question."""

    @property
    def leaves(self) -> bool:
        """Whether Earshot itself sends it."""
        return self.way != BY_HAND


@dataclass(frozen=True)
class Wish:
    """What a person wants to say to the customer of an item."""

    item_id: int
    text: str
    subject: str = ""
    place: str = ""
    """Key of a place; empty: the first one."""
    copies: tuple[str, ...] = ()
    files: tuple[int, ...] = ()
    """Ids of attachments of the item's."""
    template_id: int | None = None
    drafted: str = ""
    """The words of a machine's or a process's draft that it began as."""
    send_at: datetime | None = None
    """When it is to go; None: now."""
    confirmed: frozenset[str] = frozenset()
    """Codes of the warnings that the person has seen and sends it in spite of."""
    kind: MessageKind = MessageKind.CONVERSATION
    key: str = ""
    """One key is one message, however often it is sent; empty: each is another."""
    at_once: bool = False
    """Without the seconds in which it can be taken back."""
    identity: str = ""
    """Address that a mail is sent as; empty: the first one that the person may use."""

    @property
    def provenance(self) -> Provenance:
        if self.template_id is not None:
            return Provenance.TEMPLATE
        return Provenance.DRAFT if self.drafted else Provenance.TYPED


@dataclass(frozen=True)
class Places:
    """Where the customer of an item can be answered, the best first; the last one is by hand and always there."""

    all: tuple[Place, ...] = field(default_factory=tuple)

    def get(self, key: str) -> Place | None:
        """The place of that key; the first one for none; None when there is no such place."""
        if not key:
            return self.all[0]
        return next((each for each in self.all if each.key == key), None)


def subject_of(wish: Wish, place: Place) -> str:
    """One line: as the author wrote it, else as what is answered says."""
    return one_line(wish.subject) or one_line(place.subject)


def words_of(text: str) -> str:
    """What was written without blanks around it; InvalidInputError when nothing of it can be seen, or it is too long.

    What is no character (a NUL, half of a pair) is left out.
    """
    words = _NO_CHARACTER.sub("", text).strip()
    if is_blank(words):
        remedy = _("Write what you want to say.")
        raise InvalidInputError(_("Nothing was written."), remedy=remedy, fields={"text": remedy})
    if len(words) > LONGEST_REPLY:
        too_long = _("At most %(number)s characters.") % {"number": LONGEST_REPLY}
        raise InvalidInputError(_("It is too long."), remedy=too_long, fields={"text": too_long})
    return words
