"""A form as plain frozen values: sections of fields, each with its kind, limits and when it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "text", "long text", "email", "link", "number", "integer", "money", "yes-no", "check", "choice", "many", "date",
    "time", "date-time", "duration", "file", "lines", "group", "list", "note",
    "computed", "table",
]  # fmt: skip
"""yes-no: two radio buttons, so that no answer is told from no; check: a box, off means no; lines: texts, one a line;
group: fields that become one object; list: rows of fields; note: text to read, which asks for nothing; computed: worked
out from the rest; table: rows to read, by columns."""

KINDS: frozenset[str] = frozenset(Kind.__args__)  # type: ignore[attr-defined]  # what Literal keeps its words in


@dataclass(frozen=True)
class Option:
    """One of the values that may be chosen."""

    value: Any
    label: str


@dataclass(frozen=True)
class Limits:
    """What a value has to keep to; lengths in characters, or in items of a list."""

    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    below: float | None = None
    step: float | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str = ""
    fewest: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Field:
    """One field. `name` is the variable that it sets, "" for a note."""

    name: str
    kind: Kind
    label: str
    help: str = ""
    default: Any = None
    required: bool = False
    read_only: bool = False
    """What the process knows is shown and kept."""
    limits: Limits = Limits()
    options: tuple[Option, ...] = ()
    options_from: str = ""
    """Expression that comes to the options: a list of values, or of objects with `label` and `value`."""
    visible_if: tuple[str, ...] = ()
    """Expressions that say their language; any that holds shows the field. None: always shown."""
    hidden_if: tuple[str, ...] = ()
    """Any that holds hides it."""
    read_only_if: str = ""
    value_from: str = ""
    """Expression that works the value out, over the form and what the process knows."""
    prefix: str = ""
    suffix: str = ""
    fields: tuple["Field", ...] = ()
    """Of a group, or of each row of a list; of lines that are numbers one without a name."""


@dataclass(frozen=True)
class Section:
    """Fields that stand together under a heading, "" for none."""

    fields: tuple[Field, ...]
    title: str = ""
    visible_if: tuple[str, ...] = ()
    hidden_if: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """What a person is asked."""

    sections: tuple[Section, ...]
    title: str = ""
    id: str = ""
    """The id by which a model may name it, beside the name of its file."""
    suggested: bool = False
    """Made from what the model reads next, because the model has no form: other variables may come, too."""

    def fields(self) -> Iterator[Field]:
        """The fields of all sections, in order."""
        for section in self.sections:
            yield from section.fields
