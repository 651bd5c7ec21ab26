"""Facts that the engine states; handlers run in the same transaction."""

from dataclasses import dataclass
from typing import Any

from bpm.foundation.events import Event


@dataclass(frozen=True)
class VersionDrafted(Event):
    """A version was made; by the end of the transaction it may be live already."""

    version_id: int


@dataclass(frozen=True)
class VersionSigned(Event):
    version_id: int
    department: str


@dataclass(frozen=True)
class SignatureWithdrawn(Event):
    version_id: int
    department: str


@dataclass(frozen=True)
class ChangesWanted(Event):
    """A department wants a draft changed before it signs."""

    version_id: int
    department: str


@dataclass(frozen=True)
class DraftReplaced(Event):
    """A newer draft took its place; whatever was signed lapsed."""

    version_id: int


@dataclass(frozen=True)
class VersionWentLive(Event):
    version_id: int
    key: str


@dataclass(frozen=True)
class ProcessRetired(Event):
    """Nothing of the process starts any more."""

    key: str


@dataclass(frozen=True)
class InstanceStarted(Event):
    instance_id: int
    key: str


@dataclass(frozen=True)
class InstanceEnded(Event):
    instance_id: int
    status: str
    key: str
    """Of the process that ran."""


@dataclass(frozen=True)
class WorkItemOpened(Event):
    item_id: int
    instance_id: int
    group_key: str | None
    assignee_id: int | None = None
    """The person that the model names."""
    element: str = ""


@dataclass(frozen=True)
class WorkItemAssigned(Event):
    """Somebody gave a work item to a person, or to a group (its key), with a note or without."""

    item_id: int
    user_id: int | None
    group: str | None = None
    note: str = ""


@dataclass(frozen=True)
class WorkItemCompleted(Event):
    item_id: int
    instance_id: int
    user_id: int | None
    element: str = ""


@dataclass(frozen=True)
class CommentWritten(Event):
    """Somebody wrote about a task; `mentioned` are the people named in it who may see the task."""

    item_id: int
    instance_id: int
    author_id: int
    mentioned: tuple[int, ...] = ()


@dataclass(frozen=True)
class AbsenceTurned(Event):
    """An absence was planned, changed, began or ended: both sides are told."""

    absence_id: int
    word: str
    """planned | began | ended | cancelled"""


@dataclass(frozen=True)
class MessageThrown(Event):
    """A process sent a message; whether an instance here took it is another matter."""

    instance_id: int
    event: str
    key: str | None
    payload: dict[str, Any]
    hops: int = 0
    """Messages and signals between processes that led here within this transaction."""


@dataclass(frozen=True)
class SignalThrown(Event):
    """A process sent a signal to all others."""

    instance_id: int
    event: str
    payload: dict[str, Any]
    hops: int = 0


@dataclass(frozen=True)
class FailureOpened(Event):
    failure_id: int


@dataclass(frozen=True)
class BatchEnded(Event):
    """All of a batch is done."""

    batch_id: int
