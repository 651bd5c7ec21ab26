"""What the executable XML says about one element of a process, in plain values that can be stored."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bpm.engine.spiff.specs import event_definitions
from bpm.engine.spiff.specs.details import Details
from bpm.engine.spiff.specs.event_definitions import EventDefinition, EventKind

PROCESS = "<process>"
"""Name of the spec that is a process as a scope; no XML id can be equal to it."""


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is text of our expression language or None."""

    id: str
    source: str
    target: str
    condition: str | None = None


@dataclass(frozen=True)
class Model:
    """What the executable XML says about one element; plain values only, so that it can be stored."""

    id: str
    kind: str
    """The BPMN element name."""
    name: str = ""
    shown_as: str = ""
    """Id as drawn, if the normaliser had to rename the element."""
    synthetic: bool = False
    """Made by the normaliser: runs, but is no visit."""
    scope: str = PROCESS
    """Id of the enclosing subprocess."""
    lane: str | None = None
    incoming: tuple[str, ...] = ()
    flows: tuple[Flow, ...] = ()
    default: str | None = None
    events: tuple[EventDefinition, ...] = ()
    details: Details = field(default_factory=Details)

    def is_about(self, kind: EventKind) -> bool:
        """Whether one of its events is of that kind."""
        return any(event.kind == kind for event in self.events)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Model":
        """The model of its stored form."""
        said = {
            **plain,
            "incoming": tuple(plain["incoming"]),
            "flows": tuple(Flow(**flow) for flow in plain["flows"]),
            "events": tuple(map(event_definitions.from_plain, plain["events"])),
            "details": Details.from_plain(plain["details"]),
        }
        return cls(**said)

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        events = [event.to_plain() for event in self.events]
        return {**asdict(self), "events": events, "details": self.details.to_plain(self.kind)}
