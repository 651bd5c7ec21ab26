"""What a way out is given and what it says became of it; how a kind of connection or mail sends the words of a person.

A transport sends one `Outgoing` and gives `Accepted`, or raises: `NotNowError` (tried again), `RefusedError` (never,
with the words of the other side), or any other error once the words may have left (then it is "perhaps sent").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bpm.feedback.connectors.connection import Connection
from bpm.foundation.errors import EarshotError


@dataclass(frozen=True)
class SentFile:
    """A file that goes along."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Answers:
    """What a message answers, as the channel names it; empty texts where the channel has no such thing."""

    remote_id: str = ""
    """Id of the message that is answered: Message-ID of a mail, id or uri of a post, id of a ticket's article."""
    thread_id: str = ""
    """Id of the talk it stands in: the first Message-ID, root uri, conversation or ticket."""
    references: tuple[str, ...] = ()
    """Ids of all before it, the oldest first: References of RFC 5322, 3.6.4."""
    author: str = ""
    """Account or address of who is answered, as the channel writes it."""


@dataclass(frozen=True)
class Outgoing:
    """One message to one place. `key` is the same at every try: where the other side knows such keys, it is given one.

    `public`: everybody can read it there. `from_name` is the author, a person, or the company for an automatic kind.
    """

    key: str
    kind: str
    """`conversation`, or one of the automatic kinds."""
    to: str
    """Address, account or ticket it goes to."""
    text: str
    subject: str = ""
    html: str = ""
    from_name: str = ""
    from_address: str = ""
    """Address of the identity that it is sent as, where the channel has such; empty: the connection's own."""
    copies: tuple[str, ...] = ()
    answers: Answers = field(default_factory=Answers)
    files: tuple[SentFile, ...] = ()
    public: bool = False
    language: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """The other side took it. `remote_id` is how answers to it and reports about it will name it.

    `delivered_at` is when the channel says that it arrived, where it tells that at once.
    """

    remote_id: str
    url: str = ""
    delivered_at: datetime | None = None


class NotNowError(EarshotError):
    """It was certainly not sent and may be tried again; `wait` is how long the other side wants to be left alone."""

    def __init__(self, message: str, *, remedy: str = "", wait: timedelta | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.wait = wait


class RefusedError(EarshotError):
    """It was certainly not sent and will never be like this: a person has to look."""


def with_name(outgoing: Outgoing) -> str:
    """The words of a person with their name below, for channels that show the company's account alone."""
    name = outgoing.from_name.strip()
    if outgoing.kind != "conversation" or not name or name in outgoing.text:
        return outgoing.text
    return f"{outgoing.text.rstrip()}\n– {name}"


Transport = Callable[[Connection, Outgoing], Accepted]
"""How a kind of connection sends."""
Search = Callable[[Connection, Outgoing], Accepted | None]
"""Looks over there whether an `Outgoing` that perhaps left is there; None: it is not."""


@dataclass(frozen=True)
class Receipt:
    """What became of a message later: `state` is delivered, temporary_failure or permanent_failure.

    `remote_id` names the message; it may come before our own record of the sending is written.
    """

    remote_id: str
    state: str
    at: datetime
    why: str = ""
    """In the words of the other side."""
    connector_id: int | None = None
    """The connection that heard of it: ids count within it. A mail is known by its id wherever the report came in."""


@dataclass(frozen=True)
class Said:
    """What is to be answered, as it was received; `record` is the raw one, empty where it is gone."""

    natural_key: str
    thread_key: str = ""
    subject: str = ""
    author_handle: str = ""
    emails: tuple[str, ...] = ()
    """Addresses of who said it, as far as they are known."""
    was_forwarded: bool = False
    """Whether a colleague handed it in, so that the record's sender is not who said it."""
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Target:
    """Where an answer to it goes: `Outgoing.to`, `answers`, `subject` and `public` before anybody changes them.

    `to` is empty where it is not known and has to be chosen.
    """

    to: str
    answers: Answers = field(default_factory=Answers)
    subject: str = ""
    public: bool = False
    shown: str = ""
    """The place in words, where `to` is but a number; empty: as `to`."""


@dataclass(frozen=True)
class WayOut:
    """How a kind of connection answers where something was said; `longest` is its limit in characters (0: none).

    The limit is for what a person writes: there is room left for what is added, a mention and the author's name.
    """

    send: Transport
    find: Search | None = None
    longest: int = 0
    public: bool = False
    """Whether what it sends can be read by everybody, unless said otherwise for one message."""
    answered: Callable[[Said], Target] = lambda said: Target("")
    """Reads where an answer goes from what was received."""
    takes_files: bool = False
    measure: Callable[[str], int] = len
    """How the other side counts the characters of `longest`."""
    shows_author: bool = False
    """Whether who gets it sees the author by itself; else `with_name` adds the name, which counts, too."""
