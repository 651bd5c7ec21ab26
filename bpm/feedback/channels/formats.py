"""Every format that items come in, by name; one folder each with its code and samples.

Foreign bytes: everything here runs in the child process that reads files (see bpm.feedback.reader_child).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bpm.feedback.channels import csv, feed, json, mbox, webvtt, xlsx
from bpm.feedback.channels.rows import Context, Record, Row
from bpm.foundation.errors import InvalidInputError


@dataclass(frozen=True)
class Format:
    """How a file of one kind is read; `channel` is meant when nobody says another (empty: its content tells).

    `cut` gives the records of a file one after the other, `read` what one of them says.
    """

    name: str
    label: str
    channel: str
    suffixes: tuple[str, ...]
    cut: Callable[[BinaryIO, Context], Iterator[Record]]
    read: Callable[[Record, Context], Row]
    columns: Callable[[BinaryIO], list[str]]
    unit: str = "row"
    """What people count in such a file: `row 3`, `line 7`, `message 12`."""
    mapping: Callable[[BinaryIO, Context], dict[str, str]] | None = None
    """Each column -> field, guessed by its values, too; None: by names alone."""

    def parse(self, stream: BinaryIO, context: Context) -> Iterator[Row]:
        """All rows of a file."""
        return (self.row_of(record, context) for record in self.cut(stream, context))

    def row_of(self, record: Record, context: Context) -> Row:
        """What one record says; whatever goes wrong in reading it is its own error and nobody else's."""
        if record.problem:
            return Row(record.number, reason=record.problem, raw=record.raw)
        try:
            return self.read(record, context)
        except Exception as error:  # noqa: BLE001 -- foreign bytes find faults that nobody foresaw
            return Row(record.number, reason=reason_of(error), raw=record.raw)


_MEND = "Mend it in the file and import that again: what is in already is not taken twice."


def reason_of(error: Exception) -> str:
    """Why a record cannot be read, with the remedy."""
    if isinstance(error, InvalidInputError):
        return str(error)
    if isinstance(error, RecursionError):
        return f"It is nested too deeply to be read. {_MEND}"
    if isinstance(error, MemoryError):
        return f"Reading it needs more memory than allowed. {_MEND}"
    return f"It cannot be read: {type(error).__name__}: {str(error)[:200]}. {_MEND}"


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "CSV table", "", (".csv", ".tsv", ".tab"), csv.cut, csv.read, csv.columns, mapping=csv.mapping),
        Format(
            "xlsx",
            "Excel workbook",
            "",
            (".xlsx", ".xlsm", ".xls", ".ods"),
            xlsx.cut,
            xlsx.read,
            xlsx.columns,
            mapping=xlsx.mapping,
        ),
        Format("json", "JSON (any source)", "", (".json", ".js"), json.cut, json.read, json.columns, "entry"),
        Format("jsonl", "JSON Lines", "", (".jsonl", ".ndjson"), json.cut, json.read, json.columns, "line"),
        Format("mastodon", "Mastodon (JSON)", "social", (), json.cut, json.read_statuses, json.columns, "entry"),
        Format("feed", "Feed (RSS, Atom)", "social", (".rss", ".atom"), feed.cut, feed.read, feed.columns, "entry"),
        Format("mbox", "Mail (mbox, EML)", "email", (".mbox", ".eml"), mbox.cut, mbox.read, mbox.columns, "message"),
        Format(
            "webvtt",
            "Call transcript (WebVTT, SRT, SBV, text)",
            "call",
            (".vtt", ".srt", ".sbv", ".txt"),
            webvtt.cut,
            webvtt.read,
            webvtt.columns,
            "transcript",
        ),
    )
}


def get_format(name: str) -> Format:
    """The format of that name, or InvalidInputError."""
    if name not in FORMATS:
        raise InvalidInputError(f"{name!r} is no format.", place="format", remedy=f"Use one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def guess_format(file_name: str, beginning: bytes = b"") -> str | None:
    """The format that a file's beginning tells, or its name; `.gz` at its end does not matter."""
    plain = file_name.lower().removesuffix(".gz")
    named = next((name for name, each in FORMATS.items() if each.suffixes and plain.endswith(each.suffixes)), None)
    if json.looks_like_json(beginning):
        lines = json.is_lines(beginning) or (named == "jsonl" and beginning.lstrip()[:1] == b"{")
        return "jsonl" if lines else "json"
    if feed.looks_like_feed(beginning):
        return "feed"
    return "csv" if plain.endswith(".txt") and csv.looks_like_table(beginning) else named
