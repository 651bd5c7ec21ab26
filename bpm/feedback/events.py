"""Facts that the feedback room states."""

from dataclasses import dataclass
from datetime import datetime

from bpm.foundation.events import Event


@dataclass(frozen=True)
class ItemReceived(Event):
    """Something a customer said is kept: a new item, or a new version of one edited at its source."""

    item_id: int


@dataclass(frozen=True)
class FeedbackClassified(Event):
    """An item has a new current classification; `corrected` when a person overruled the machine."""

    item_id: int
    corrected: bool = False


@dataclass(frozen=True)
class ItemDecided(Event):
    """A person decided what becomes of an item."""

    item_id: int


@dataclass(frozen=True)
class ReplySent(Event):
    """A named person pressed send; whether it left says `ReplyLeft`."""

    item_id: int
    reply_id: int


@dataclass(frozen=True)
class ReplyLeft(Event):
    """What a named person answered left, or somebody said that it was said: the item is answered."""

    item_id: int
    reply_id: int


@dataclass(frozen=True)
class ItemDistributed(Event):
    """An item was handed to a group, a person or a process."""

    item_id: int
    distribution_id: int


@dataclass(frozen=True)
class ItemReturned(Event):
    """What was handed over came back with its result, or was taken back."""

    item_id: int
    distribution_id: int


@dataclass(frozen=True)
class SaidInPublic(Event):
    """New words of customers on public channels are known, with who said them; stated by a worker."""

    item_ids: tuple[int, ...]


@dataclass(frozen=True)
class ImportEnded(Event):
    """All of a file is taken in, or it cannot be read further."""

    run_id: int


@dataclass(frozen=True)
class DeliveryHeard(Event):
    """Another system says what became of a message of ours; the same may come more than once, and early.

    `state` is delivered, temporary_failure or permanent_failure; `connector_id` is None for mails.
    """

    remote_id: str
    state: str
    at: datetime
    why: str = ""
    connector_id: int | None = None


@dataclass(frozen=True)
class VoicesSet(Event):
    """The authors of these items speak as somebody else from now on, in what they said already, too."""

    item_ids: tuple[int, ...]
