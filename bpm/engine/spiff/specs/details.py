"""What the model says about one element beyond its place in the flow: settings, mappings, rounds, marks.

Typed while it is used; stored as the plain values that release 0.1 wrote, so that the same model has the same hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from bpm.engine.spiff.specs import event_definitions
from bpm.engine.spiff.specs.event_definitions import EventDefinition

RoundKind = Literal["standard", "parallel", "sequential"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as text, or as an expression that is worked out when it is asked for."""

    what: str
    """Its name, as people read it in messages."""
    text: str | None = None
    expression: str | None = None

    @property
    def said(self) -> bool:
        """Whether the model says anything about it."""
        return self.text is not None or self.expression is not None


@dataclass(frozen=True, slots=True)
class Item:
    """One mapping into or out of an element: where a value goes, and either its expression or what it came as."""

    name: str
    """The variable."""
    expression: str | None = None
    came: str | None = None
    """The name under which the value came."""
    whole: bool = False
    """Whether all that came is meant where nothing has that name."""
    at: tuple[str, ...] = ()
    """The way to the entry inside the variable."""
    late: bool = False
    """Whether it is worked out behind the script before the activity (Spiff's service operators)."""
    aside: bool = False
    """Whether it sees none of the others of its kind: what a call hands over and takes back."""
    local: bool = False
    """Whether a call keeps it to itself: the called process does not get it."""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Item":
        """The mapping of its stored form."""
        return cls(**{**plain, "at": tuple(plain.get("at", ()))})

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        plain: dict[str, Any] = {"name": self.name}
        plain |= {"came": self.came} if self.came else {"expression": self.expression}
        plain |= {"whole": True} if self.whole else {}
        plain |= {"late": True} if self.late else {}
        plain |= {"aside": True} if self.aside else {}
        plain |= {"local": True} if self.local else {}
        return plain | ({"at": list(self.at)} if self.at else {})


@dataclass(frozen=True, slots=True)
class RoundEvent:
    """An event that rounds throw by themselves: after each (None), after the "first", or as a condition says."""

    when: str | None
    event: EventDefinition

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "RoundEvent":
        """The event of its stored form."""
        return cls(plain["when"], event_definitions.from_plain(plain["event"]))

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        return {"when": self.when, "event": self.event.to_plain()}


@dataclass(frozen=True, slots=True)
class Loop:
    """The marker of an activity that repeats (BPMN 2.0.2, 10.3.8); texts are expressions."""

    kind: RoundKind
    maximum: str | None = None
    condition: str | None = None
    test_before: bool = False
    cardinality: str | None = None
    until: str | None = None
    collection: str | None = None
    element_variable: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    index_variable: str | None = None
    output_variable: str | None = None
    counters: str | None = None
    """Whose names and numbers the counters have: "zeebe", else the standard's."""
    throws: tuple[RoundEvent, ...] = ()

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Loop":
        """The marker of its stored form."""
        said = {("condition" if key == "while" else _snake(key)): value for key, value in plain.items()}
        throws = tuple(map(RoundEvent.from_plain, plain.get("throws", ())))
        return cls(**{**said, "throws": throws})

    def to_plain(self) -> dict[str, Any]:
        """The stored form."""
        if self.kind == "standard":
            return {
                "kind": self.kind, "maximum": self.maximum, "while": self.condition, "testBefore": self.test_before
            }  # fmt: skip
        always = ("kind", "cardinality", "until", *_ROUND_TEXTS)
        plain = {_camel(name): getattr(self, name) for name in always}
        plain |= {_camel(name): said for name in _ROUND_NAMES if (said := getattr(self, name))}
        throws = [each.to_plain() for each in self.throws]
        return plain | ({"throws": throws} if throws else {})


_ROUND_TEXTS = ("collection", "element_variable", "output_collection", "output_element")
_ROUND_NAMES = ("index_variable", "output_variable", "counters")


@dataclass(frozen=True, slots=True)
class Details:
    """All that is said about an element of whatever kind; what its kind cannot have is left at its default."""

    # Settings of work items, jobs, decisions and calls
    topic: Setting = Setting("topic")
    retries: Setting = Setting("retries")
    retry_in: str | None = None
    group: Setting = Setting("group")
    assignee: Setting = Setting("assignee")
    form: Setting = Setting("form")
    due: Setting = Setting("due")
    follow_up: Setting = Setting("follow_up")
    priority: Setting = Setting("priority")
    name: Setting = Setting("name")
    """Only as an expression; the name as written is the model's."""
    decision: Setting = Setting("decision")
    called: Setting = Setting("called")
    initiator: str | None = None
    """The variable that takes the name of who starts the instance."""

    # What is done, and what comes of it
    script: str | None = None
    before: str | None = None
    after: str | None = None
    value_expression: str | None = None
    rules: Mapping[str, Any] | None = None
    """Decision id -> decision as plain values."""
    result_variable: str | None = None
    map_result: str = ""
    needs_hit: str | None = None

    # Variables
    inputs: tuple[Item, ...] = ()
    outputs: tuple[Item, ...] = ()
    pass_all: bool | None = None
    """Whether all variables go in; None: the model does not say."""
    pass_own: bool = False
    """Whether of all variables only the element's own go in (Camunda 7's `local`)."""
    return_all: bool | None = None
    keeps: bool = False
    """What comes to it stays in it; only its mappings hand out."""
    carries: bool = False
    result_here: bool = False
    first: Mapping[str, Any] = field(default_factory=dict)
    """{variable: value} with which the scope begins."""

    # How tokens go through
    loop: Loop | None = None
    start_quantity: int | None = None
    completion_quantity: int | None = None
    activation: str = ""
    parallel: bool = False
    instantiate: bool = False
    passed: bool = False

    # Events and what watches over what
    attached: str | None = None
    """The activity that a boundary event stands at."""
    handler: str | None = None
    interrupting: bool = True
    parallel_multiple: bool = False
    triggered: bool = False
    undo_together: bool = False

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Details":
        """The details of their stored form."""
        said = {name: value for key, value in plain.items() if (name := _snake(key)) in _NAMES}
        said |= {what: Setting(what, plain.get(what), plain.get(f"{what}Expression")) for what in _SETTINGS}
        said |= {name: tuple(map(Item.from_plain, plain.get(name, ()))) for name in ("inputs", "outputs")}
        if "loop" in plain:
            said["loop"] = Loop.from_plain(plain["loop"])
        return cls(**said)

    def to_plain(self, kind: str) -> dict[str, Any]:
        """The stored form for an element of that kind: what is said, and what its kind always says."""
        always = _ALWAYS.get(kind, ())
        return {key: value for key, value in self.spelt_out().items() if key in always or value != _UNSAID[key]}

    def spelt_out(self) -> dict[str, Any]:
        """The stored form with all that it can say."""
        found: dict[str, Any] = {}
        for name in _NAMES:
            value = getattr(self, name)
            if isinstance(value, Setting):
                found |= {name: value.text, f"{name}Expression": value.expression}
            else:
                found[_camel(name)] = value
        found["inputs"] = [item.to_plain() for item in self.inputs]
        found["outputs"] = [item.to_plain() for item in self.outputs]
        found["loop"] = self.loop.to_plain() if self.loop else None
        return found

    def script_around(self, stage: Literal["before", "after"]) -> str | None:
        """The script that runs before or after the activity."""
        return self.before if stage == "before" else self.after


_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "callActivity": ("called", "calledExpression"),
    "complexGateway": ("activation",),
    "boundaryEvent": ("attached", "interrupting", "handler"),
    "startEvent": ("interrupting",),
}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _snake(key: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


_NAMES = tuple(each.name for each in fields(Details))
_SETTINGS = tuple(name for name in _NAMES if isinstance(getattr(Details(), name), Setting))
_UNSAID = Details().spelt_out()
