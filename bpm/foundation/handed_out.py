"""Flat rows as files that people and programs open: JSON Lines, CSV, Excel workbooks; row by row.

A text in a table never begins a formula: one that starts with = + - @ or a tab, behind quotes and spaces, too, gets an
apostrophe before it (OWASP, CSV Injection).
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson

LONGEST_CELL = 32_767
"""Characters of a cell that Excel takes."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_line(row: Mapping[str, Any]) -> bytes:
    """The row as one JSON object and a line break; instants in UTC with Z."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z)


def csv_row(cells: Iterator[Any] | list[Any]) -> bytes:
    """The cells as a line of CSV (RFC 4180), safe from formulas."""
    line = io.StringIO()
    csv.writer(line).writerow([safe(cell) for cell in cells])
    return line.getvalue().encode("utf-8", "replace")


def safe(value: Any) -> Any:
    """A value as a cell: instants in ISO 8601, no text that a spreadsheet would run."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.lstrip(" '\"").startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


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
