"""What a channel is given and what it gives back: one row at a time, a bad row never stops the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from bpm.feedback.limits import LONGEST_RECORD
from bpm.feedback.raw_item import RawItem


@dataclass(frozen=True)
class Context:
    """What is known about a file before it is read.

    `mapping` maps a column or field of the file to a field of RawItem; names that start with `_` are options of the
    format (`_own`: the company's own addresses and accounts, `_agents`, `_customers`: speakers, `_date_order`: `dmy`,
    `mdy` or `ymd`, `_zone`: an IANA name for times that tell no zone, `_said_at`: when a file that does not say was
    said; `_everything`: what is nobody's voice is read as an item, for a person who wants it all the same).
    """

    channel: str
    source: str
    file_name: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)

    def option(self, name: str) -> str:
        return self.mapping.get(f"_{name}", "").strip()

    def names(self, option: str) -> frozenset[str]:
        """An option that lists names, in lower case: one a line (names may hold commas then) or with commas between.

        A name that holds a comma itself ("Doe, Jane") is found as a whole there, too.
        """
        written = self.mapping.get(f"_{option}", "")
        parts = written.split("\n") if "\n" in written else [written, *written.split(",")]
        return frozenset(part.strip().lower() for part in parts if part.strip())

    @property
    def columns(self) -> dict[str, str]:
        """The mapping without options."""
        return {column: name for column, name in self.mapping.items() if not column.startswith("_")}


@dataclass(frozen=True)
class Record:
    """One record cut from a file and not read yet; `content` is what its format's `read` takes.

    Cutting costs the record's length at most, so that records known already are passed over cheaply.
    """

    number: int
    content: Any = None
    raw: str = ""
    problem: str = ""
    """Why it cannot even be cut out; then there is no content."""


@dataclass(frozen=True)
class DeliveryReport:
    """What the other side says became of a message of ours; `remote_id` names it as the sending was told.

    `state` is delivered, temporary_failure or permanent_failure; `why` is in the words of the other side.
    """

    remote_id: str
    state: str
    why: str = ""
    recipient: str = ""
    is_ours: bool = True
    """Whether it bears our key, or names the message in a way that only ours are named."""


OWN_KEY = "earshot_key"
"""Name of the attribute by which a message of ours is known again in a help desk."""


@dataclass(frozen=True)
class Row:
    """One record of a file: an item, or the reason why there is none.

    `ignored` says why a well-formed record is nobody's voice (an automatic reply, the company's own post); an `item`
    beside it is what a person may take in all the same.
    `reason` says what is wrong with a bad one. `warnings` name what of an item could not be used (a date that cannot
    be read, a score in words): an odd cell costs the cell, not the answer.
    """

    number: int
    item: RawItem | None = None
    reason: str = ""
    ignored: str = ""
    raw: str = ""
    warnings: tuple[str, ...] = ()
    reports: tuple[DeliveryReport, ...] = ()
    """What a record that is nobody's voice tells of messages of ours."""


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file with their 1-based numbers; None stands for one over LONGEST_RECORD."""
    number = 0
    while line := stream.readline(LONGEST_RECORD):
        number += 1
        if len(line) < LONGEST_RECORD or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := stream.readline(LONGEST_RECORD)) and not rest.endswith(b"\n"):
            pass
        yield number, None


TOO_LONG = f"It is longer than {LONGEST_RECORD // 1_000_000} MB. Split it, then import the file again."
"""What is said of a record over LONGEST_RECORD."""


def beginning(data: bytes) -> str:
    """How a record begins, for the report."""
    return data[:500].decode("utf-8", "replace").strip()


def decode(data: bytes) -> str:
    """Text of unknown encoding: UTF-8 when it is, else Windows-1252 (what spreadsheets write)."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
