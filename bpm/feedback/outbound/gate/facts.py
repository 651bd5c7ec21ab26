"""Everything that the gate goes by, gathered before it judges."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass(frozen=True)
class Incident:
    """An incident that is open and that the item may belong to."""

    id: int
    title: str
    is_linked: bool = False
    """Whether the item is linked to it: then its updates reach the customer."""


@dataclass(frozen=True)
class TemplateFacts:
    """The template that the message began as."""

    name: str
    text: str
    review_by: date
    is_approved: bool
    is_retired: bool = False


@dataclass(frozen=True)
class OtherAnswer:
    """What somebody else answered to the same item a short while ago."""

    who: str
    at: datetime
    has_left: bool


@dataclass(frozen=True)
class Facts:
    """What is known of a message before it goes."""

    kind: str
    text: str
    now: datetime
    channel: str
    author_id: int | None = None
    author_name: str = ""
    may_answer: bool = False
    has_left: bool = False
    """Whether the author was switched off since: their words wait for somebody who takes them over."""
    approved: bool = False
    mentor: str = ""
    """Who has to approve it first, because the author learns; empty: nobody, or they did."""
    is_public: bool = False
    was_said_there: bool = True
    leaves: bool = True
    """Whether Earshot sends it; what is said by hand is not held."""
    place: str = ""
    to: str = ""
    subject: str = ""
    files: int = 0
    takes_files: bool = True
    longest: int = 0
    measure: Callable[[str], int] = len
    """How the other side counts the characters of `longest`."""
    is_erased: bool = False
    is_blocked: bool = False
    is_held: bool = False
    """Whether what they said is held apart as unwanted."""
    has_ended: bool = False
    """Whether the address is theirs no more."""
    has_withdrawn: bool = False
    """Whether the customer took back that this address is used for this."""
    has_agreed: bool = False
    preferred_channel: str = ""
    zones: tuple[str, ...] = ()
    """Where the customer may be; the company's zone where nobody knows."""
    quiet: tuple[time, time] | None = None
    """From when until when nobody is written to, by the clock on the customer's wall."""
    are_their_hours: bool = False
    """Whether the customer said so; else they are the company's quiet hours."""
    is_waiting: bool = False
    """Whether they wrote there a moment ago: who waits for an answer is awake."""
    send_at: datetime | None = None
    incident: Incident | None = None
    template: TemplateFacts | None = None
    is_template_given: bool = False
    recent: tuple[str, ...] = ()
    """What the author said lately to others, the newest first."""
    templates: tuple[tuple[str, str], ...] = ()
    """(name, text) of the templates there are."""
    other: OtherAnswer | None = None
    drafted: str = ""
    own_values: frozenset[str] = field(default_factory=frozenset)
    """Addresses and numbers of the company itself: they are no private data."""
    call_guard: str = ""
    """Why a call should not be made; empty: it should."""
    private_link: str = ""
    """A link for this customer alone, to be offered instead of asking in public; empty: there is none yet."""
