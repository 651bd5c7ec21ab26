"""What a token remembers: typed words over the JSON that is stored with it, which is that of release 0.1."""

from operator import methodcaller
from typing import Any, Literal, TypedDict

from SpiffWorkflow.task import Task

Role = Literal["boundary", "start", "part"]
"""What an armed task is: a boundary event, the start of an event subprocess, or one of several events waited for."""
Stage = Literal["finish", "stuck", "go on"]
"""From where a failed visit is taken up again; unsaid: from its beginning."""

WaitKind = Literal[
    "person", "job", "timer", "message", "signal", "conditional", "error", "escalation", "cancel", "compensate"
]  # fmt: skip


class Wait(TypedDict, total=False):
    """What a token waits for; `kind` is always said, the rest as the kind needs it."""

    kind: WaitKind
    event: str
    """Name of a message or signal."""
    inside: bool
    """A signal that only this instance throws."""
    key: str
    due: str
    """The instant of a timer, as text; it and the next three are its `schedules.Schedule`."""
    every: str | None
    left: int
    until: str
    text: str
    """The condition."""
    watched: list[str]
    changes: list[str]
    repeats: bool
    """Whether the event happens at every change while the condition holds."""
    held: bool
    """Whether the condition held when it was last judged."""
    code: str | None
    codeVariable: str
    messageVariable: str


class Rounds(TypedDict, total=False):
    """The count of a multi-instance or loop; `total`, `begun` and `ended` are always said."""

    total: int
    begun: int
    ended: int
    items: list[Any] | None
    results: dict[str, Any]
    """Number of the round, as text -> its output."""
    last: dict[str, Any]
    """Variables of the round that has just ended."""


class Done(TypedDict, total=False):
    """A completed activity that can be undone; `began` and `ended` are ticks of the instance's clockwork."""

    process: str
    element: str
    began: int
    ended: int
    nested: "list[Done]"
    data: dict[str, Any]
    handler: str | None
    """What undoes it, once that is decided."""


class Span(TypedDict):
    """When an activity began and ended that is being undone."""

    began: int
    ended: int


class Undo(TypedDict):
    """Compensation under way: what is left, and what runs by the uid of its handler's token."""

    left: list[Done]
    going: dict[str, Span]


class Fired(TypedDict):
    """A complex gateway that has fired and waits to start anew; `flows` are those whose tokens it took."""

    process: str
    flows: list[str]


def _word(key: str) -> Any:
    """One thing a token may remember: None when it does not; set to None, it is forgotten.

    It is asked for in every loop over tokens, so what reads it is C.
    """

    def keep(state: "TokenState", value: object) -> None:
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value

    return property(methodcaller("get", key), keep)


class TokenState(dict[str, Any]):
    """All that a token remembers beside its variables. It is its own stored form."""

    # Where it came from
    via: str | None = _word("via")
    """The flow by which it came."""
    came: str | None = _word("came")
    """The start event, or the event behind a gateway, that has come and begun this."""
    start: str | None = _word("start")
    """The start event at which a triggered event subprocess begins."""
    starts: list[str] | None = _word("starts")
    """The start events at which the process began."""
    payload: dict[str, Any] | None = _word("payload")
    """What the event brought, until its start event takes it."""
    first: bool | None = _word("first")
    """It runs before everything else that is ready."""
    race: str | None = _word("race")
    """Which event-based gateway it waits behind, with its rivals."""

    # How far it is
    open: bool | None = _word("open")
    """Its visit has begun and has not ended."""
    began: int | None = _word("began")
    stage: Stage | None = _word("stage")
    failed: str | None = _word("failed")
    """Why it failed."""
    skipped: bool | None = _word("skipped")
    phase: Literal["start", "reset"] | None = _word("phase")
    """Which of its two phases a complex gateway is in."""
    script: Literal["before", "after"] | None = _word("script")
    """The script around the activity that a worker has now."""
    before_done: bool | None = _word("beforeDone")
    after_done: bool | None = _word("afterDone")

    # What it waits for
    wait: Wait | None = _word("wait")
    armed: Role | None = _word("armed")
    part: int | None = _word("part")
    """Which of its element's events it waits for."""

    # Variables
    border: bool | None = _word("border")
    """Variables outside are not seen from here on."""
    own: list[str] | None = _word("own")
    """Variables of a called round that do not come back as results."""
    mapped: dict[str, list[Any]] | None = _word("mapped")
    """Variable -> [what it held before its input mapping], or [] where there was none."""

    # Rounds
    round: int | None = _word("round")
    """Its number, from 0 on, in a multi-instance or loop."""
    rounds: Rounds | None = _word("rounds")

    # What its scope has seen
    done: list[Done] | None = _word("done")
    undo: Undo | None = _word("undo")
    undoes: bool | None = _word("undoes")
    """It is a handler that undoes something."""
    fired: dict[str, Fired] | None = _word("fired")
    jobs: dict[str, int] | None = _word("jobs")
    """How many jobs of an element followed each other without anything from outside."""

    @property
    def waiting(self) -> Wait:
        """What it waits for, where it does; KeyError where it does not."""
        return self["wait"]  # type: ignore[no-any-return]  # the library has no types

    @property
    def role(self) -> Role:
        """What an armed token is; KeyError for one that is not armed."""
        return self["armed"]  # type: ignore[no-any-return]  # the library has no types

    @property
    def plan(self) -> Rounds:
        """The rounds of what has rounds; KeyError for what has none."""
        return self["rounds"]  # type: ignore[no-any-return]  # the library has no types

    @property
    def undoing(self) -> Undo:
        """The compensation of what is undoing; KeyError for what is not."""
        return self["undo"]  # type: ignore[no-any-return]  # the library has no types

    @property
    def way(self) -> str:
        """The flow by which a token at a gateway came; KeyError for one that came by none."""
        return self["via"]  # type: ignore[no-any-return]  # the library has no types

    def waits_for(self, *kinds: str) -> bool:
        """Whether it waits for something of one of these kinds."""
        return "wait" in self and self["wait"]["kind"] in kinds

    def remember(self, *done: Done) -> None:
        """Note completed activities, in their order."""
        self.setdefault("done", []).extend(done)

    @property
    def gateways_fired(self) -> dict[str, Fired]:
        """The complex gateways that have fired in a scope, by element; KeyError where none has."""
        return self["fired"]  # type: ignore[no-any-return]  # the library has no types

    def note_fired(self, gateway: str, fired: Fired) -> None:
        """Note that a complex gateway of this scope has fired."""
        self.setdefault("fired", {})[gateway] = fired

    def counted_jobs(self) -> dict[str, int]:
        """The count of jobs, to be counted on."""
        return self.setdefault("jobs", {})  # type: ignore[no-any-return]  # the library has no types

    def take_start(self) -> str | None:
        """The start event to begin at, which is asked for once."""
        start, self.start = self.start, None
        return start

    def script_done(self, stage: Literal["before", "after"]) -> bool:
        """Whether the script of that stage has run."""
        return bool(self.before_done if stage == "before" else self.after_done)

    def note_script(self, stage: Literal["before", "after"]) -> None:
        """Note that the script of that stage has run."""
        if stage == "before":
            self.before_done = True
        else:
            self.after_done = True


class Begun(TypedDict, total=False):
    """What a token may be given to remember when it is placed; the words of `TokenState`."""

    came: str
    race: str
    start: str
    first: bool
    payload: dict[str, Any]
    phase: Literal["start", "reset"]
    undoes: bool


class Token(Task):  # type: ignore[misc]  # the library has no types
    """A task of the library, with what we remember of it."""

    internal_data: TokenState
    parent: "Token"
    """The scope that it stands in; None for the process itself."""
    children: "list[Token]"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.internal_data = TokenState()
