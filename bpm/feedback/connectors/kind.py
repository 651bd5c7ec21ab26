"""What a kind of connection is: what it can do, what people fill in for it, and how it fetches what is new."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.sending import WayOut
from bpm.foundation.errors import EarshotError


class Ability(StrEnum):
    """What a connection can do."""

    INGEST = "ingest"
    """It brings items."""
    THREAD = "thread"
    """It tells what answers what."""
    IDENTITY = "identity"
    """It tells people apart."""
    REPLY = "reply"
    """It can answer where it was said."""
    DELIVERY = "delivery"
    """It hears what became of an answer."""


@dataclass(frozen=True)
class Asked:
    """One value that a person fills in; a secret one is sealed and never shown again."""

    name: str
    label: str
    kind: str = "text"
    """text | url | email | number | password | area | select | check"""
    help: str = ""
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    default: str = ""

    @property
    def is_secret(self) -> bool:
        return self.kind == "password"


@dataclass(frozen=True)
class Fetched:
    """What one poll brought: bytes in a format of `bpm.feedback.channels`, and the cursor behind them.

    `more`: there is more at once. `own`: names of the company's own account, beside those that people named.
    `secrets`: those that were renewed over there. `warnings`: number of a record, from 1, and what of it was not
    fetched.
    """

    cursor: Mapping[str, Any]
    content: bytes = b""
    format: str = "json"
    more: bool = False
    own: tuple[str, ...] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    warnings: Mapping[int, str] = field(default_factory=dict)


class PollRefusedError(EarshotError):
    """The other side does not give what was asked for; `wait` is how long it wants to be left alone."""

    def __init__(self, message: str, *, remedy: str = "", place: str = "", wait: timedelta | None = None) -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.wait = wait


Proof = Callable[[Mapping[str, str], bytes, str, datetime], None]
"""Takes (headers with names in lower case, body, secret, now); ForbiddenError unless they fit together."""
SIGNED_BY = "hook_secret"
"""Name of the value with which such a system signs its calls."""


@dataclass(frozen=True)
class Kind:
    """One kind of connection. `check` raises InvalidInputError with `fields` for settings that do not fit."""

    name: str
    label: str
    about: str
    channel: str
    abilities: frozenset[Ability]
    asked: tuple[Asked, ...]
    fetch: Callable[[Connection], Fetched]
    check: Callable[[Mapping[str, str]], None] = lambda settings: None
    way_out: WayOut | None = None
    """How it answers; a kind with the ability to reply has one."""
    proof: Proof | None = None
    """How another system that calls us by itself proves who it is; None: this kind is not called."""
    renewed: tuple[str, ...] = ()
    """Names of secrets that it keeps by itself, as `Fetched.secrets` renews them."""

    @property
    def secret_names(self) -> tuple[str, ...]:
        """Of all that is sealed for a connection of it."""
        return (*(each.name for each in self.asked if each.is_secret), *self.renewed)
