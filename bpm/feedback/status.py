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


class DistributionStatus(StrEnum):
    """Of an item that was handed to somebody."""

    NOTED = "noted"
    """Written down: no work of ours follows from it, as before hand-overs were work."""
    OPEN = "open"
    """They have it."""
    RETURNED = "returned"
    """It came back with what came out of it."""
    WITHDRAWN = "withdrawn"
    """It was taken back, or its case was ended."""


class ReplyStatus(StrEnum):
    """Of a reply: whether the customer can have it. How far it is says the message that carries it."""

    KEPT = "kept"
    """It has not left."""
    SENT = "sent"
    """It left, or somebody said that it was said."""


class MessageKind(StrEnum):
    """What goes out to customers: a conversation has an author, all others are automatic (see `outbound.kinds`)."""

    CONVERSATION = "conversation"
    RECEIPT = "receipt"
    STATUS = "status"
    TRANSACTION = "transaction"
    DECISION = "decision"
    SURVEY = "survey"
    PORTAL_CODE = "portal_code"


class Provenance(StrEnum):
    """What a message began as."""

    TYPED = "typed"
    TEMPLATE = "template"
    DRAFT = "draft"


class MessageState(StrEnum):
    """How far a message is."""

    CREATED = "created"
    """It goes with the next look of the worker."""
    HELD = "held"
    """It goes later: after the time to take it back, at the time that was named, or when quiet hours are over."""
    SENDING = "sending"
    SENT = "sent"
    """The channel took it."""
    DELIVERED = "delivered"
    """The channel says that it arrived."""
    TEMPORARY_FAILURE = "temporary_failure"
    """It did not leave; it is tried again while `next_at` stands, then a person has to look."""
    PERMANENT_FAILURE = "permanent_failure"
    """The other side will never take it like this, or sent it back."""
    TECHNICAL_FAILURE = "technical_failure"
    """Our own side could not send it: a connection taken away, a key that opens nothing."""
    PERHAPS_SENT = "perhaps_sent"
    """It may have left: a person has to say so."""
    BY_HAND = "by_hand"
    """The channel has no way out: a person copies it, says it there and says so here."""
    SAID_BY_HAND = "said_by_hand"
    WITHDRAWN = "withdrawn"


LEFT = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.SAID_BY_HAND})
"""A message that the customer can have: what alone counts as an answer."""
GOES_BY_ITSELF = frozenset({MessageState.CREATED, MessageState.HELD, MessageState.TEMPORARY_FAILURE})
FAILED = frozenset({MessageState.TEMPORARY_FAILURE, MessageState.PERMANENT_FAILURE, MessageState.TECHNICAL_FAILURE})


class PromiseStatus(StrEnum):
    """Of a promise of ours."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    """Its time went by; it can be kept late."""
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    """Whom it was made to was erased at their wish: nobody is left to keep it to."""


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


class IncidentStatus(StrEnum):
    """How far an incident is."""

    POSSIBLE = "possible"
    """More than usual, but not surely: nobody is told."""
    PROPOSED = "proposed"
    """Put before people, who say whether it is one."""
    ACKNOWLEDGED = "acknowledged"
    """A named person said in public that it is known."""
    WATCHING = "watching"
    """The cause is gone; people look whether it stays away."""
    RESOLVED = "resolved"
    DISMISSED = "dismissed"
    """It was none, or none worth a word; with a reason."""


OPEN_INCIDENTS = frozenset({IncidentStatus.PROPOSED, IncidentStatus.ACKNOWLEDGED, IncidentStatus.WATCHING})
"""An incident that everybody should know of."""
KNOWN_INCIDENTS = frozenset({IncidentStatus.ACKNOWLEDGED, IncidentStatus.WATCHING})
"""An incident that a person confirmed: its items wait for updates, not for answers of their own."""
UNDER_WAY_INCIDENTS = OPEN_INCIDENTS | {IncidentStatus.POSSIBLE}
"""An incident that is not over."""


class UpdateKind(StrEnum):
    """What is said to those whom an incident hits."""

    ACKNOWLEDGEMENT = "acknowledgement"
    UPDATE = "update"
    ALL_CLEAR = "all_clear"


class ToldStatus(StrEnum):
    """Of an update to one person."""

    WAITING = "waiting"
    TOLD = "told"
    """It was handed to the way out, once; what became of it stands with the reply."""
    HELD_BACK = "held_back"
    """It may not go to this person; a reason stands beside it."""


class WorkaroundStatus(StrEnum):
    """Of a way round a disturbance that a customer found."""

    TOLD = "told"
    """Nobody of us has tried it."""
    VERIFIED = "verified"
    REFUSED = "refused"


class TopicTrainingStatus(StrEnum):
    """Of a file of examples of topics, and of a training of kinds."""

    WAITING = "waiting"
    LEARNING = "learning"
    IN_SERVICE = "in_service"
    NOT_AS_GOOD = "not_as_good"
    """The topics in service did better on the same names; they stay."""
    FAILED = "failed"


class RereadStatus(StrEnum):
    """Of reading older items again with new topics."""

    NONE = "none"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"


class StepState(StrEnum):
    """Of a step of a playbook that somebody works by."""

    DONE = "done"
    SKIPPED = "skipped"


class ProposalState(StrEnum):
    """Of words that a learner wants to say to a customer."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    """The mentor sent it back: the words are the learner's draft again."""
    WITHDRAWN = "withdrawn"
