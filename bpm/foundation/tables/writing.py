"""Flat rows as files that people and programs open: JSON Lines, CSV, Excel workbooks; row by row."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import orjson

from bpm.foundation.tables.cells import csv_line, safe

_BREAKS = tuple((sign.encode(), rb"\u%04x" % ord(sign)) for sign in "\x85\u2028\u2029")

LONGEST_CELL = 32_767
"""Characters of a cell that Excel takes."""


def json_line(row: Mapping[str, Any]) -> bytes:
    """The row as one JSON object and a line break; instants in UTC with Z.

    Signs that some readers take for line breaks are escaped, so that one line stays one.
    """
    line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)
    if line.isascii():
        return line
    for sign, escaped in _BREAKS:
        line = line.replace(sign, escaped)
    return line


def csv_row(cells: Iterator[Any] | list[Any]) -> bytes:
    """The cells as a line of CSV in UTF-8."""
    return csv_line(cells).encode("utf-8", "replace")


def write_lines(rows: Iterator[dict[str, Any]], out: BinaryIO) -> None:
    out.writelines(json_line(row) for row in rows)


def write_csv(rows: Iterator[dict[str, Any]], out: BinaryIO) -> None:
    """The header is written with the first row; no rows are an empty file."""
    for number, row in enumerate(rows):
        if number == 0:
            out.write(csv_row(list(row)))
        out.write(csv_row(list(row.values())))


def write_xlsx(rows: Iterator[dict[str, Any]], out: BinaryIO) -> None:
    """A workbook with one sheet; rows wait in a temporary file, not in memory."""
    from openpyxl import Workbook  # only who asks for a workbook pays for it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Earshot")
    for number, row in enumerate(rows):
        if number == 0:
            sheet.append(list(row))
        sheet.append([_excel(value) for value in row.values()])
    book.save(out)


def _excel(value: Any) -> Any:
    cell = safe(value)
    return _without_controls(cell)[:LONGEST_CELL] if isinstance(cell, str) else cell


def _without_controls(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")
