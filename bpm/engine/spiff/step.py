"""The vocabulary of a run: commands go in, a Step comes out. Plain values only, no session, no SpiffWorkflow."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Variables = dict[str, Any]
Outcome = Literal["completed", "cancelled", "failed"]


@dataclass(frozen=True)
class StartPlace:
    """Where an instance begins, if not at its start: at the element, or on the flow that leads out of it."""

    element: str
    after: bool = False


@dataclass(frozen=True)
class Opened:
    """A visit of an element began. `uid` names the visit for the life of the instance (32 hex digits).

    Each round of a multi-instance or loop is a visit, the whole of them is none. What the normaliser added is none.
    """

    uid: str
    element: str
    name: str
    type: str
    """The BPMN element name: userTask, serviceTask, exclusiveGateway, subProcess, startEvent …"""
    parent: str | None = None
    """uid of the visit of the enclosing subprocess or call activity."""
    process: str = ""
    """Id of the process the element stands in (the called one inside a call activity)."""


@dataclass(frozen=True)
class Closed:
    """A visit ended. The Step that opened a visit may close it too.

    An armed boundary event or event subprocess start has a uid of its own for its timer or subscription but is no
    visit: it is closed without having been opened. When it triggers, the event's visit has a fresh uid.
    """

    uid: str
    outcome: Outcome


@dataclass(frozen=True)
class NewWorkItem:
    """A user or manual task now waits for people."""

    uid: str
    element: str
    name: str
    lane: str | None
    group: str | None
    """Candidate group as the model says (vendor attribute), else the lane's name; None: anybody of the process."""
    assignee: str | None
    form: str | None
    """Key of the form in the version's forms, or None for a form made from the declared variables."""
    variables: Variables
    due_in: str | None = None
    """ISO 8601 duration or instant from the model, if any."""
    follow_up_in: str | None = None
    """The same for the date at which people look at it again."""
    priority: int | None = None
    kind: Literal["userTask", "manualTask"] = "userTask"
    process: str = ""
    """Id of the process the element stands in (the called one inside a call activity)."""


@dataclass(frozen=True)
class NewJob:
    """Work for a worker: the engine never calls out itself."""

    uid: str
    element: str
    name: str
    kind: Literal["service", "script", "decision", "send"]
    topic: str
    payload: Variables
    """Variables the job may read; for kind script the source is under the reserved key `__script__`."""
    retries: int | None = None
    """How often it is tried, if the model says."""
    retry_in: str | None = None
    """What the model says of the waits in between: ISO 8601 durations separated by commas, the last one again."""


@dataclass(frozen=True)
class NewTimer:
    uid: str
    element: str
    name: str
    due_at: datetime
    """Next due instant, aware, UTC."""


@dataclass(frozen=True)
class NewSubscription:
    """Waits for a message or signal of that name, or for a condition to become true.

    `key` is the correlation value, None takes any. Of a condition `event` is the text; nothing is ever delivered to it.
    """

    uid: str
    element: str
    kind: Literal["message", "signal", "conditional"]
    event: str
    key: str | None = None


@dataclass(frozen=True)
class Thrown:
    """A message or signal that the step sent to the world outside the instance."""

    kind: Literal["message", "signal"]
    event: str
    key: str | None
    payload: Variables
    element: str


@dataclass(frozen=True)
class StepFailure:
    """Why the instance cannot go on at this element; everything before it stands."""

    uid: str
    element: str
    cause: Literal["expression", "budget", "no_flow", "uncaught_error", "engine"]
    message: str


@dataclass(frozen=True)
class Note:
    """What the history of the instance is to say of an element beside its visit: a condition that came to null."""

    element: str
    text: str


@dataclass(frozen=True)
class Fired:
    """The rules of a decision table that held at an element, by their numbers from one."""

    element: str
    decision: str
    rules: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """The pure result of advancing an instance: what opened, closed, waits; and the new state."""

    state: bytes
    variables: Variables
    status: Literal["active", "completed", "cancelled", "failed"]
    """failed: a visit failed and nothing else can go on before it is retried."""
    opened: tuple[Opened, ...] = ()
    closed: tuple[Closed, ...] = ()
    """In the order in which it happened; whatever waited under a closed uid waits no more."""
    work_items: tuple[NewWorkItem, ...] = ()
    jobs: tuple[NewJob, ...] = ()
    timers: tuple[NewTimer, ...] = ()
    """New or re-armed: the row of that uid is replaced. As with the other rows: only what is still open at the end."""
    subscriptions: tuple[NewSubscription, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    """A signal has already been caught inside the instance; a message has not."""
    failures: tuple[StepFailure, ...] = ()
    notes: tuple[Note, ...] = ()
    fired: tuple[Fired, ...] = ()


# Commands: what may happen to an instance from outside.


@dataclass(frozen=True)
class Complete:
    """A person completed the user task `uid` with these variables."""

    uid: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True)
class JobDone:
    """The job is done: `variables` are what it set, `deleted` names what a script removed."""

    uid: str
    variables: Variables = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class JobError:
    """The job ended in a BPMN error or escalation that the model may catch."""

    uid: str
    code: str
    message: str = ""
    escalation: bool = False
    variables: Variables = field(default_factory=dict)
    """What the error brings for whoever catches it."""


@dataclass(frozen=True)
class FireTimers:
    """Run every timer of the instance that is due at `now`."""


@dataclass(frozen=True)
class Deliver:
    """A message or signal reaches the waiting visit `uid`."""

    uid: str
    payload: Variables = field(default_factory=dict)


@dataclass(frozen=True)
class SetVariables:
    variables: Variables


@dataclass(frozen=True)
class Retry:
    """Try the failed visit `uid` again."""

    uid: str


@dataclass(frozen=True)
class Skip:
    """Pass the failed or waiting visit `uid` over: it counts as completed, without its results."""

    uid: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """Cancel the visit `uid` and begin at the element `to` (as drawn) of a scope that is open around it."""

    uid: str
    to: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """Do nothing but say how the instance stands."""


@dataclass(frozen=True)
class Cancel:
    """End everything that is open."""


Command = Complete | JobDone | JobError | FireTimers | Deliver | SetVariables | Retry | Skip | Move | Look | Cancel
