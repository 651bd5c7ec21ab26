"""Event definitions: what an element waits for or throws (BPMN 2.0.2, 10.5.5).

Typed while they are used; stored as the plain values that release 0.1 wrote, so that the same model has the same hash.
Texts that are said to be worked out are expressions of the file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from bpm.engine.expressions.times.schedules import TimerKind


class EventKind(StrEnum):
    """What an event is about."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    COMPENSATE = "compensate"
    TERMINATE = "terminate"
    CANCEL = "cancel"
    LINK = "link"


NamedKind = Literal[EventKind.MESSAGE, EventKind.SIGNAL]
CodedKind = Literal[EventKind.ERROR, EventKind.ESCALATION]


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """A message or signal by its name."""

    kind: NamedKind
    event: str
    """The name as written."""
    name_expression: str | None = None
    """What the name is worked out from when it is thrown or waited for."""
    inside: bool = False
    """Whether it stays in the instance (a signal of that scope)."""
    key: str | None = None
    """What the correlation key is worked out from."""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "NamedEvent":
        """The event of its stored form."""
        kind: NamedKind
        kind = EventKind.MESSAGE if plain["kind"] == EventKind.MESSAGE else EventKind.SIGNAL
        return cls(
            kind, plain["event"], plain.get("nameExpression"), inside=bool(plain.get("inside")), key=plain.get("key")
        )

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        plain: dict[str, Any] = {"kind": self.kind.value, "event": self.event}
        plain |= {"nameExpression": self.name_expression} if self.name_expression else {}
        plain |= {"inside": True} if self.inside else {}
        return plain | ({"key": self.key} if self.key else {})


@dataclass(frozen=True, slots=True)
class TimerEvent:
    """A date, a duration or a cycle."""

    which: TimerKind
    text: str = ""
    expression: str | None = None
    """What the text is worked out from when the timer is armed."""
    until: str | None = None
    """What the end of a cycle is worked out from, where a vendor says it beside the cycle."""
    kind: Literal[EventKind.TIMER] = EventKind.TIMER

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "TimerEvent":
        """The event of its stored form."""
        return cls(TimerKind(plain["which"]), plain.get("text") or "", plain.get("expression"), plain.get("until"))

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        plain = {"kind": self.kind.value, "which": self.which.value, "text": self.text, "expression": self.expression}
        return plain | ({"until": self.until} if self.until else {})


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """An error or escalation by its code: what is thrown has one, what catches without one takes any."""

    kind: CodedKind
    code: str | None = None
    name: str | None = None
    """The name of the error or escalation that is referred to; None where the reference leads to none."""
    code_expression: str | None = None
    """What the code is worked out from when it is thrown or watched for."""
    message: str | None = None
    """What the message of a thrown error is worked out from."""
    code_variable: str | None = None
    """Which variable takes the code that was caught."""
    message_variable: str | None = None

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "CodedEvent":
        """The event of its stored form."""
        kind: CodedKind
        kind = EventKind.ERROR if plain["kind"] == EventKind.ERROR else EventKind.ESCALATION
        words = ("code", "name", "codeExpression", "message", "codeVariable", "messageVariable")
        return cls(kind, *(plain.get(word) for word in words))

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        plain: dict[str, Any] = {"kind": self.kind.value, "code": self.code}
        plain |= {"name": self.name} if self.name is not None else {}
        said = {
            "codeExpression": self.code_expression,
            "message": self.message,
            "codeVariable": self.code_variable,
            "messageVariable": self.message_variable,
        }
        return plain | {word: text for word, text in said.items() if text}


@dataclass(frozen=True, slots=True)
class ConditionalEvent:
    """A condition, and which changes of which variables it looks at (see `watched_changes`)."""

    text: str
    watched: tuple[str, ...] | None = None
    """Variables; None: the model does not say."""
    changes: tuple[str, ...] | None = None
    """create, update, delete; None: the model does not say."""
    repeats: bool = False
    """Whether it happens at every such change while the condition holds, not only when it becomes true."""
    kind: Literal[EventKind.CONDITIONAL] = EventKind.CONDITIONAL

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "ConditionalEvent":
        """The event of its stored form."""
        watched, changes = (tuple(plain[word]) if word in plain else None for word in ("watched", "changes"))
        return cls(plain["text"], watched, changes, repeats=bool(plain.get("repeats")))

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        plain: dict[str, Any] = {"kind": self.kind.value, "text": self.text}
        plain |= {"watched": list(self.watched)} if self.watched is not None else {}
        plain |= {"changes": list(self.changes)} if self.changes is not None else {}
        return plain | ({"repeats": True} if self.repeats else {})


@dataclass(frozen=True, slots=True)
class CompensateEvent:
    """Undo what was completed in the scope, or one activity of it."""

    activity: str | None = None
    kind: Literal[EventKind.COMPENSATE] = EventKind.COMPENSATE

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "CompensateEvent":
        """The event of its stored form."""
        return cls(plain.get("activity"))

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        return {"kind": self.kind.value, "activity": self.activity}


@dataclass(frozen=True, slots=True)
class TerminateEvent:
    """End the scope; in Flowable's dialect also the whole instance ("all") or all rounds around it ("rounds")."""

    what: Literal["all", "rounds"] | None = None
    kind: Literal[EventKind.TERMINATE] = EventKind.TERMINATE

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "TerminateEvent":
        """The event of its stored form."""
        return cls(plain.get("what"))

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        return {"kind": self.kind.value, **({"what": self.what} if self.what else {})}


@dataclass(frozen=True, slots=True)
class PlainEvent:
    """An event about which there is nothing more to say: cancel, link, or one that no standard knows."""

    kind: str

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "PlainEvent":
        """The event of its stored form."""
        return cls(str(plain["kind"]))

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        return {"kind": str(self.kind)}


EventDefinition = (
    NamedEvent | TimerEvent | CodedEvent | ConditionalEvent | CompensateEvent | TerminateEvent | PlainEvent
)

_READERS: Mapping[str, Callable[[Mapping[str, Any]], EventDefinition]] = {
    EventKind.MESSAGE: NamedEvent.from_plain,
    EventKind.SIGNAL: NamedEvent.from_plain,
    EventKind.TIMER: TimerEvent.from_plain,
    EventKind.ERROR: CodedEvent.from_plain,
    EventKind.ESCALATION: CodedEvent.from_plain,
    EventKind.CONDITIONAL: ConditionalEvent.from_plain,
    EventKind.COMPENSATE: CompensateEvent.from_plain,
    EventKind.TERMINATE: TerminateEvent.from_plain,
}


def from_plain(plain: Mapping[str, Any]) -> EventDefinition:
    """The event definition of its stored form; what a later release says beside it is left out."""
    return _READERS.get(plain["kind"], PlainEvent.from_plain)(plain)
