"""The kinds of what goes out: a closed list kept as data, with its change log; all but one are automatic."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

from bpm.feedback.status import MessageKind

FILE = Path(__file__).with_name("kinds.json")


@dataclass(frozen=True)
class KindRow:
    """One kind: whether it needs no author, and what its customers read below it."""

    name: MessageKind
    automatic: bool
    label: str
    about: str


@dataclass(frozen=True)
class KindChange:
    """When the list was changed, how, and on whose word."""

    on: str
    what: str
    by: str


@cache
def message_kinds() -> dict[str, KindRow]:
    """Name -> kind; the list of the file is the list of the database."""
    rows = [row | {"name": MessageKind(row["name"])} for row in orjson.loads(FILE.read_bytes())["kinds"]]
    return {str(row["name"]): KindRow(**row) for row in rows}


def automatic_kinds() -> tuple[str, ...]:
    """Names of the kinds that need no author."""
    return tuple(name for name, kind in message_kinds().items() if kind.automatic)


def kind_changes() -> tuple[KindChange, ...]:
    """The change log of the list, the oldest first."""
    return tuple(KindChange(**row) for row in orjson.loads(FILE.read_bytes())["changes"])


def labelled(kind: str, text: str) -> str:
    """The words with the label that says they are automatic; a conversation stays as it is. Twice is once."""
    label = message_kinds()[kind].label
    return text if not label or text.rstrip().endswith(label) else f"{text.rstrip()}\n\n{label}"
