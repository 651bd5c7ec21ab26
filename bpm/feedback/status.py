"""The closed lists of feedback's columns: how far an import is, what a row error is, what was decided, and the like.

The lists are stored by value, and a constraint of the database holds each of them.
"""

from enum import StrEnum


class ImportStatus(StrEnum):
    """Of an import run."""

    DRAFT = "draft"
    """Uploaded and being looked at."""
    WAITING = "waiting"
    """For the worker."""
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


UNFINISHED_IMPORTS = frozenset({ImportStatus.WAITING, ImportStatus.RUNNING})
"""An import run that the worker has or will have in hand."""


class RowErrorKind(StrEnum):
    """Why a row of an import did not come in as it was."""

    FAILED = "failed"
    """It does not fit."""
    SET_ASIDE = "set_aside"
    """It stopped its reader."""
    IGNORED = "ignored"
    """Nobody's voice, or known already."""
    CUT = "cut"
    """It came in, but shortened, or without something that could not be used."""


NOT_IN = (RowErrorKind.FAILED, RowErrorKind.SET_ASIDE)
"""A row that should have come in and did not."""


class DecisionKind(StrEnum):
    """What a person decided becomes of an item."""

    DO = "do"
    NOT_NOW = "not_now"
    NO = "no"
    NO_REPLY_WANTED = "no_reply_wanted"


class ReplyStatus(StrEnum):
    """Of a reply."""

    KEPT = "kept"
    """To be sent by hand."""
    SENT = "sent"
    """A connector delivered it, or the person marked it as sent."""


class PromiseStatus(StrEnum):
    """Of a promise of ours."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    """Its time went by; it can be kept late."""
    WITHDRAWN = "withdrawn"


class PromiseOrigin(StrEnum):
    """Where a promise was made."""

    REPLY = "reply"
    CALL = "call"
    HAND = "hand"
    """Written down by a person."""


class ClockKind(StrEnum):
    """What a service clock of an item waits for."""

    FIRST = "first"
    """The first answer in its episode."""
    NEXT = "next"
    """The answer to what was said after an answer."""
    RESOLUTION = "resolution"


class ContactKind(StrEnum):
    """What a contact point is."""

    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"
    ID = "id"


class Channel(StrEnum):
    """Where an item was said."""

    SOCIAL = "social"
    CALL = "call"
    EMAIL = "email"
    SURVEY = "survey"
    REVIEW = "review"
    CHAT = "chat"


class Voice(StrEnum):
    """As whom somebody speaks."""

    CUSTOMER = "customer"
    PROSPECT = "prospect"
    EMPLOYEE = "employee"
    PARTNER = "partner"
    SUPPLIER = "supplier"


class Role(StrEnum):
    """What somebody does in a conversation."""

    AUTHOR = "author"
    MENTIONED = "mentioned"
    AGENT = "agent"
    """Who speaks for the company."""
    BYSTANDER = "bystander"
    """Who reads along: copied, or in the thread without a word on it."""


class DataClass(StrEnum):
    """What of an item is kept for how long."""

    RAW = "raw"
    """The record as it was received."""
    WORDS = "words"
    """The masked words, subject and author."""
    CONTACTS = "contacts"
    """Contact points of customers who said nothing since."""
