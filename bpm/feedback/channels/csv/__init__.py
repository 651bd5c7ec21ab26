"""CSV: any delimiter, any usual encoding, decimal comma, BOM, three header rows of survey exports."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO

from bpm.errors import InvalidInputError
from bpm.feedback.channels.fields import build, check_mapping, guess
from bpm.feedback.channels.rows import LONGEST_RECORD, Context, Row, decode, lines

DELIMITERS = ",;\t|"


def parse(stream: BinaryIO, context: Context) -> Iterator[Row]:
    """The rows of the file; `number` is the line on which the record starts, the header being line 1."""
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
    numbered = _numbered(reader)
    for number, cells in _without_labels(numbered):
        yield _row(number, cells, names, columns, context)


def columns(stream: BinaryIO) -> list[str]:
    """The names in the header."""
    return _open(stream)[1]


class _Reader:
    """A csv reader that knows on which line the record it gives next starts."""

    def __init__(self, source: Iterable[str], delimiter: str) -> None:
        self._reader = csv.reader(source, delimiter=delimiter)

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while True:
            number = self._reader.line_num + 1
            try:
                yield number, next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield number, str(error)


def _open(stream: BinaryIO) -> tuple[_Reader, list[str]]:
    text = _text(stream)
    head = next(text, "")
    if not head.strip():
        raise InvalidInputError("The file is empty.", place="line 1", remedy="Choose a file with a header and rows.")
    reader = _Reader(chain([head], text), _delimiter(head))
    _, names = next(iter(reader))
    if isinstance(names, str):
        raise InvalidInputError(f"The header cannot be read: {names}.", place="line 1", remedy="Save the file as CSV.")
    return reader, [name.strip() or f"column {place}" for place, name in enumerate(names, 1)]


def _text(stream: BinaryIO) -> Iterator[str]:
    """Lines as text; UTF-16 by its mark, else each line by itself, so that one odd byte spoils one row."""
    start = stream.peek(4)[:4] if isinstance(stream, io.BufferedReader) else b""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from io.TextIOWrapper(stream, "utf-16", errors="replace", newline="")
        return
    for number, line in lines(stream):
        data = b"\n" if line is None else line
        yield decode(data.removeprefix(codecs.BOM_UTF8) if number == 1 else data)


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


def _row(number: int, cells: list[str] | str, names: Sequence[str], columns: dict[str, str], context: Context) -> Row:
    if isinstance(cells, str):
        return Row(number, reason=f"The line cannot be read: {cells}.")
    raw = " | ".join(cells)[:500]
    if len(cells) != len(names):
        return Row(number, reason=f"It has {len(cells)} cells where the header has {len(names)}.", raw=raw)
    try:
        return Row(number, build(dict(zip(names, cells, strict=True)), columns, context), raw=raw)
    except InvalidInputError as error:
        return Row(number, reason=str(error), raw=raw)
