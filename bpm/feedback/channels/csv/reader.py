"""CSV: any delimiter, any usual encoding, decimal comma, BOM, three header rows of survey exports."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from bpm.feedback.channels.fields import Columns, check_mapping, guess, read_record
from bpm.feedback.channels.rows import TOO_LONG, Context, Record, Row, decode, lines
from bpm.feedback.limits import LONGEST_RECORD
from bpm.foundation.errors import InvalidInputError

DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class _Cells:
    """The cells of one record beside what the header says."""

    cells: list[str]
    names: Sequence[str]
    columns: Mapping[str, str]


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The records of the file; `number` is the line on which one starts, the header being line 1."""
    csv.field_size_limit(LONGEST_RECORD)
    reader, names = _open(stream)
    columns = context.columns or guess(names)
    check_mapping(columns)
    if "text" not in columns.values():
        raise InvalidInputError(
            f"No column holds the customer's words; there are {', '.join(names)[:300]}.",
            place="header",
            remedy="Map one of them to text.",
        )
    for number, cells in _without_labels(_numbered(reader)):
        if isinstance(cells, str):
            yield Record(number, problem=cells)
        else:
            yield Record(number, _Cells(cells, names, columns), " | ".join(cells[:50])[:500])


def read(record: Record, context: Context) -> Row:
    """The item that one record tells; InvalidInputError names what does not fit."""
    row: _Cells = record.content
    if len(row.cells) != len(row.names):
        raise InvalidInputError(
            f"It has {len(row.cells)} cells where the header has {len(row.names)}.",
            remedy="Put texts that hold the delimiter into quotes.",
        )
    built = read_record(dict(zip(row.names, row.cells, strict=True)), Columns(row.columns), context)
    return Row(record.number, built.item, raw=record.raw, warnings=built.warnings)


def columns(stream: BinaryIO) -> list[str]:
    """The names in the header."""
    return _open(stream)[1]


class _Lines:
    """Lines as text; UTF-16 by its mark, else each by itself, so that one odd byte spoils one row."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.too_long = False
        """Whether a line was left out, since this was last set to False."""

    def __iter__(self) -> Iterator[str]:
        start = self._stream.peek(4)[:4] if isinstance(self._stream, io.BufferedReader) else b""
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from io.TextIOWrapper(self._stream, "utf-16", errors="replace", newline="")
            return
        for number, line in lines(self._stream):
            self.too_long = self.too_long or line is None
            data = b"\n" if line is None else line
            yield decode(data.removeprefix(codecs.BOM_UTF8) if number == 1 else data)


class _Reader:
    """A csv reader that knows on which line the record it gives next starts; a text says why one cannot be read."""

    def __init__(self, head: str, rest: Iterator[str], source: _Lines) -> None:
        self._reader = csv.reader(chain([head], rest), delimiter=_delimiter(head))
        self._source = source

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while True:
            number = self._reader.line_num + 1
            self._source.too_long = False
            try:
                cells: list[str] | str = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells = f"The line cannot be read: {error}. Save the file as CSV again."
            yield number, TOO_LONG if self._source.too_long else cells


def _open(stream: BinaryIO) -> tuple[_Reader, list[str]]:
    source = _Lines(stream)
    text = iter(source)
    head = next(text, "")
    if source.too_long:
        raise InvalidInputError(
            "The header is too long.", place="line 1", remedy="Choose a file with a header and rows."
        )
    if not head.strip():
        raise InvalidInputError("The file is empty.", place="line 1", remedy="Choose a file with a header and rows.")
    reader = _Reader(head, text, source)
    _, names = next(iter(reader))
    if isinstance(names, str):
        raise InvalidInputError(f"The header cannot be read: {names}.", place="line 1", remedy="Save the file as CSV.")
    return reader, [name.strip() or f"column {place}" for place, name in enumerate(names, 1)]


def _delimiter(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _numbered(reader: _Reader) -> Iterator[tuple[int, list[str] | str]]:
    return ((number, cells) for number, cells in reader if cells)


def _without_labels(
    rows: Iterator[tuple[int, list[str] | str]],
) -> Iterator[tuple[int, list[str] | str]]:
    """Leaves out the second and third header row of survey exports (question text, then import ids)."""
    first = list(islice(rows, 2))
    if len(first) == 2 and any(cell.startswith('{"ImportId"') for cell in first[1][1] if isinstance(first[1][1], list)):
        first = []
    yield from first
    yield from rows
