"""What an upload becomes: a Prepared model, ready to be stored as a ProcessVersion and run."""

from dataclasses import dataclass, field
from typing import Any

from bpm.engine.findings import Finding
from bpm.engine.rules.call_guards import GuardMark
from bpm.engine.status import SubscriptionKind


@dataclass(frozen=True)
class Fact:
    """A variable that a task needs to know before work on it starts."""

    name: str
    label: str
    """The name in words."""
    read_by: str
    """The place that reads it, in words."""


@dataclass(frozen=True)
class Element:
    """One element of the drawn model, for screens, measures and findings."""

    id: str
    name: str
    type: str
    lane: str | None
    process: str
    line: int
    documentation: str = ""
    expressions: tuple[tuple[str, str, str], ...] = ()
    """(what, as written, as executed)"""
    facts: tuple[Fact, ...] = ()
    """What a person needs to know there."""
    guards: tuple[GuardMark, ...] = ()
    """What can speak against the contact that the task makes."""


@dataclass(frozen=True)
class StartSubscription:
    """A message, signal or timer that starts a new instance of `process` at `element`."""

    process: str
    element: str
    kind: SubscriptionKind
    """Message, signal or timer; a condition starts nothing."""
    event: str
    """Message or signal name; for a timer the expression."""


@dataclass(frozen=True)
class Process:
    """One process of the file."""

    id: str
    name: str
    lanes: tuple[str, ...]
    calls: tuple[str, ...]
    """Process ids it calls that are not in the file."""
    plain_start: bool
    """Whether it can be started without an event."""
    starts: tuple[StartSubscription, ...] = ()
    offered: bool = True
    """Whether it starts by its id and by its events; False for a drawing that is there to be called."""


@dataclass(frozen=True)
class Prepared:
    """A checked upload. `executable` is the normalised XML that the engine parses; the source stays as it is."""

    source: bytes
    file_name: str
    findings: tuple[Finding, ...]
    executable: bytes = b""
    processes: tuple[Process, ...] = ()
    primary: str = ""
    """Id of the process that the file is about, see `summary.primary`."""
    elements: tuple[Element, ...] = ()
    messages: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """Topics of the jobs it will create."""
    compiled: "Compiled | None" = None
    extra: dict[str, Any] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    """{file name: text} of the DMN files that came with it."""

    @property
    def deployable(self) -> bool:
        return self.compiled is not None and not any(f.severity == "error" for f in self.findings)

    @property
    def offered(self) -> frozenset[str]:
        """Ids of the processes that the file lets be started."""
        return frozenset(each.id for each in self.processes if each.offered)


@dataclass(frozen=True)
class Compiled:
    """The specs an instance needs, by content hash: stored once, cached in process, shared by all instances."""

    primary: str
    """Process id started."""
    specs: dict[str, str]
    """Process id (called and embedded ones too) -> spec hash."""
    blobs: dict[str, bytes] = field(default_factory=dict, compare=False)
    """Spec hash -> serialised spec."""
