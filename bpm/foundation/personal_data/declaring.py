"""How each room declares, as data, what its columns hold of customers: erased in which way, or free of them and why.

A test walks the schema: a column of text, JSON or bytes that no room declared fails it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class How(StrEnum):
    """What becomes of a value that tells of an erased person."""

    BLANK = "blank"
    """Nothing is left: NULL where the column allows it, else an empty text, list or object."""
    WORDS = "words"
    """`[erased]` stands where something stood."""
    KEY = "key"
    """`erased`, and the row's id: it must stay unique."""
    STRIP = "strip"
    """Every text within a JSON value goes; numbers, and thereby figures, stay."""
    SCRUB = "scrub"
    """What tells of the person goes; the rest of the value stays."""
    STATE = "state"
    """The engine's own: texts within it are scrubbed."""
    ROOM = "room"
    """The room does it itself (the audit trail: values go with their salt)."""


@dataclass(frozen=True)
class Rows:
    """Rows whose column `by` is an id of the person's things of this kind, `only` where another column is that."""

    of: Literal["customer", "item", "conversation", "case", "attachment"]
    by: str
    only: tuple[str, str] | None = None


@dataclass(frozen=True)
class TableData:
    """What one table holds: columns erased (how), columns free of customers (why), and which rows are a person's.

    Without `rows` a row is a person's when a value in it tells of them. `deleted`: the rows go as a whole.
    """

    free: Mapping[str, str] = field(default_factory=dict)
    erased: Mapping[str, How] = field(default_factory=dict)
    rows: tuple[Rows, ...] = ()
    deleted: bool = False


def free(because: str, columns: str) -> dict[str, str]:
    """These columns (by blanks) with the reason why none holds anything of a customer."""
    return dict.fromkeys(columns.split(), because)
