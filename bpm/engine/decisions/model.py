"""Decisions as plain frozen values: what a DMN file says and what runs, ready to be stored as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bpm.engine.decisions.released import read_again
from bpm.engine.expressions.feel.tree import Type

HitPolicy = Literal["UNIQUE", "FIRST", "ANY", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]
COLLECTING = frozenset({"OUTPUT ORDER", "RULE ORDER", "COLLECT"})


Form = Literal["", "expression", "tests"]


@dataclass(frozen=True)
class Cell:
    """One expression: as written, and what runs; None runs as "always" (`-`) or null."""

    text: str
    runs: str | None = None
    """FEEL where `form` says so, else a text that says its language (`bpm.engine.expressions.tagged`)."""
    line: int = 0
    form: Form = ""
    """`expression` or `tests` of FEEL; "" for other languages."""
    names: tuple[str, ...] = ()
    """Declared names without which the text would be cut otherwise."""


@dataclass(frozen=True)
class Input:
    """A column that the rules test."""

    label: str
    expression: Cell
    type: str = ""
    variable: str = ""
    """Name under which the cells know the value, beside `?`."""
    allowed: tuple[Any, ...] = ()
    """The values that the file says it may have; none where it says nothing, or a range."""
    limits: Cell | None = None
    """The unary tests that the file says its value passes, a range or a list; None where it says nothing."""


@dataclass(frozen=True)
class Output:
    """A column that the rules answer; `order` lists its values, the most important first."""

    name: str
    label: str = ""
    type: str = ""
    order: tuple[Any, ...] = ()
    default: Cell | None = None


@dataclass(frozen=True)
class Rule:
    tests: tuple[Cell, ...]
    answers: tuple[Cell, ...]
    annotation: str = ""
    line: int = 0


@dataclass(frozen=True)
class Table:
    """A decision table; rules are counted from 1 in every message."""

    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    aggregation: Aggregation | None = None


BoxKind = Literal[
    "literal", "table", "context", "invocation", "relation", "list", "function", "conditional", "filter", "for", "some",
    "every",
]  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A boxed expression (OMG DMN 1.5 §10.2.2 and §7.3); `parts` are the boxes inside it, in the order of the drawing.

    An invocation's first part is the function; a conditional's are test, then and else; a filter's the list and the
    condition; those of `for`, `some` and `every` the list and the result or test.
    """

    kind: BoxKind
    name: str = ""
    """Of a context's entry (none: its result), of a bound parameter, or of what is counted through."""
    type: str = ""
    cell: Cell | None = None
    table: Table | None = None
    parts: tuple["Box", ...] = ()
    names: tuple[str, ...] = ()
    """The columns of a relation, or the parameters of a function."""
    types: tuple[str, ...] = ()
    """The types of the parameters, "" where unsaid."""
    line: int = 0


@dataclass(frozen=True)
class Knowledge:
    """A function that decisions call by name: a business knowledge model, or a decision service."""

    name: str
    parameters: tuple[str, ...]
    types: tuple[str, ...] = ()
    type: str = ""
    """What it answers with, "" where unsaid."""
    body: Box | None = None
    outputs: tuple[str, ...] = ()
    """Ids of the decisions that a service answers with."""
    decisions: tuple["Decision", ...] = ()
    """All that a service decides by itself."""
    path: tuple[str, ...] = ()
    """The names of the imports by which it is reached; none for one of the same file."""
    item_types: tuple[tuple[str, Type], ...] = ()
    """The types of its file, of one that is imported."""


@dataclass(frozen=True)
class Decision:
    """One decision: a table, a literal expression, or another boxed expression."""

    id: str
    name: str
    variable: str
    """Name that other decisions use for its result."""
    type: str = ""
    requires: tuple[str, ...] = ()
    """Ids of the decisions it needs, decided before."""
    inputs: tuple[tuple[str, str], ...] = ()
    """(name, type) of the input data it needs: texts of variables are read as that type."""
    table: Table | None = None
    literal: Cell | None = None
    question: str = ""
    line: int = 0
    box: Box | None = None
    knowledge: tuple[Knowledge, ...] = ()
    """The functions that it calls, and those that they call."""
    item_types: tuple[tuple[str, Type], ...] = ()
    """The types of its file that are no simple ones, by name."""
    imported: tuple[tuple[str, str], ...] = ()
    """(id, name of the import) of the required decisions of other files: known as entries of that name."""
    imported_inputs: tuple[tuple[str, str, str], ...] = ()
    """(name of the import, name, type) of the input data of other files."""
    imports: tuple[str, ...] = ()
    """The names of the imports of its file."""
    file: str = field(default="", compare=False)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of what it answers; a literal answers under the name of its variable."""
        return tuple(output.name for output in self.table.outputs) if self.table else (self.variable,)

    @property
    def collects(self) -> bool:
        """Whether it answers with a list of rows."""
        return self.table is not None and self.table.hit_policy in COLLECTING and self.table.aggregation is None


@dataclass(frozen=True)
class Outcome:
    """What a decision came to."""

    decision: str
    value: Any
    """Single output: a value; several: {name: value}; a list of these where the policy collects; None: no rule."""
    rows: tuple[dict[str, Any], ...] = ()
    """The answer of every rule that counts, by output name; one of {name of the decision: value} for a literal."""
    matched: tuple[int, ...] = ()
    """Numbers of the rules that hold, counted from 1."""
    collects: bool = False
    notes: tuple[str, ...] = ()
    """What stands in the record of the step beside the result: values that a column is said not to take."""


def to_plain(decision: Decision) -> dict[str, Any]:
    """A decision as JSON values."""
    return asdict(decision)


def from_plain(plain: dict[str, Any]) -> Decision:
    """The decision that `to_plain` wrote."""
    table, literal, box = plain["table"], plain["literal"], plain.get("box")
    return Decision(
        **{
            **plain,
            "box": _box(box) if box else None,
            "knowledge": tuple(map(_knowledge, plain.get("knowledge", ()))),
            "item_types": _types(plain),
            "imported": tuple((each, name) for each, name in plain.get("imported", ())),
            "imported_inputs": tuple((of, name, kind) for of, name, kind in plain.get("imported_inputs", ())),
            "imports": tuple(plain.get("imports", ())),
            "requires": tuple(plain["requires"]),
            "inputs": tuple((name, kind) for name, kind in plain["inputs"]),
            "table": _table(table) if table else None,
            "literal": _cell(literal) if literal else None,
        }
    )


def _box(plain: dict[str, Any]) -> Box:
    return Box(
        **{
            **plain,
            "cell": _cell(plain["cell"]) if plain["cell"] else None,
            "table": _table(plain["table"]) if plain["table"] else None,
            "parts": tuple(map(_box, plain["parts"])),
            "names": tuple(plain["names"]),
            "types": tuple(plain["types"]),
        }
    )


def _knowledge(plain: dict[str, Any]) -> Knowledge:
    return Knowledge(
        **{
            **plain,
            "parameters": tuple(plain["parameters"]),
            "types": tuple(plain["types"]),
            "body": _box(plain["body"]) if plain["body"] else None,
            "outputs": tuple(plain["outputs"]),
            "decisions": tuple(map(from_plain, plain["decisions"])),
            "path": tuple(plain.get("path", ())),
            "item_types": _types(plain),
        }
    )


def _types(plain: dict[str, Any]) -> tuple[tuple[str, Type], ...]:
    return tuple((name, _type(kind)) for name, kind in plain.get("item_types", ()))


def _type(plain: dict[str, Any]) -> Type:
    return Type(plain["name"], tuple(map(_type, plain["parts"])), tuple(plain["names"]))


def _cell(plain: dict[str, Any], form: Literal["expression", "tests"] = "expression") -> Cell:
    if "form" not in plain:
        return Cell(**read_again(plain, form))
    return Cell(**{**plain, "names": tuple(plain["names"])})


def _table(plain: dict[str, Any]) -> Table:
    return Table(
        hit_policy=plain["hit_policy"],
        inputs=tuple(_input(each) for each in plain["inputs"]),
        outputs=tuple(_output(each) for each in plain["outputs"]),
        rules=tuple(_rule(each) for each in plain["rules"]),
        aggregation=plain["aggregation"],
    )


def _input(plain: dict[str, Any]) -> Input:
    limits = _cell(said, "tests") if (said := plain.get("limits")) else None
    allowed = tuple(plain.get("allowed", ()))
    return Input(**{**plain, "expression": _cell(plain["expression"]), "allowed": allowed, "limits": limits})


def _output(plain: dict[str, Any]) -> Output:
    default = _cell(plain["default"]) if plain["default"] else None
    return Output(**{**plain, "order": tuple(plain["order"]), "default": default})


def _rule(plain: dict[str, Any]) -> Rule:
    tests = tuple(_cell(cell, "tests") for cell in plain["tests"])
    return Rule(tests, tuple(map(_cell, plain["answers"])), plain["annotation"], plain["line"])
