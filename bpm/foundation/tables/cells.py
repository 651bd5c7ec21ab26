"""Cells that no spreadsheet runs: a text that begins as a formula does gets an apostrophe (OWASP, CSV Injection)."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
"""What a cell of text must not begin with, behind quotes and spaces, too."""


def safe(value: Any) -> Any:
    """A value as a cell: instants in ISO 8601 with Z, no text that a spreadsheet would run; None is empty."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.lstrip(" '\"").startswith(_LIVE):
        return f"'{value}"
    return "" if value is None else value


def csv_line(cells: Iterable[Any]) -> str:
    """The cells as a line of CSV (RFC 4180), each in quotes and safe."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([safe(cell) for cell in cells])
    return line.getvalue()
