"""The closed lists of the columns where engine and feedback meet.

The lists are stored by value, and a constraint of the database holds each of them.
"""

from enum import StrEnum


class TriggerAction(StrEnum):
    """What a trigger does with an item."""

    START = "start"
    CORRELATE = "correlate"


class WhileRunning(StrEnum):
    """What a trigger does with a second item of a conversation whose case still runs."""

    JOIN = "join"
    START = "start"


class FiringOutcome(StrEnum):
    """What became of an item that a trigger fired for."""

    STARTED = "started"
    CORRELATED = "correlated"
    JOINED = "joined"
    FAILED = "failed"


class AttributionMethod(StrEnum):
    """How an item came to be tied to a process version."""

    RECORDED = "recorded"
    HUMAN = "human"
    SUGGESTED = "suggested"


class LinkKind(StrEnum):
    """What ties an item to a process; kinds are never mixed in a figure."""

    SAID_BEFORE = "said_before"
    """The case had not begun: of a prospect, an offer, a campaign."""
    OPENED_BY = "opened_by"
    """The case began because of it."""
    SAID_DURING = "said_during"
    """While the case ran, at the activity that was open."""
    SAID_AFTER = "said_after"
    """The case had ended, and it was said within the window that the process is still spoken of."""
    ABOUT_ARTEFACT = "about_artefact"
    """About a letter, label, page, form, offer or campaign of an activity."""
    SUGGESTED = "suggested"
    """Words and theme speak for it; nobody confirmed it, so that no figure counts it."""
    BY_HAND = "by_hand"


class CauseHow(StrEnum):
    """What speaks for a case being what a complaint is about."""

    KEY = "key"
    """Its own key stands in the words or values."""
    OBJECT = "object"
    """It knows the same order, bill or delivery."""
    CUSTOMER = "customer"
    """The same customer's, at that time."""


class CauseStatus(StrEnum):
    """Of a case that may have caused another one."""

    FOUND = "found"
    """The only one that fits: counted."""
    ASKED = "asked"
    """One of several: a person says which."""
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class ArtefactKind(StrEnum):
    """What a customer has in hand of an activity."""

    LETTER = "letter"
    LABEL = "label"
    PAGE = "page"
    FORM = "form"
    OFFER = "offer"
    CAMPAIGN = "campaign"
    OTHER = "other"


class DraftStatus(StrEnum):
    """Of words that a process prepared for a person to send."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


class ImprovementStatus(StrEnum):
    """Of a proposed change to a process."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    CONCLUDED = "concluded"


class VoiceKind(StrEnum):
    """How an item came to speak for an improvement."""

    TAUGHT = "taught"
    """It was proposed because of it."""
    LINKED = "linked"
    """A colleague said that it is about the same."""
    COMMENT = "comment"
    """A customer wrote it about the proposal, where everybody can read of it."""


class Purpose(StrEnum):
    """What a gesture is booked as."""

    SERVICE = "service"
    """Any customer to whom the same happened would be given it."""
    PR = "pr"


class GestureStatus(StrEnum):
    """Of a gesture."""

    WAITING = "waiting"
    """For a colleague's approval."""
    GIVEN = "given"
    DECLINED = "declined"


class NameKind(StrEnum):
    """Of a thing inside whose name customers may read in our words for it."""

    GROUP = "group"
    PROCESS = "process"
    TOPIC = "topic"


class GuardRule(StrEnum):
    """What a call guard looks at."""

    TRACKING = "tracking"
    VARIABLE = "variable"
    SAID_SINCE = "said_since"
    INCIDENT = "incident"
    CONSENT = "consent"
    QUIET_HOURS = "quiet_hours"
    PROMISE = "promise"


class GuardEffect(StrEnum):
    """What becomes of a contact that a guard finds something against."""

    AVOID = "avoid"
    """It is not made: the case goes on without it."""
    HOLD = "hold"
    """It waits until nothing is against it any more."""


class GuardVerdict(StrEnum):
    """What became of a guarded task."""

    AVOIDED = "avoided"
    HELD = "held"
    LET_GO = "let_go"
    """It was held, and nothing is against it any more."""
    OVERRIDDEN = "overridden"
    """A person made it all the same, and said why."""
